import { blockerInWords, type Blocker } from '../dialects/blocker.ts';
import type { Connection } from '../dialects/connection.ts';
import type { Dialect, ErrorKind } from '../dialects/dialect.ts';
import type { PlanStep } from '../planner/migration-plan.ts';
import { backOff } from '../support/back-off.ts';
import type { BlockerWatch } from './blocker-watch.ts';
import type { JournalEntry } from './records/journal-entry.ts';
import type { EventSink } from './run-event.ts';

/** What a transaction lost against. */
export interface Obstacle {
  readonly kind: Extract<ErrorKind, 'busy' | 'deadlock' | 'serialisation'>;
  /** The database's words. */
  readonly message: string;
  /** Whom it waited for; empty where nobody could tell. */
  readonly blockers: readonly Blocker[];
  /** How often the transaction has failed in a row. */
  readonly failures: number;
}

export interface RetryPorts {
  readonly dialect: Dialect;
  readonly connection: Connection;
  readonly watch: BlockerWatch;
  /** How often a transaction is run again. */
  readonly retries: number;
  /** Before the first time, in milliseconds; twice as long before each one after. */
  readonly retryDelayMs: number;
  readonly sleep: (ms: number) => Promise<void>;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly onEvent: EventSink;
  readonly redact: (text: string) => string;
}

/**
 * Says whether a transaction that failed is run again, and waits before it is. What counts is the transaction, or the
 * single statement, that was rolled back: once one succeeds, the next has all its tries.
 */
export interface Retries {
  /**
   * True when the error is one that passes and there is another try; the pause is then over. Call it with no
   * transaction open.
   */
  again(thrown: unknown, step: PlanStep): Promise<boolean>;
  succeeded(): void;
  /** What the failure that ended the tries met; null when it is of another kind. */
  obstacle(): Obstacle | null;
  /** Journal rows about what was tried again, to be written with what comes of it. */
  entries(): readonly JournalEntry[];
  /** They are written. */
  recorded(): void;
}

/** No pause is longer: who holds a lock for that long is worth an error with a name. In milliseconds. */
const longestPause = 30_000;

export function createRetries(ports: RetryPorts): Retries {
  let failures = 0;
  let obstacle: Obstacle | null = null;
  let entries: JournalEntry[] = [];
  return {
    async again(thrown, { revision, direction }) {
      const met = obstacleIn(thrown, ports.dialect);
      obstacle = null;
      if (met === null || ports.connection.lostBecause() !== null) return false;
      const { kind, message } = met;
      obstacle = { kind, message, blockers: await ports.watch.behind(met.error), failures: failures + 1 };
      if (failures === ports.retries) return false;
      const delayMs = backOff(failures++, { first: ports.retryDelayMs, longest: longestPause }, ports.random());
      const reason = ports.redact(obstacleInWords(obstacle));
      entries.push({
        event: 'retried',
        revision: revision.id,
        direction,
        message: reason,
        detail: { attempt: failures, kind },
      });
      ports.onEvent({ kind: 'retrying', revision: revision.id, reason, attempt: failures, of: ports.retries, delayMs });
      await ports.sleep(delayMs);
      return true;
    },
    succeeded() {
      obstacle = null;
      failures = 0;
    },
    obstacle: () => obstacle,
    entries: () => entries,
    recorded() {
      entries = [];
    },
  };
}

/** "canceling statement due to lock timeout; it waited for session 4711 (…)". */
export function obstacleInWords({ message, blockers }: Pick<Obstacle, 'message' | 'blockers'>): string {
  const reason = message.endsWith('.') ? message.slice(0, -1) : message;
  return blockers.length === 0 ? reason : `${reason}; it waited for ${blockers.map(blockerInWords).join(' and ')}`;
}

/** Errors that were wrapped are looked through; no chain of causes is longer than this. */
const deepestCause = 8;

function obstacleIn(
  thrown: unknown,
  dialect: Dialect,
): (Pick<Obstacle, 'kind' | 'message'> & { readonly error: Error }) | null {
  for (let error = thrown, depth = 0; error instanceof Error && depth < deepestCause; error = error.cause, depth++) {
    const { kind, message } = dialect.explainError(error, '');
    if (kind === 'busy' || kind === 'deadlock' || kind === 'serialisation') return { kind, message, error };
  }
  return null;
}
