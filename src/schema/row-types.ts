import { byCodePoint } from '../support/text.ts';
import { textLiteral, type Relation, type RelationColumn } from './relation.ts';

/** The types of all rows as a TypeScript module. */
export interface RowTypes {
  readonly text: string;
  /** What knex has no name for: a dot in a name separates schema and table there. In code point order. */
  readonly leftOut: readonly string[];
}

/**
 * A module that augments knex's `Tables`, so that `knex('users')` knows its rows. The same relations give the same text.
 * Tables of the first schema of `searchPath` that has the name go by the name alone, others as `schema.name`.
 */
export function rowTypes(relations: readonly Relation[], searchPath: readonly string[]): RowTypes {
  const nameable = relations.filter(({ schema, name }) => !`${schema ?? ''}${name}`.includes('.'));
  const keys = keysOf(nameable, searchPath);
  const ordered = nameable
    .map((relation) => ({ ...relation, key: keys.get(relation) ?? relation.name }))
    .toSorted((a, b) => byCodePoint(a.key, b.key));
  const taken = new Set<string>();
  const entries: string[] = [];
  const interfaces = ordered.map(({ key, isWritable, columns }) => {
    const name = freeName(key, taken);
    const insert = isWritable ? `${name}Insert` : 'never';
    entries.push(`    ${memberName(key)}: Knex.CompositeTableType<${name}Row, ${insert}>;\n`);
    const row = interfaceText(`${name}Row`, columns.map(readMember));
    return isWritable ? `${row}\n${interfaceText(insert, columns.flatMap(writeMember))}` : row;
  });
  const body = interfaces.join('\n');
  return {
    text: [
      "// Written by `aludel types`: do not edit, write it anew when the schema changes.\nimport type { Knex } from 'knex';\n",
      ...Object.entries(helpers).flatMap(([name, text]) => (new RegExp(`\\b${name}\\b`).test(body) ? [text] : [])),
      ...(body === '' ? [] : [body]),
      `declare module 'knex/types/tables.js' {\n  interface Tables {\n${entries.join('')}  }\n}\n`,
    ].join('\n'),
    leftOut: relations
      .filter((relation) => !nameable.includes(relation))
      .map(({ id }) => id)
      .toSorted(byCodePoint),
  };
}

/** What types of columns refer to. */
const helpers: Readonly<Record<string, string>> = {
  JsonInput: `/** JSON as text, or what the driver writes as JSON. Not a list, of which it would make one of SQL: JSON.stringify it. */
export type JsonInput =
  | string
  | number
  | boolean
  | ((object | { readonly [name: string]: unknown }) & { readonly [Symbol.iterator]?: never });
`,
  Interval: `/** An interval as pg gives it. */
export interface Interval {
  years?: number;
  months?: number;
  days?: number;
  hours?: number;
  minutes?: number;
  seconds?: number;
  milliseconds?: number;
  toPostgres(): string;
}
`,
};

/** The name of each in `Tables`. */
function keysOf(relations: readonly Relation[], searchPath: readonly string[]): ReadonlyMap<Relation, string> {
  const rank = ({ schema }: Relation): number => {
    const at = searchPath.indexOf(schema ?? '');
    return at === -1 ? searchPath.length : at;
  };
  const found = new Map<string, Relation>();
  for (const relation of relations) {
    const other = found.get(relation.name);
    if (other === undefined || rank(relation) < rank(other)) found.set(relation.name, relation);
  }
  return new Map(
    relations.map((relation) => {
      const { schema, name } = relation;
      const isPlain = schema === null || (found.get(name) === relation && searchPath.includes(schema));
      return [relation, isPlain ? name : `${schema}.${name}`];
    }),
  );
}

/** `app.user_roles` as `AppUserRoles`, with a number where two names come to the same. */
function freeName(key: string, taken: Set<string>): string {
  const words = key.split(/[^\p{ID_Continue}]+|_+/u).filter((word) => word !== '');
  const joined = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  const base = /^[\p{ID_Start}]/u.test(joined) ? joined : `Table${joined}`;
  let name = base;
  for (let n = 2; taken.has(name); n++) name = `${base}_${n}`;
  taken.add(name);
  return name;
}

function interfaceText(name: string, members: readonly string[]): string {
  const lines = members.map((member) => `  ${member};\n`).join('');
  return `export interface ${name} {${lines === '' ? '' : '\n'}${lines}}\n`;
}

function readMember({ name, read }: RelationColumn): string {
  return `${memberName(name)}: ${read}`;
}

function writeMember({ name, write, isOptional }: RelationColumn): readonly string[] {
  return write === null ? [] : [`${memberName(name)}${isOptional ? '?' : ''}: ${write}`];
}

function memberName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : textLiteral(name);
}
