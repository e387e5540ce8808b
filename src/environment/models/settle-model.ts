import type { Field, Key, Model, Reference } from './model.ts';
import type { Mistake, WrittenField, WrittenModel } from './written-model.ts';

/** A model that may still refer to others by what they are called. */
export interface SettledModel extends Omit<Model, 'references'> {
  readonly references: readonly OpenReference[];
  /** A field of each, which has the type of the key it refers to. */
  readonly relations: readonly OpenRelation[];
}

/** `to` is null for the primary key; `path` leads to where it is written. */
export interface OpenReference extends Omit<Reference, 'to'> {
  readonly to: string | null;
  readonly path: Mistake['path'];
}

/** A `many_to_one`. */
export interface OpenRelation {
  readonly field: string;
  /** Name of the other model. */
  readonly target: string;
  /** `users.id`, or null for the primary key of the target. */
  readonly foreignKey: string | null;
  readonly path: Mistake['path'];
}

/** Fills in what a model leaves out. Mistakes are told to `report`; what is made is of no use then. */
export function settleModel(written: WrittenModel, where: string, report: (mistake: Mistake) => void): SettledModel {
  const entries = Object.entries(written.fields);
  const primaries = entries.filter(([, { primary }]) => primary === true);
  const fields = entries.map(([name, field]) => settleField(name, field, primaries.length, report));
  const added = [
    ...(written.timestamps === true ? ['created_at', 'updated_at'].map((name) => momentField(name, true)) : []),
    ...(written.soft_delete === true ? [momentField('deleted_at', false)] : []),
  ].filter(({ name }) => !Object.hasOwn(written.fields, name));
  if (entries.length === 0) report({ path: ['fields'], message: 'must have at least one field' });
  return {
    table: written.table,
    name: written.name ?? written.table,
    renamedFrom: written.renamed_from ?? null,
    description: written.description ?? null,
    fields: [...fields, ...added],
    keys: [
      ...entries.flatMap(([name, field]) => keysOf(name, field)),
      ...listedKeys(written, [...fields, ...added], report),
    ],
    references: entries.flatMap(([name, field]) => referenceOf(name, field)),
    relations: (written.relations ?? []).flatMap(({ type, target, foreign_key }, i) =>
      type === 'many_to_one'
        ? [{ field: `${target.toLowerCase()}_id`, target, foreignKey: foreign_key ?? null, path: ['relations', i] }]
        : [],
    ),
    where,
  };
}

function settleField(name: string, field: WrittenField, primaries: number, report: (mistake: Mistake) => void): Field {
  const path = ['fields', name];
  const isWhole = ['integer', 'smallint', 'bigint'].includes(field.type);
  const isPrimary = field.primary === true;
  const wrong = (key: keyof WrittenField, message: string): void => report({ path: [...path, key], message });
  if (field.required === true && field.nullable === true) wrong('nullable', 'must not be true: the field is required');
  if (isPrimary && (field.nullable === true || field.required === false))
    wrong('primary', 'must not be true for a field that may be left out');
  if (field.max_length !== undefined && field.type !== 'string') wrong('max_length', 'is only for the type string');
  if (field.type !== 'decimal' && field.precision !== undefined) wrong('precision', 'is only for the type decimal');
  if (field.type !== 'decimal' && field.scale !== undefined) wrong('scale', 'is only for the type decimal');
  if (field.type === 'enum' && field.values === undefined) report({ path, message: 'needs values, as an enum' });
  if (field.type !== 'enum' && field.values !== undefined) wrong('values', 'is only for the type enum');
  if (field.auto_increment === true && !(isPrimary && isWhole && primaries === 1))
    wrong('auto_increment', 'is only for a whole number that is the primary key alone');
  return {
    name,
    type: field.type,
    maxLength: field.max_length ?? null,
    precision: field.precision ?? 10,
    scale: field.scale ?? 2,
    values: field.values ?? [],
    isRequired: isPrimary || field.required === true || field.nullable === false,
    isPrimary,
    isNumbered:
      field.auto_increment ??
      (isPrimary && isWhole && primaries === 1 && field.default === undefined && field.references === undefined),
    default: isMoment(field.type) && field.default === 'now' ? now : (field.default ?? null),
    renamedFrom: field.renamed_from ?? null,
    description: field.description ?? null,
  };
}

const now = { sql: 'CURRENT_TIMESTAMP' };

function isMoment(type: string): boolean {
  return type === 'datetime' || type === 'timestamp';
}

function momentField(name: string, isRequired: boolean): Field {
  return {
    name,
    type: 'datetime',
    maxLength: null,
    precision: 0,
    scale: 0,
    values: [],
    isRequired,
    isPrimary: false,
    isNumbered: false,
    default: isRequired ? now : null,
    renamedFrom: null,
    description: null,
  };
}

function keysOf(name: string, { unique, index }: WrittenField): readonly Key[] {
  const key = (kind: Key['kind'], written: boolean | string | undefined): readonly Key[] =>
    written === undefined || written === false
      ? []
      : [{ kind, name: written === true ? null : written, fields: [name] }];
  return [...key('unique', unique), ...key('index', index)];
}

function listedKeys(
  { indexes = [], relations = [] }: WrittenModel,
  fields: readonly Field[],
  report: (mistake: Mistake) => void,
): readonly Key[] {
  const known = new Set([
    ...fields.map(({ name }) => name),
    ...relations.map(({ target }) => `${target.toLowerCase()}_id`),
  ]);
  return indexes.map((written, i) => {
    const { fields: names, unique, name } = Array.isArray(written) ? { fields: written } : written;
    for (const one of names) {
      if (!known.has(one)) report({ path: ['indexes', i], message: `names ${one}, which is no field` });
    }
    return { kind: unique === true ? 'unique' : 'index', name: name ?? null, fields: names };
  });
}

/** `users.id`, `users`, or an object. */
function referenceOf(field: string, { references }: WrittenField): readonly OpenReference[] {
  if (references === undefined) return [];
  const path = ['fields', field, 'references'];
  if (typeof references !== 'string') {
    const { table, field: to, name, on_delete, on_update } = references;
    return [
      {
        field,
        table,
        to: to ?? null,
        name: name ?? null,
        onDelete: on_delete ?? null,
        onUpdate: on_update ?? null,
        path,
      },
    ];
  }
  const [table = '', to] = references.split('.');
  return [{ field, table, to: to ?? null, name: null, onDelete: null, onUpdate: null, path }];
}
