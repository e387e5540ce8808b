import type { Column, Snapshot, Table, TableItem } from '../snapshot.ts';
import { columnCall } from './column-calls.ts';
import { itemFields } from './constraint-fields.ts';
import {
  alterColumnCall,
  identityCall,
  isOnlyNumbering,
  modifyColumnCall,
  type AlteredTable,
} from './alter-column-calls.ts';
import { rowSecurity } from './create-table-calls.ts';
import { createKeyCall, isPlainKey } from './index-calls.ts';
import { commentOf, optionsOf } from './options.ts';
import {
  block,
  call,
  fields,
  isFields,
  opCall,
  textOf,
  type Argument,
  type Call,
} from '../../support/typescript-text.ts';
import { NoPlainCall } from './sql-cursor.ts';

type Dialect = Snapshot['dialect'];

/**
 * The changes of a table in one batch, or the call for a single one; keys that are indexes of MySQL's before and behind it.
 * Throws {@link NoPlainCall} when anything else changes.
 */
export function alterTableCalls(table: AlteredTable): readonly Call[] {
  const { from, to, dialect } = table;
  const ofIdentity = identityCall(table);
  if (ofIdentity !== null) return [ofIdentity];
  if (to.options['PARTITION'] !== undefined) throw new NoPlainCall('a partition');
  const going = new Set(from.columns.filter(({ name }) => isGoing(name, table)).map(({ name }) => name));
  const coming = to.columns.filter(
    ({ name }) => going.has(name) || !from.columns.some((column) => column.name === name),
  );
  const items = changedItems(table, going, new Set(coming.map(({ name }) => name)));
  const isAlone = (item: TableItem): boolean => isKeyAlone(item, dialect);
  const staying = to.columns.filter(({ name }) => !going.has(name));
  const modified = staying.filter((column) => modifyColumnCall(column, table) !== null);
  // What is made from others goes before them.
  const dropped = from.columns
    .filter(({ name }) => going.has(name))
    .toSorted((a, b) => Number(a.generated === null) - Number(b.generated === null));
  const changes: readonly Call[] = [
    ...items.lost.filter((item) => !isAlone(item)).map((item) => dropConstraint(item)),
    ...dropped.map(({ name }) => call('batch', 'dropColumn', textOf(name))),
    ...staying.filter((column) => !modified.includes(column)).flatMap((column) => alterColumnCall(column, table) ?? []),
    ...coming.map((column) =>
      call('batch', 'addColumn', block('t', [columnCall(column, dialect, placeOf(column, to, coming, dialect))])),
    ),
    ...items.gained.filter((item) => !isAlone(item)).map((item) => call('batch', 'addConstraint', itemFields(item))),
  ];
  return [
    ...items.lost.filter(isAlone).map((item) => dropKey(to, item)),
    ...modified.flatMap((column) => modifyColumnCall(column, table) ?? []),
    ...batch(to, changes),
    ...items.gained.filter(isAlone).map((item) => createKeyCall(to, item)),
    ...items.validated.map((item) => validate(to, item)),
    ...optionCalls(from, to),
  ];
}

function dropKey(table: Table, { name }: TableItem): Call {
  return opCall('dropIndex', textOf(name ?? ''), fields({ table: textOf(table.name) }));
}

function validate({ name, schema }: Table, item: TableItem): Call {
  return opCall('validateConstraint', textOf(name), textOf(item.name ?? ''), optionsOf(schema));
}

function batch({ name, schema }: Table, changes: readonly Call[]): readonly Call[] {
  const [only, ...others] = changes;
  if (only === undefined) return [];
  if (others.length > 0) return [opCall('batchAlterTable', textOf(name), block('batch', changes), optionsOf(schema))];
  const [[method, args] = ['', []]] = only.links;
  const last = args.at(-1);
  // What the batch is told as the options of a call, a call of its own is told together with the schema.
  const own = method === 'dropConstraint' && isFields(last) ? Object.fromEntries(last.entries) : null;
  return [opCall(method, textOf(name), ...(own === null ? args : args.slice(0, -1)), optionsOf(schema, own ?? {}))];
}

