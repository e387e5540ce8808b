import type { ObjectKind, Snapshot, Table } from './snapshot.ts';

/** A table, or a column of one, that is to have another name. */
export interface Rename {
  readonly table: Table;
  /** Null when it is the table itself. */
  readonly column: string | null;
  readonly to: string;
}

/**
 * What a rename means in a schema: `users:people`, `app.users:people`, `users.email:users.mail`, `users.email:mail`. Text
 * says why it means nothing.
 */
export function findRename(text: string, schema: Snapshot): Rename | string {
  const [from = '', to = '', ...more] = text.split(':');
  const path = from.split('.');
  const name = to.split('.').at(-1) ?? '';
  if (name === '' || more.length > 0) return 'it is not of the form old:new';
  const table = findTable(path, schema);
  if (table !== null) return { table, column: null, to: name };
  const holder = findTable(path.slice(0, -1), schema);
  const column = holder?.columns.find((one) => one.name === path.at(-1));
  if (holder === null || column === undefined) return `there is no table or column ${from}`;
  return { table: holder, column: column.name, to: name };
}

/** What takes a rename back. */
export function inverseOf(rename: string): string {
  const [from = '', to = ''] = rename.split(':');
  const path = from.split('.');
  const name = to.split('.').at(-1) ?? '';
  return `${[...path.slice(0, -1), name].join('.')}:${path.at(-1)}`;
}

/** A rename as it is written after another one: after `users:people`, `users.email:users.mail` is `people.email:people.mail`. */
export function afterRename(rename: string, other: string): string {
  const [from = '', to = ''] = rename.split(':');
  const path = from.split('.');
  const column = path.pop() ?? '';
  if (path.join('.') !== other.split(':')[0]) return rename;
  const table = inverseOf(other).split(':')[0];
  return `${table}.${column}:${table}.${to.split('.').at(-1)}`;
}

/** What shares its names with tables on any of the databases. */
const namedLikeTables: ReadonlySet<ObjectKind> = new Set([
  'table',
  'virtualTable',
  'view',
  'materializedView',
  'sequence',
  'index',
  'enum',
  'domain',
  'composite',
  'range',
]);

/** Why a new name cannot be given; null when it is free. */
export function takenName({ table, column, to }: Rename, { objects }: Snapshot): string | null {
  if (column !== null) {
    const isTaken = table.columns.some(({ name }) => name === to);
    return isTaken ? `the table ${pathOf(table)} has a column ${to} already` : null;
  }
  const other = objects.find(
    ({ kind, schema, name }) => name === to && schema === table.schema && namedLikeTables.has(kind),
  );
  return other === undefined ? null : `there is a ${other.kind} ${to} already`;
}

/** The table or the column with its new name, and nothing that names it: enough to look for others. */
export function withNewName(schema: Snapshot, { table, column, to }: Rename): Snapshot {
  const renamed: Table =
    column === null
      ? { ...table, name: to }
      : { ...table, columns: table.columns.map((one) => (one.name === column ? { ...one, name: to } : one)) };
  return { ...schema, objects: schema.objects.map((object) => (object === table ? renamed : object)) };
}

/** How a table is written in a rename. */
export function pathOf({ schema, name }: Table): string {
  return schema === null || schema === 'public' ? name : `${schema}.${name}`;
}

/** `users` or `app.users`. */
function findTable(path: readonly string[], { objects }: Snapshot): Table | null {
  const [name, schema] = path.toReversed();
  const tables = objects.filter((object) => object.kind === 'table');
  const found = tables.filter(
    (table) => table.name === name && path.length < 3 && (schema === undefined || table.schema === schema),
  );
  return found.find((table) => table.schema === 'public') ?? found[0] ?? null;
}
