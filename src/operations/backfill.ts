import { AludelError } from '../support/aludel-error.ts';
import { nearest } from '../support/text.ts';
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

/** {@link BackfillOptions} with what they leave out. Throws migration.failed for what makes no sense. */
export function backfillOf(options: BackfillOptions): Backfill {
  refuseUnknownKeys(options);
  const { key } = options;
  const backfill: Backfill = {
    table: options.table,
    schema: options.schema ?? null,
    set: Object.fromEntries(Object.entries(options.set).filter(([, value]) => value !== undefined)),
    where: options.where ?? null,
    key: key === undefined ? null : typeof key === 'string' ? [key] : key,
    batchSize: options.batchSize ?? 1000,
    targetMs: options.targetMs === undefined ? 500 : options.targetMs,
    pauseMs: options.pauseMs ?? 0,
  };
  const { set, batchSize, targetMs, pauseMs } = backfill;
  if (Object.keys(set).length === 0) throw refused('"set" names no column');
  if (backfill.key?.length === 0) throw refused('"key" names no column');
  if (!Number.isSafeInteger(batchSize) || batchSize < 1) throw refused('"batchSize" is not a whole number from 1');
  if (targetMs !== null && !(targetMs > 0)) throw refused('"targetMs" is neither a time in milliseconds nor null');
  if (!(pauseMs >= 0)) throw refused('"pauseMs" is not a time in milliseconds');
  return backfill;
}

const keys: Readonly<Record<keyof BackfillOptions, true>> = {
  table: true,
  schema: true,
  set: true,
  where: true,
  key: true,
  batchSize: true,
  targetMs: true,
  pauseMs: true,
};

/** Revisions run without a type check, and a misspelt "where" would change every row. */
function refuseUnknownKeys(options: BackfillOptions): void {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(keys, name));
  if (unknown === undefined) return;
  const near = nearest(unknown, Object.keys(keys));
  throw refused(`there is no "${unknown}"${near === null ? '' : `; did you mean "${near}"?`}`);
}

function refused(reason: string): AludelError {
  return new AludelError('migration.failed', `op.backfill: ${reason}${reason.endsWith('?') ? '' : '.'}`, {
    hint: "Write op.backfill({ table: 'users', set: { email: { sql: 'lower(email)' } }, where: '…', batchSize: 1000 }).",
  });
}