/** A column that goes, also to come back as another one, which only the statements say. */
function isGoing(name: string, { to, change }: AlteredTable): boolean {
  const drops = ['"', '`'].map((quote) => `DROP COLUMN ${quote}${name.replaceAll(quote, quote + quote)}${quote}`);
  const lines = change.statements.flatMap((sql) => sql.split('\n').map((line) => line.trim().replace(/,$/, '')));
  return !to.columns.some((column) => column.name === name) || lines.some((line) => drops.includes(line));
}

interface ChangedItems {
  readonly lost: readonly TableItem[];
  readonly gained: readonly TableItem[];
  /** Were NOT VALID, and are no more. */
  readonly validated: readonly TableItem[];
}

/** A key of a column that goes, and of none that stays, goes with it; one that stands behind a new column on SQLite comes with it. */
function changedItems(table: AlteredTable, going: ReadonlySet<string>, coming: ReadonlySet<string>): ChangedItems {
  const { from, to, dialect } = table;
  const isAnew = ({ columns }: TableItem): boolean => columns.some((name) => going.has(name));
  const isIn = ({ items }: Table, { kind, columns: [column = ''], definition }: TableItem): boolean =>
    items.some((item) => item.definition === definition) || (kind === 'primaryKey' && isOnlyNumbering(column, table));
  const lost = from.items.filter((item) => !isIn(to, item) || isAnew(item));
  const gained = to.items.filter((item) => !isIn(from, item) || isAnew(item));
  const validated = gained.filter(({ definition }) =>
    lost.some((item) => item.definition === `${definition} NOT VALID`),
  );
  const isTaken = ({ columns, kind }: TableItem): boolean =>
    columns.length === 1 && going.has(columns[0] ?? '') && (kind !== 'primaryKey' || dialect === 'postgresql');
  const isBrought = ({ written }: TableItem): boolean => written?.column != null && coming.has(written.column);
  return {
    lost: lost.filter((item) => !isTaken(item) && !validated.some(({ name }) => name === item.name)),
    gained: gained.filter((item) => !validated.includes(item) && !isBrought(item)),
    validated,
  };
}

/** What is no constraint to MySQL, or a key with more to it than its columns. */
function isKeyAlone(item: TableItem, dialect: Dialect): boolean {
  if (dialect !== 'mysql' || item.kind === 'primaryKey' || item.kind === 'check' || item.kind === 'period')
    return false;
  return item.kind === 'index' || !isPlainKey(item, dialect);
}

function dropConstraint({ kind, name, written }: TableItem): Call {
  if (kind === 'period') throw new NoPlainCall('a period');
  const isClear = written !== undefined && written.findName !== name;
  const found = written?.findName ?? name ?? '';
  return call(
    'batch',
    'dropConstraint',
    textOf(found),
    fields({ type: isClear || (kind === 'check' && written === undefined) ? undefined : textOf(kind) }),
  );
}

/** MySQL keeps the place of a column. */
function placeOf(
  column: Column,
  { columns }: Table,
  coming: readonly Column[],
  dialect: Dialect,
): readonly (readonly [string, readonly Argument[]])[] {
  const at = columns.indexOf(column);
  if (dialect !== 'mysql' || columns.slice(at).every((one) => coming.includes(one))) return [];
  const before = columns[at - 1];
  return [before === undefined ? ['first', []] : ['after', [textOf(before.name)]]];
}

/** Those that have a call of their own; the rest is for statements. */
function optionCalls(from: Table, to: Table): readonly Call[] {
  const keys = [...new Set([...Object.keys(from.options), ...Object.keys(to.options)])];
  const changed = keys.filter((key) => from.options[key] !== to.options[key]);
  const ofSecurity = ['ROW LEVEL SECURITY', 'FORCE ROW LEVEL SECURITY'];
  if (changed.some((key) => key !== 'COMMENT' && !ofSecurity.includes(key)))
    throw new NoPlainCall('options of a table');
  const [enabled, forced] = ofSecurity.map((key) =>
    changed.includes(key) ? to.options[key] !== undefined : undefined,
  );
  const comment = to.options['COMMENT'];
  const on = fields({ kind: `'table'`, name: textOf(to.name) });
  return [
    ...(changed.includes('COMMENT')
      ? [opCall('setComment', on, comment === undefined ? 'null' : textOf(commentOf(comment)))]
      : []),
    ...(enabled === undefined && forced === undefined ? [] : [rowSecurity(to, enabled, forced)]),
  ];
}
