import type { Connection } from '../../dialects/connection.ts';
import type { Dialect } from '../../dialects/dialect.ts';
import type { Snapshot } from '../../schema/snapshot.ts';
import { listed } from '../../support/text.ts';

/** The rows of tables as texts that are equal for equal rows, by the id of the table. */
export type TableRows = ReadonlyMap<string, readonly string[]>;

/** Longer rows are cut where they are shown; in characters. */
const shownLength = 120;

/** Every row of every table but these, which are named with or without their schema. */
export async function readRowsOf(
  { objects }: Snapshot,
  without: readonly string[],
  connection: Connection,
  dialect: Dialect,
): Promise<TableRows> {
  const tables = new Map<string, readonly string[]>();
  for (const object of objects) {
    const { kind, id, schema, name } = object;
    if (kind !== 'table' || without.includes(name) || without.includes(`${schema}.${name}`)) continue;
    // An asterisk leaves out invisible columns.
    const columns = object.columns.map((column) => dialect.quoteIdentifier(column.name)).join(', ');
    const { rows } = await connection.query(`SELECT ${columns} FROM ${dialect.quoteTable({ schema, name })}`);
    tables.set(id, rows.map(rowText).toSorted());
  }
  return tables;
}

/** The order of columns is not compared: making a table anew may change it. JSON has no NaN and no infinity: they would be null. */
function rowText(row: Readonly<Record<string, unknown>>): string {
  const columns = Object.keys(row).toSorted();
  return JSON.stringify(Object.fromEntries(columns.map((column) => [column, row[column]])), (_key, value: unknown) =>
    typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value)) ? String(value) : value,
  );
}

/** What became of the rows of tables that are in both, in sentences; none when they are the same. */
export function rowDifferences(before: TableRows, after: TableRows): readonly string[] {
  return [...before].flatMap(([table, rows]) => {
    const now = after.get(table) ?? [];
    const gone = without(rows, now);
    const added = without(now, rows);
    if (gone.length + added.length === 0) return [];
    const parts = [...partOf(gone, 'gone'), ...partOf(added, 'new')];
    return [`in ${table} ${listed(parts)}`];
  });
}

function partOf(rows: readonly string[], what: string): readonly string[] {
  const [first] = rows;
  if (first === undefined) return [];
  const shown = first.length > shownLength ? `${first.slice(0, shownLength)}…` : first;
  return [`${rows.length} ${rows.length === 1 ? 'row is' : 'rows are'} ${what}, such as ${shown}`];
}

/** Equal rows count as often as they are there. */
function without(rows: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Map<string, number>();
  for (const row of others) left.set(row, (left.get(row) ?? 0) + 1);
  return rows.filter((row) => {
    const count = left.get(row) ?? 0;
    left.set(row, count - 1);
    return count <= 0;
  });
}
