import type { Composite, Domain, SchemaObject, Table, TableItem } from '../../../schema/snapshot.ts';
import { literal } from '../literal.ts';
import { quoteIdentifier, quoteTable } from '../quote.ts';
import { sequenceText } from './snapshot-sequences.ts';

/** The statements that create an object. */
export function createObject(object: SchemaObject): readonly string[] {
  switch (object.kind) {
    case 'table':
      return createTable(object);
    case 'sequence': {
      const options = sequenceText(object.options);
      return [`CREATE SEQUENCE ${quoteTable(object)}${options === '' ? '' : ` ${options}`}`];
    }
    case 'enum':
      return [`CREATE TYPE ${quoteTable(object)} AS ENUM (${object.values.map((value) => literal(value)).join(', ')})`];
    case 'domain':
      return [createDomain(object)];
    case 'composite':
      return [createComposite(object)];
    default:
      return object.definition;
  }
}

/** What cannot stand in a CREATE TABLE comes behind it: a constraint that is not valid yet, most options. */
function createTable(table: Table): readonly string[] {
  const name = quoteTable(table);
  const inside = table.items.filter(
    (item, i) => !isNotValid(item.definition) && !isTwin(item, table.items.slice(0, i)),
  );
  const parts = [
    ...table.columns.map((column) => `${quoteIdentifier(column.name)} ${column.definition}`),
    ...inside.map(({ definition }) => definition),
  ];
  const { options } = table;
  const storage = Object.entries(options).flatMap(([key, value]) =>
    key.startsWith('SET ') ? [`${key.slice(4)}=${value}`] : [],
  );
  const create = [
    `CREATE ${options['UNLOGGED'] === undefined ? '' : 'UNLOGGED '}TABLE ${name} (${parts.map((part) => `\n  ${part}`).join(',')}\n)`,
    ...(options['INHERITS'] === undefined ? [] : [`INHERITS ${options['INHERITS']}`]),
    ...(options['PARTITION BY'] === undefined ? [] : [`PARTITION BY ${options['PARTITION BY']}`]),
    ...(options['USING'] === undefined ? [] : [`USING ${options['USING']}`]),
    ...(storage.length === 0 ? [] : [`WITH (${storage.join(', ')})`]),
  ].join(' ');
  return [
    create,
    ...table.items.filter((item) => !inside.includes(item)).map((item) => `ALTER TABLE ${name} ADD ${item.definition}`),
    ...Object.entries(options).flatMap(([key, value]) => setOption(name, key, value)),
  ];
}

/** Of two keys on the same columns in one CREATE TABLE the server makes a single one. */
function isTwin({ kind, columns }: TableItem, before: readonly TableItem[]): boolean {
  const isKey = (one: TableItem['kind']): boolean => one === 'primaryKey' || one === 'unique';
  return isKey(kind) && before.some((one) => isKey(one.kind) && one.columns.join() === columns.join());
}

export function isNotValid(definition: string): boolean {
  return definition.endsWith(' NOT VALID');
}

/** The statement that sets an option that CREATE TABLE does not. */
export function setOption(table: string, key: string, value: string): readonly string[] {
  if (key === 'ROW LEVEL SECURITY') return [`ALTER TABLE ${table} ${value} ${key}`];
  if (key === 'FORCE ROW LEVEL SECURITY') return [`ALTER TABLE ${table} ${key}`];
  if (/^(?:ALTER COLUMN|REPLICA IDENTITY|CLUSTER|OF)\b/.test(key))
    return [`ALTER TABLE ${table} ${key} ${value}`.trimEnd()];
  return [];
}

function createDomain({ type, nullable, default: value, checks, ...domain }: Domain): string {
  return [
    `CREATE DOMAIN ${quoteTable(domain)} AS ${type}`,
    ...(value === null ? [] : [`DEFAULT ${value}`]),
    ...(nullable ? [] : ['NOT NULL']),
    ...checks.map(({ name, definition }) => `CONSTRAINT ${quoteIdentifier(name)} ${definition}`),
  ].join(' ');
}

function createComposite({ attributes, ...type }: Composite): string {
  const list = attributes.map((attribute) => `${quoteIdentifier(attribute.name)} ${attribute.type}`);
  return `CREATE TYPE ${quoteTable(type)} AS (${list.join(', ')})`;
}
