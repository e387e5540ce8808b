import type { BackfillStatements, Key } from '../../dialects/backfill.ts';
import type { Backfill } from '../../operations/backfill.ts';

/** How far a backfill has come. */
export interface Checkpoint {
  /** The key of the last row of the last batch; null once no row is left. */
  readonly after: Key | null;
  /** Rows changed so far. */
  readonly rows: number;
}

export interface BackfillPorts {
  readonly statements: BackfillStatements;
  /** Runs one UPDATE; answers how many rows it changed. */
  readonly update: (sql: string) => Promise<number>;
  /**
   * Carries a batch out and commits it together with the checkpoint it answers; again, when it failed and may pass.
   * Throws when the run has to stop.
   */
  readonly commit: (batch: () => Promise<Checkpoint>) => Promise<Checkpoint>;
  /** True for the error of a batch that took longer than statements may. */
  readonly tookTooLong: (error: unknown) => boolean;
  /** Called after each batch that is committed. `total` is an estimate; null where there is none. */
  readonly onProgress: (rows: number, total: number | null) => void;
  /** Waits so many milliseconds, or less. */
  readonly pause: (ms: number) => Promise<void>;
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
}

/** No batch is larger: what one change keeps in memory or in a log has its limit, however fast it is. */
const largestBatch = 1_000_000;

/**
 * Changes rows batch by batch in the order of their key, from the start or from a checkpoint; answers how many were
 * changed in all. A batch is a range of keys, not a list of rows: rows that others insert into it meanwhile are in it.
 *
 * 1. Find the key of the last row of the batch; none ends the last one at the end of the table.
 * 2. Change what lies between the checkpoint and that key.
 * 3. Commit both with the new checkpoint.
 */
export async function runBackfill(backfill: Backfill, from: Checkpoint | null, ports: BackfillPorts): Promise<number> {
  const { statements, update, now } = ports;
  let size = backfill.batchSize;
  let largest = largestBatch;

  const batchBehind = async ({ after, rows }: Checkpoint): Promise<Checkpoint> => {
    const startedAt = now();
    const upTo = await statements.boundary(after, size);
    if (upTo !== null && after !== null && upTo.every((text, index) => text === after[index])) {
      throw new Error(`the database does not find its way past the key ${upTo.join(', ')}`);
    }
    const changed = await update(statements.update(after, upTo));
    size = Math.min(largest, nextSize(backfill, size, now() - startedAt));
    return { after: upTo, rows: rows + changed };
  };
  /** A batch that takes longer than statements may is halved, while there is more than one row in it, and so stay the next. */
  const committedBehind = async (checkpoint: Checkpoint): Promise<Checkpoint> => {
    for (;;) {
      try {
        return await ports.commit(() => batchBehind(checkpoint));
      } catch (error) {
        if (size === 1 || !ports.tookTooLong(error)) throw error;
        size = largest = Math.ceil(size / 2);
      }
    }
  };

  const left = await statements.estimate(from?.after ?? null);
  const total = left === null ? null : (from?.rows ?? 0) + left;
  let checkpoint = await committedBehind(from ?? { after: null, rows: 0 });
  ports.onProgress(checkpoint.rows, total);
  while (checkpoint.after !== null) {
    if (backfill.pauseMs > 0) await ports.pause(backfill.pauseMs);
    checkpoint = await committedBehind(checkpoint);
    ports.onProgress(checkpoint.rows, total);
  }
  return checkpoint.rows;
}

/** At most twice or half of the last one, so that a single slow moment does not decide. */
function nextSize({ targetMs }: Backfill, size: number, tookMs: number): number {
  if (targetMs === null) return size;
  const factor = Math.min(2, Math.max(0.5, targetMs / Math.max(tookMs, 1)));
  return Math.max(1, Math.round(size * factor));
}

/** A checkpoint as JSON for the journal. What masking would change is written as code points: masked, it would be another key. */
export function checkpointDetail(
  { after, rows }: Checkpoint,
  redact: (text: string) => string,
): Readonly<Record<string, unknown>> {
  const key = after?.map((text) => (redact(text) === text ? text : Array.from(text, (one) => one.codePointAt(0))));
  return { after: key ?? null, row_count: rows };
}

/** Reads {@link checkpointDetail}; null when it holds no checkpoint. */
export function checkpointIn(detail: Readonly<Record<string, unknown>> | undefined): Checkpoint | null {
  const { after, row_count: rows } = detail ?? {};
  if (!Array.isArray(after) || typeof rows !== 'number') return null;
  const key = after.map((part: unknown) =>
    Array.isArray(part) ? String.fromCodePoint(...part.map(Number)) : String(part),
  );
  return { after: key, rows };
}
