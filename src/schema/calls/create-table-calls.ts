import type { SchemaPair } from '../change.ts';
import type { Snapshot, Table, TableItem } from '../snapshot.ts';
import { columnCall, incrementsCall } from './column-calls.ts';
import { itemFields } from './constraint-fields.ts';
import { createKeyCall, isPlainKey } from './index-calls.ts';
import { commentOf, optionsOf } from './options.ts';
import {
  block,
  call,
  fields,
  isFields,
  opCall,
  textOf,
  textsOf,
  type Call,
  type Fields,
} from '../../support/typescript-text.ts';
import { serialKeyOf, type SerialKey } from './serial-key.ts';
import { NoPlainCall } from './sql-cursor.ts';

type Dialect = Snapshot['dialect'];

/** `op.createTable`, and what knex has no words for inside of it behind. */
export function createTableCalls(table: Table, schemas: SchemaPair): readonly Call[] {
  const { dialect } = schemas.to;
  const { 'ROW LEVEL SECURITY': security, 'FORCE ROW LEVEL SECURITY': forced, ...options } = table.options;
  const key = table.items.find(({ kind }) => kind === 'primaryKey');
  const numbered = dialect === 'postgresql' ? serialKeyOf(table, schemas) : numberedKeyOf(table, dialect);
  refuseSecondKey(table, dialect);
  const inside: Call[] = table.columns.map((column) =>
    column.name === numbered?.column ? numbered.call : columnCall(column, dialect),
  );
  const behind: Call[] = [];
  for (const item of table.items) {
    if (item.written?.column != null || (item === key && numbered !== null)) continue;
    const line = itemCall(item, dialect);
    if (line !== null) inside.push(line);
    else if (dialect === 'mysql' && item.kind !== 'check') behind.push(createKeyCall(table, item));
    else if (dialect === 'sqlite') throw new NoPlainCall('a key of SQLite');
    else behind.push(opCall('addConstraint', textOf(table.name), itemFields(item), optionsOf(table.schema)));
  }
  if (security !== undefined || forced !== undefined) {
    behind.push(rowSecurity(table, security === undefined ? undefined : true, forced === undefined ? undefined : true));
  }
  return [
    opCall('createTable', textOf(table.name), block('t', [...inside, ...settings(options)]), optionsOf(table.schema)),
    ...behind,
  ];
}

/** A key that the database numbers by itself. */
function numberedKeyOf({ columns, items }: Table, dialect: Dialect): SerialKey | null {
  const key = items.find(({ kind }) => kind === 'primaryKey');
  const column = columns.find(({ name }) => name === key?.columns.join());
  const numbered = column === undefined ? null : incrementsCall(column, dialect);
  return column === undefined || numbered === null ? null : { column: column.name, call: numbered };
}

/** MySQL numbers only what is a key in the CREATE TABLE itself, where knex puts no other key than the first. */
function refuseSecondKey({ columns, items }: Table, dialect: Dialect): void {
  const numbered = columns.find(({ identity }) => identity !== null)?.name;
  const [first] = items.find(({ kind }) => kind === 'primaryKey')?.columns ?? [];
  if (dialect === 'mysql' && numbered !== undefined && numbered !== first) throw new NoPlainCall('a numbered column');
}

/** Options are the database's own words, but for the few that knex has words for. */
function settings({
  ENGINE: engine,
  'DEFAULT CHARSET': charset,
  COLLATE: collation,
  COMMENT: comment,
  ...others
}: Table['options']): readonly Call[] {
  if (Object.keys(others).length > 0) throw new NoPlainCall('options of a table');
  return [
    ...(engine === undefined ? [] : [call('t', 'engine', textOf(engine))]),
    ...(charset === undefined ? [] : [call('t', 'charset', textOf(charset))]),
    ...(collation === undefined ? [] : [call('t', 'collate', textOf(collation))]),
    ...(comment === undefined ? [] : [call('t', 'comment', textOf(commentOf(comment)))]),
  ];
}

/** `op.setRowSecurity`; undefined for what it leaves as it is. */
export function rowSecurity({ name, schema }: Table, enabled: boolean | undefined, forced: boolean | undefined): Call {
  const told = (value: boolean | undefined): string | undefined => (value === undefined ? undefined : String(value));
  return opCall('setRowSecurity', textOf(name), optionsOf(schema, { enabled: told(enabled), forced: told(forced) }));
}

/** A key or a check in the middle of a createTable; null for one that knex has no words for there. */
function itemCall(item: TableItem, dialect: Dialect): Call | null {
  const { kind, name, columns } = item;
  if (kind === 'check') {
    const told = new Map(itemFields(item).entries);
    const expression = told.get('expression');
    if (typeof expression !== 'string' || /\?/.test(expression) || told.has('notValid') || !/^\w*$/.test(name ?? ''))
      return null;
    return call('t', 'check', expression, ...(name === null ? [] : ['{}', textOf(name)]));
  }
  if (dialect === 'sqlite') return sqliteItem(item);
  if (!isPlainKey(item, dialect) || name === null) return null;
  const named = (key: string): Fields => fields({ [key]: textOf(name) });
  switch (kind) {
    case 'primaryKey':
      return call('t', 'primary', textsOf(columns), ...(dialect === 'mysql' ? [] : [named('constraintName')]));
    case 'unique':
      return call('t', 'unique', textsOf(columns), named('indexName'));
    case 'index':
      return call('t', 'index', textsOf(columns), textOf(name));
    default:
      return null;
  }
}

/** What knex calls a unique constraint is an index on SQLite. */
function sqliteItem(item: TableItem): Call | null {
  const told = new Map(itemFields(item).entries);
  const named = item.name === null ? [] : [textOf(item.name)];
  if (item.kind === 'primaryKey') {
    return call('t', 'primary', told.get('columns') ?? [], ...named.map((name) => fields({ constraintName: name })));
  }
  const references = told.get('references');
  if (item.kind !== 'foreignKey' || !isFields(references)) return null;
  const target = new Map(references.entries);
  if (!target.has('columns') || told.has('deferrable') || told.has('initiallyDeferred')) return null;
  const { root, links } = call('t', 'foreign', told.get('columns') ?? [], ...named);
  const [onDelete, onUpdate] = [told.get('onDelete'), told.get('onUpdate')];
  return {
    root,
    links: [
      ...links,
      ['references', [target.get('columns') ?? []]],
      ['inTable', [target.get('table') ?? '']],
      ...(onDelete === undefined ? [] : ([['onDelete', [onDelete]]] as const)),
      ...(onUpdate === undefined ? [] : ([['onUpdate', [onUpdate]]] as const)),
    ],
  };
}
