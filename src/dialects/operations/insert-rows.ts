import type { OperationOf } from '../../operations/operation.ts';
import { nameList, type TextRules } from './render-parts.ts';
import type { Statement } from '../statement.ts';

/** What an INSERT needs beside names and values. */
export interface InsertForm {
  /** Stands behind the table for a row that names no column: standard SQL without it. */
  readonly allDefaults?: string;
  /** Stands before the values. */
  readonly overriding?: string;
}

/** What one statement may hold, in bytes, roughly: the least that servers are set up to take is 16 MiB. */
const largestStatement = 1024 * 1024;

/**
 * One INSERT for each run of rows that name the same columns, cut where a statement would have too many bindings or be
 * too long. A column that a row leaves out is left out of its INSERT, so that it gets its default and not NULL.
 */
export function insertRows(
  operation: OperationOf<'bulkInsert'>,
  rules: TextRules,
  form: InsertForm = {},
): readonly Statement[] {
  const into = `INSERT INTO ${rules.quoteTable({ schema: operation.schema, name: operation.table })}`;
  const statements: Statement[] = [];
  let columns: readonly string[] = [];
  let rows: unknown[][] = [];
  let bytes = 0;
  const flush = (): void => {
    if (rows.length > 0) statements.push(insert(into, columns, rows, rules, form));
    rows = [];
    bytes = 0;
  };
  for (const row of operation.rows) {
    const named = Object.keys(row).filter((column) => row[column] !== undefined);
    const values = named.map((column) => row[column]);
    const size = values.reduce<number>((sum, value) => sum + sizeOf(value), 0);
    const sameColumns = named.length === columns.length && named.every((column, i) => column === columns[i]);
    // A row of defaults only has no form for several.
    const isFull =
      columns.length === 0 || (rows.length + 1) * columns.length > rules.maxBindings || bytes + size > largestStatement;
    if (!sameColumns || isFull) flush();
    columns = named;
    rows.push(values);
    bytes += size;
  }
  flush();
  return statements;
}

function insert(
  into: string,
  columns: readonly string[],
  rows: readonly unknown[][],
  rules: TextRules,
  { allDefaults = 'DEFAULT VALUES', overriding }: InsertForm,
): Statement {
  if (columns.length === 0) return { sql: `${into} ${allDefaults}`, bindings: [] };
  let position = 0;
  const tuples = rows.map((row) => `(${row.map(() => rules.placeholder(++position)).join(', ')})`);
  const values = `${overriding === undefined ? '' : `${overriding} `}VALUES ${tuples.join(', ')}`;
  return { sql: `${into} ${nameList(columns, rules)} ${values}`, bindings: rows.flat() };
}

/** Bytes of a value on its way to the database, roughly. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (value instanceof Uint8Array) return value.byteLength;
  if (typeof value === 'object' && value !== null && !(value instanceof Date)) return JSON.stringify(value).length;
  return 8;
}
