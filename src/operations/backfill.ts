import {
  columnsTo,
  condition,
  either,
  fields,
  name,
  nullable,
  optional,
  rule,
  someOf,
  valueOrSql,
} from './argument-rules.ts';
import type { ValueOrSql } from './sql-value.ts';

/** Which rows to change, and how, in batches that are committed one by one. */
export interface BackfillOptions {
  readonly table: string;
  /** Schema of the table; without it the connection's default. */
  readonly schema?: string;
  /** What each column becomes: a value, or SQL that may name the columns of the row: `{ sql: 'lower(email)' }`. */
  readonly set: Readonly<Record<string, ValueOrSql | null>>;
  /** Which rows, as SQL; without it all. */
  readonly where?: string;
  /** One column or several, without NULLs, that rows are taken in the order of; without it the primary key. */
  readonly key?: string | readonly string[];
  /** Rows in the first batch: 1000 without it. */
  readonly batchSize?: number;
  /** How long a batch should take, in milliseconds: 500 without it. Null keeps all batches at `batchSize`. */
  readonly targetMs?: number | null;
  /** How long to rest between two batches, in milliseconds: not at all without it. */
  readonly pauseMs?: number;
}

/** What a revision asked for with `op.backfill`, complete and checked. */
export interface Backfill {
  readonly table: string;
  readonly schema: string | null;
  /** At least one column. */
  readonly set: Readonly<Record<string, ValueOrSql | null>>;
  readonly where: string | null;
  /** Null takes the primary key; else at least one column. */
  readonly key: readonly string[] | null;
  readonly batchSize: number;
  readonly targetMs: number | null;
  readonly pauseMs: number;
}

/** {@link BackfillOptions} with what they leave out. */
export function backfillOf(options: BackfillOptions): Backfill {
  const { key } = options;
  return {
    table: options.table,
    schema: options.schema ?? null,
    set: Object.fromEntries(Object.entries(options.set).filter(([, value]) => value !== undefined)),
    where: options.where ?? null,
    key: key === undefined ? null : typeof key === 'string' ? [key] : key,
    batchSize: options.batchSize ?? 1000,
    targetMs: options.targetMs === undefined ? 500 : options.targetMs,
    pauseMs: options.pauseMs ?? 0,
  };
}

export const backfillRule = fields<BackfillOptions>({
  table: name,
  schema: optional(name),
  set: columnsTo(nullable(valueOrSql)),
  where: optional(condition),
  key: optional(either(name, someOf(name))),
  batchSize: optional(rule('a whole number from 1', (value) => Number.isSafeInteger(value) && Number(value) >= 1)),
  targetMs: optional(nullable(rule('a time in milliseconds, or null', (value) => isNumber(value) && value > 0))),
  pauseMs: optional(rule('a time in milliseconds', (value) => isNumber(value) && value >= 0)),
});

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}
