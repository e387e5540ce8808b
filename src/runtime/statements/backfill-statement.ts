import { prepareBackfill } from '../../dialects/backfill.ts';
import type { QueryResult } from '../../dialects/connection.ts';
import type { Backfill } from '../../operations/backfill.ts';
import { isAludelError } from '../../support/aludel-error.ts';
import { checkpointDetail, runBackfill, type Checkpoint } from './backfill.ts';
import type { JournalEntry } from '../records/journal-entry.ts';
import type { AttemptPorts, PlacedStatement, StatementAttempts } from './statement-attempt.ts';

export interface BackfillStatementPorts extends AttemptPorts {
  /** Waits so many milliseconds, less when the run is asked to stop meanwhile. */
  readonly pause: (ms: number) => Promise<void>;
}

/**
 * Carries a backfill out as the one statement `whole`, from the start or from a checkpoint; answers how many rows it has
 * changed in all. `inside` a transaction it is committed with that; else each batch is, together with its checkpoint, and
 * `stays` is called after the first.
 */
export async function runBackfillStatement(
  wanted: Backfill,
  from: Checkpoint | null,
  { statement: whole, origin, number }: Omit<PlacedStatement, 'traits'>,
  inside: boolean,
  ports: BackfillStatementPorts,
  attempts: StatementAttempts,
  stays: () => void,
): Promise<number> {
  const { dialect } = ports;
  const { attempt, entry, fail, place, recorded, refuseToGoOn, untilItPasses } = attempts;
  const ask = (sql: string): Promise<QueryResult> => attempt({ sql, bindings: [] }, origin, number);
  const read = async (sql: string): Promise<QueryResult['rows']> => (await ask(sql)).rows;
  const statements = await prepareBackfill(wanted, dialect, read).catch((error: unknown) => {
    throw isAludelError(error) ? fail(error, whole, origin, number) : error;
  });
  const rowOf = (checkpoint: Checkpoint, durationMs: number): JournalEntry =>
    entry(checkpoint.after === null ? 'done' : 'progress', number, whole, {
      durationMs,
      detail: checkpointDetail(checkpoint, ports.redact),
    });
  let lasts = from !== null;
  const rows = await runBackfill(wanted, from, {
    statements,
    now: ports.now,
    update: async (sql) => (await ask(sql)).rowCount,
    async commit(batch) {
      refuseToGoOn();
      if (inside) return await batch();
      const checkpoint = await untilItPasses(() => recorded(batch, rowOf));
      if (!lasts) stays();
      lasts = true;
      return checkpoint;
    },
    tookTooLong: (error) =>
      !ports.interruption.isAsked() && dialect.explainError(error, '').kind === 'interrupted' && !inside,
    onProgress: (changed, total) =>
      ports.onEvent({ kind: 'backfill-progress', rows: changed, total, ...place(number, whole) }),
    async pause(ms) {
      // What is locked stays locked until the transaction ends: no rest makes that better.
      if (!inside) await ports.pause(ms);
    },
  });
  if (!inside) ports.onEvent({ kind: 'statement-recorded', ...place(number, whole) });
  return rows;
}
