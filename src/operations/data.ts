import { flag, name, options, rule } from './argument-rules.ts';
import { backfillOf, backfillRule, type Backfill, type BackfillOptions } from './backfill.ts';
import type { Signatures } from './check-arguments.ts';
import type { RowValue } from './sql-value.ts';
import { settled, type TableOptions } from './table-options.ts';

/** A row to insert: columns that are missing or undefined get their default. */
export type InsertRow = Readonly<Record<string, RowValue | undefined>>;

export interface DataOperation {
  readonly kind: 'bulkInsert';
  readonly table: string;
  readonly schema: string | null;
  readonly rows: readonly InsertRow[];
  readonly identityInsert: boolean;
}

export interface BulkInsertOptions extends TableOptions {
  /**
   * The rows bring their own values for a column that numbers itself. PostgreSQL takes them where it would refuse, and
   * the numbering goes on behind them; the other databases do so by themselves.
   */
  readonly identityInsert?: boolean;
}

export interface DataOperations {
  /**
   * Inserts rows, as many in a statement as it takes. They may come one after the other from a generator, which may ask
   * `op.knex` for them.
   */
  bulkInsert(
    table: string,
    rows: Iterable<InsertRow> | AsyncIterable<InsertRow>,
    options?: BulkInsertOptions,
  ): Promise<void>;
  /**
   * Changes the rows of a table batch by batch in the order of their key; answers how many were changed. Each batch is
   * committed by itself, after what came before in the revision, and an interrupted run goes on behind the last one: no
   * row is changed twice. In a transaction that spans the run all batches are part of it.
   */
  backfill(options: BackfillOptions): Promise<number>;
}

/** What carries out the operations on data. */
export interface DataPort {
  perform(operation: DataOperation, caller: Error): Promise<void>;
  /** Runs one operation after the other, as they come; others may run in between. */
  performEach(operations: AsyncIterable<DataOperation>, caller: Error): Promise<void>;
  backfill(backfill: Backfill, caller: Error): Promise<number>;
}

/** Rows of a generator that are turned into statements at once. */
const rowsAtOnce = 5000;

export function dataOperations(port: DataPort, calledHere: () => Error): DataOperations {
  return {
    bulkInsert(table, rows, options) {
      const { schema, identityInsert = false } = settled(options);
      const insertOf = (piece: readonly InsertRow[]): DataOperation => ({
        kind: 'bulkInsert',
        table,
        schema,
        identityInsert,
        rows: piece,
      });
      return isList(rows)
        ? port.perform(insertOf(rows), calledHere())
        : port.performEach(inPieces(rows, insertOf), calledHere());
    },
    backfill: (options) => port.backfill(backfillOf(options), calledHere()),
  };
}

function isList(rows: Iterable<InsertRow> | AsyncIterable<InsertRow>): rows is readonly InsertRow[] {
  return Array.isArray(rows);
}

async function* inPieces<T, P>(
  rows: Iterable<T> | AsyncIterable<T>,
  pieceOf: (rows: readonly T[]) => P,
): AsyncGenerator<P> {
  let piece: T[] = [];
  for await (const row of rows) {
    if (piece.push(row) < rowsAtOnce) continue;
    yield pieceOf(piece);
    piece = [];
  }
  if (piece.length > 0) yield pieceOf(piece);
}

const rowsRule = rule(
  'rows, or a generator of rows',
  (value) => typeof value === 'object' && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value),
);

export const dataSignatures: Signatures<DataOperations> = {
  bulkInsert: {
    table: name,
    rows: rowsRule,
    options: options<BulkInsertOptions>({ schema: name, identityInsert: flag }),
  },
  backfill: { options: backfillRule },
};
