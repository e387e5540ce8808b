import type { Backfill } from '../operations/backfill.ts';
import { AludelError } from '../support/aludel-error.ts';
import type { KeyText, Read, TableColumn } from './backfill-rules.ts';
import type { Dialect } from './dialect.ts';
import { valueText } from './operations/render-parts.ts';

/** The key of a row: each column's value as {@link KeyText.reading} gave it. */
export type Key = readonly string[];

/** The statements of one backfill. */
export interface BackfillStatements {
  /** About how many rows are to be changed behind this key; null when nobody can tell. */
  estimate(after: Key | null): Promise<number | null>;
  /** The key of the `size`-th row behind this one; null when fewer are left. */
  boundary(after: Key | null, size: number): Promise<Key | null>;
  /** Changes the rows behind one key, up to and with the other; null is the end of the table. */
  update(after: Key | null, upTo: Key | null): string;
}

/**
 * The backfill as one statement: how it stands in the journal, and how it is told from another. It names all that
 * decides which rows become what, and nothing that an operator may want to change half-way.
 */
export function wholeBackfill(backfill: Backfill, dialect: Dialect): string {
  const key =
    backfill.key === null
      ? 'the primary key'
      : backfill.key.map((column) => dialect.quoteIdentifier(column)).join(', ');
  // Neither the end of a comment nor, on PostgreSQL, the beginning of one inside it.
  return `${unbatchedUpdate(backfill, dialect)}\n/* in batches by ${key.replaceAll('*', ' * ')} */`;
}

/** The backfill as a plain UPDATE of every row that is meant. */
export function unbatchedUpdate(backfill: Backfill, dialect: Dialect): string {
  return updateText(backfill, dialect, []);
}

/**
 * Looks at the table and prepares the statements. `read` must be able to look at any time. Throws migration.failed when
 * the key does not serve.
 */
export async function prepareBackfill(backfill: Backfill, dialect: Dialect, read: Read): Promise<BackfillStatements> {
  const table = { schema: backfill.schema, name: backfill.table };
  const columns = keyOf(backfill, await dialect.backfill.columnsOf(read, table));
  const texts = columns.map((column) => textOf(column, dialect, backfill));
  const name = dialect.quoteTable(table);
  const names = columns.map((column) => dialect.quoteIdentifier(column.name));
  const nullable = names.filter((_, index) => columns[index]?.nullable);
  if (nullable.length > 0) await refuseNulls(backfill, nullable, name, read);

  const literals = (key: Key): readonly string[] => texts.map(({ literal }, index) => literal(key[index] ?? ''));
  const behind = (key: Key | null): readonly string[] =>
    key === null ? [] : [compared(names, '>', '>', literals(key), dialect.backfill.comparesRows)];
  const upToAndWith = (key: Key | null): readonly string[] =>
    key === null ? [] : [compared(names, '<', '<=', literals(key), dialect.backfill.comparesRows)];
  const reading = texts.map((text, index) => `${text.reading} AS key_${index + 1}`).join(', ');
  // With the table's name: alone it could be one of the names given here.
  const order = names.map((column) => `${name}.${column}`).join(', ');

  return {
    estimate: (after) => dialect.backfill.estimate(read, `SELECT 1 FROM ${name}${whereText(backfill, behind(after))}`),
    async boundary(after, size) {
      const where = whereText(backfill, behind(after));
      const [row] = await read(`SELECT ${reading} FROM ${name}${where} ORDER BY ${order} LIMIT 1 OFFSET ${size - 1}`);
      return row === undefined ? null : texts.map((_, index) => String(row[`key_${index + 1}`]));
    },
    update: (after, upTo) => updateText(backfill, dialect, [...behind(after), ...upToAndWith(upTo)]),
  };
}

function updateText(backfill: Backfill, dialect: Dialect, conditions: readonly string[]): string {
  const table = dialect.quoteTable({ schema: backfill.schema, name: backfill.table });
  const set = Object.entries(backfill.set).map(
    // A line of its own, in case that the SQL ends with a comment.
    ([column, value]) =>
      `${dialect.quoteIdentifier(column)} = ${value === null ? 'NULL' : valueText(value, dialect)}\n`,
  );
  return `UPDATE ${table} SET ${set.join(', ')}${whereText(backfill, conditions).trimStart()}`.trimEnd();
}

