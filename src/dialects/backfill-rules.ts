import type { Row, TableName } from './connection.ts';

/** Asks the database; throws what the driver throws. */
export type Read = (sql: string) => Promise<readonly Row[]>;

/** A column as the catalogue has it. */
export interface TableColumn {
  readonly name: string;
  /** The type's name where the dialect needs it to compare values, else empty. */
  readonly type: string;
  readonly nullable: boolean;
  /** Its place in the primary key, in ascending order; null when it has none. */
  readonly place: number | null;
}

/**
 * How a key's value leaves the database as text and comes back into a statement, so that nothing is lost on the way:
 * JavaScript has no integers of 64 bits, and drivers make dates of dates.
 */
export interface KeyText {
  /** SQL that gives the column's value as text. */
  readonly reading: string;
  /** The value as a literal that compares with the column as the column orders. */
  readonly literal: (text: string) => string;
}

/** What a backfill asks of a dialect. */
export interface BackfillRules {
  /** `(a, b) > (x, y)` finds its place in an index. Where it does not the comparison is written out. */
  readonly comparesRows: boolean;
  /** All columns of a table; none when there is no such table. Throws migration.failed for a table that cannot roll back. */
  readonly columnsOf: (read: Read, table: TableName) => Promise<readonly TableColumn[]>;
  /** Null for a column whose values cannot be told exactly, or are not compared as they are ordered. */
  readonly keyText: (column: TableColumn) => KeyText | null;
  /** About how many rows this SELECT returns, without running it where the database can tell; null when it cannot. */
  readonly estimate: (read: Read, select: string) => Promise<number | null>;
}
