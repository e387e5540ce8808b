import * as v from 'valibot';
import { nearest } from '../../support/text.ts';
import { fieldTypes, referenceActions } from './model.ts';
import { count, flag, text } from '../value-rules.ts';

/** What valibot finds, and where: the keys that lead there. */
export interface Mistake {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

const action = v.optional(v.picklist(referenceActions, `must be ${referenceActions.join(', ')}`));
const flagOrName = v.optional(v.union([flag, text], 'must be true, false or a name'));
const names = v.pipe(v.array(text, 'must be a list of fields'), v.minLength(1, 'must name at least one field'));

const value = v.union(
  [v.string(), v.number(), v.boolean(), v.object({ sql: text })],
  'must be text, a number, true, false or { sql: … }',
);

const reference = v.object(
  { table: text, field: v.optional(text), name: v.optional(text), on_delete: action, on_update: action },
  'must be table.field or { table, field, on_delete, on_update }',
);

/** Where the name of a table ends is not to be seen in a longer one. */
const isShort = (written: string): boolean => written.split('.').length <= 2;
const shortReference = v.pipe(
  text,
  v.check(isShort, 'must be table or table.field; where the name of the table has a dot, { table, field }'),
);

const field = v.object(
  {
    type: v.picklist(fieldTypes, ({ input }) => unknownWord('type', input, fieldTypes)),
    primary: v.optional(flag),
    auto_increment: v.optional(flag),
    required: v.optional(flag),
    nullable: v.optional(flag),
    unique: flagOrName,
    index: flagOrName,
    max_length: v.optional(v.pipe(count, v.minValue(1, 'must be at least 1'))),
    precision: v.optional(v.pipe(count, v.minValue(1, 'must be at least 1'))),
    scale: v.optional(count),
    values: v.optional(
      v.pipe(v.array(text, 'must be a list of texts'), v.minLength(1, 'must have at least one value')),
    ),
    default: v.optional(v.nullable(value)),
    references: v.optional(v.lazy((input) => (typeof input === 'string' ? shortReference : reference))),
    renamed_from: v.optional(text),
    description: v.optional(text),
  },
  'must be an object such as { type: string }',
);

const index = v.object(
  { fields: names, unique: v.optional(flag), name: v.optional(text) },
  'must be a list of fields or { fields, unique, name }',
);

const relationTypes = ['many_to_one', 'one_to_many', 'many_to_many'] as const;
const relation = v.object(
  {
    type: v.picklist(relationTypes, ({ input }) => unknownWord('relation', input, relationTypes)),
    target: text,
    back_populates: v.optional(v.nullable(text)),
    foreign_key: v.optional(v.nullable(v.pipe(text, v.check(isShort, 'must be table.field')))),
  },
  'must be an object such as { type: many_to_one, target: User }',
);

const model = v.object(
  {
    name: v.optional(text),
    table: text,
    fields: v.record(v.string(), field, 'must be an object of fields by name'),
    indexes: v.optional(
      v.array(
        v.lazy((input) => (Array.isArray(input) ? names : index)),
        'must be a list of indexes',
      ),
    ),
    relations: v.optional(v.array(relation, 'must be a list of relations')),
    timestamps: v.optional(flag),
    soft_delete: v.optional(flag),
    renamed_from: v.optional(text),
    description: v.optional(text),
  },
  'must be an object with table and fields',
);

/** A model as it is written. */
export type WrittenModel = v.InferOutput<typeof model>;
export type WrittenField = v.InferOutput<typeof field>;

/** The value as a model; every mistake at once, an unknown key with the nearest known one. */
export function checkModel(
  input: unknown,
): { readonly model: WrittenModel } | { readonly model: null; readonly mistakes: readonly Mistake[] } {
  const result = v.safeParse(model, input);
  const mistakes = [...unknownKeysOf(input), ...(result.issues ?? []).map(mistakeOf)];
  return result.success && mistakes.length === 0 ? { model: result.output } : { model: null, mistakes };
}

function mistakeOf(issue: v.BaseIssue<unknown>): Mistake {
  const path = (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)));
  // Where a key is missing, what is expected is its name in quotes.
  const isMissing = issue.type === 'object' && issue.expected?.startsWith('"') === true;
  return { path, message: isMissing ? 'is missing' : issue.message };
}

/** valibot's strict objects tell only the first unknown key of each object. */
function unknownKeysOf(input: unknown): readonly Mistake[] {
  const written = propertiesOf(input);
  return [
    ...unknownKeys(input, model, []),
    ...Object.entries(propertiesOf(written['fields'])).flatMap(([name, one]) => [
      ...unknownKeys(one, field, ['fields', name]),
      ...unknownKeys(propertiesOf(one)['references'], reference, ['fields', name, 'references']),
    ]),
    ...listOf(written['indexes']).flatMap((one, i) => unknownKeys(one, index, ['indexes', i])),
    ...listOf(written['relations']).flatMap((one, i) => unknownKeys(one, relation, ['relations', i])),
  ];
}

function unknownKeys(
  input: unknown,
  { entries }: { readonly entries: Readonly<Record<string, unknown>> },
  path: Mistake['path'],
): readonly Mistake[] {
  const known = Object.keys(entries);
  return Object.keys(propertiesOf(input))
    .filter((key) => !known.includes(key))
    .map((key) => {
      const near = nearest(key.replaceAll(/(?<=[a-z])(?=[A-Z])|-/g, '_').toLowerCase(), known);
      return {
        path: [...path, key],
        message: near === null ? `is not a key; known are ${known.join(', ')}` : `is not a key; did you mean ${near}?`,
      };
    });
}

function unknownWord(what: string, input: unknown, known: readonly string[]): string {
  const written = typeof input === 'string' ? input : JSON.stringify(input);
  const near = nearest(written, known);
  return `is no ${what}: ${written}; ${near === null ? `known are ${known.join(', ')}` : `did you mean ${near}?`}`;
}

function propertiesOf(input: unknown): Readonly<Record<string, unknown>> {
  return typeof input === 'object' && input !== null && !Array.isArray(input)
    ? Object.fromEntries(Object.entries(input))
    : {};
}

function listOf(input: unknown): readonly unknown[] {
  return Array.isArray(input) ? (input as unknown[]) : [];
}