function whereText({ where }: Backfill, conditions: readonly string[]): string {
  const all = [...conditions, ...(where === null ? [] : [`(${where}\n)`])];
  return all.length === 0 ? '' : ` WHERE ${all.join(' AND ')}`;
}

/**
 * A comparison of the key with literals, column by column from the left: `outer` decides but for the last column, where
 * `last` does. Written out it is `a > x OR (a = x AND b > y)`, of which every optimizer makes ranges of an index.
 */
function compared(
  columns: readonly string[],
  outer: '<' | '>',
  last: '<=' | '>',
  values: readonly string[],
  comparesRows: boolean,
): string {
  if (columns.length > 1 && comparesRows) return `(${columns.join(', ')}) ${last} (${values.join(', ')})`;
  const [column = '', ...columnsBehind] = columns;
  const [value = '', ...valuesBehind] = values;
  if (columnsBehind.length === 0) return `${column} ${last} ${value}`;
  const behind = compared(columnsBehind, outer, last, valuesBehind, false);
  return `(${column} ${outer} ${value} OR (${column} = ${value} AND ${behind}))`;
}

/** The key's columns as the catalogue has them, in the order of the key. */
function keyOf({ table, key, set }: Backfill, columns: readonly TableColumn[]): readonly TableColumn[] {
  if (columns.length === 0) throw refused(`There is no table ${table}.`, 'Look at "table" and "schema".');
  const found =
    key === null
      ? columns.filter(({ place }) => place !== null).sort((a, b) => (a.place ?? 0) - (b.place ?? 0))
      : key.map((name) => columnNamed(name, columns, table));
  if (found.length === 0) {
    throw refused(
      `Table ${table} has no primary key, so its rows have no order in which to take them.`,
      "Name columns without NULLs that an index begins with: key: ['…'].",
    );
  }
  const changed = found.find(({ name }) => Object.keys(set).some((column) => isNamed(column, name, columns)));
  if (changed !== undefined) {
    throw refused(
      `The backfill would change "${changed.name}", which is part of its key: rows would move ahead of it or behind it.`,
      'Name another key.',
    );
  }
  return found;
}

function columnNamed(name: string, columns: readonly TableColumn[], table: string): TableColumn {
  const column = columns.find((one) => isNamed(name, one.name, columns));
  if (column !== undefined) return column;
  throw refused(`Table ${table} has no column "${name}".`, `It has ${columns.map((one) => one.name).join(', ')}.`);
}

/** Most databases take a name in any case; where two columns differ in nothing else, only the exact one is meant. */
function isNamed(written: string, name: string, columns: readonly TableColumn[]): boolean {
  if (written === name) return true;
  return written.toLowerCase() === name.toLowerCase() && !columns.some((column) => column.name === written);
}

function textOf(column: TableColumn, dialect: Dialect, { table }: Backfill): KeyText {
  const text = dialect.backfill.keyText(column);
  if (text !== null) return text;
  throw refused(
    `Column "${column.name}" of ${table} is of type ${column.type}, which cannot be a key: its values are not told exactly, or not compared as they are ordered.`,
    "Name another key, such as an integer, a text or a date: key: ['…'].",
  );
}

/** A row without a key is in no batch. */
async function refuseNulls(backfill: Backfill, names: readonly string[], table: string, read: Read): Promise<void> {
  const isNull = `(${names.map((name) => `${name} IS NULL`).join(' OR ')})`;
  const rows = await read(`SELECT 1 AS found FROM ${table}${whereText(backfill, [isNull])} LIMIT 1`);
  if (rows.length === 0) return;
  throw refused(
    `Some rows of ${backfill.table} have NULL in ${names.join(' or ')}, the key of the backfill: they would be left out.`,
    'Name a key without NULLs, or leave those rows to a backfill or statement of their own with "where".',
  );
}

function refused(message: string, hint: string): AludelError {
  return new AludelError('migration.failed', message, { hint });
}
