interface StepPlace {
  readonly direction: 'upgrade' | 'downgrade';
  readonly revision: string;
  readonly message: string;
  /** From 1. */
  readonly step: number;
  readonly steps: number;
}

interface StatementPlace {
  readonly revision: string;
  /** Number of the statement within its revision, from 1. */
  readonly statement: number;
  readonly sql: string;
}

/**
 * What a run tells its caller while it is under way. The sink is called at the very moment named, synchronously, so
 * that a test can stop the process between any two moves of the run.
 */
export type RunEvent =
  /** There is no connection yet, for this reason; told again when the reason changes. */
  | { readonly kind: 'waiting-for-database'; readonly reason: string }
  | { readonly kind: 'waiting-for-lock'; readonly holder: string | null }
  | { readonly kind: 'lock-obtained' }
  | { readonly kind: 'lock-released' }
  | ({ readonly kind: 'step-started' } & StepPlace)
  | ({ readonly kind: 'step-finished'; readonly durationMs: number } & StepPlace)
  /** The statement is about to run; outside a transaction its intent is not yet written. */
  | ({ readonly kind: 'statement-started' } & StatementPlace)
  /** Its intent is in the journal. Only for statements that cannot be rolled back. */
  | ({ readonly kind: 'statement-announced' } & StatementPlace)
  /** The database has carried it out; a `done` row is not yet written where one is due. */
  | ({ readonly kind: 'statement-executed' } & StatementPlace)
  /** Its `done` row is committed: at once, or with the next rows where the catalogue shows as well that it ran. */
  | ({ readonly kind: 'statement-recorded' } & StatementPlace)
  /** A run before this one had carried it out: it was not run again. */
  | ({ readonly kind: 'statement-skipped' } & StatementPlace)
  /** A statement waits for a lock that these sessions hold, in words; told again when they change. */
  | ({ readonly kind: 'blocked'; readonly blockers: string } & StatementPlace)
  /** A transaction was rolled back for a reason that passes, and runs again after a pause. `attempt` counts from 1. */
  | {
      readonly kind: 'retrying';
      readonly revision: string;
      readonly reason: string;
      readonly attempt: number;
      readonly of: number;
      readonly delayMs: number;
    }
  /** A batch of a backfill is committed: so many rows are changed by now, of about `total`; null when nobody can tell. */
  | ({ readonly kind: 'backfill-progress'; readonly rows: number; readonly total: number | null } & StatementPlace)
  | { readonly kind: 'committing'; readonly revision: string }
  | { readonly kind: 'committed'; readonly revision: string }
  /** A test is through with a revision; `number` counts from 1. */
  | {
      readonly kind: 'revision-tested';
      readonly revision: string;
      readonly message: string;
      readonly outcome: 'ok' | 'failed' | 'irreversible' | 'not-reached';
      readonly number: number;
      readonly of: number;
      readonly durationMs: number;
    }
  /** Somebody asked the run to stop; the statement under way is being cancelled. "interrupted by SIGTERM". */
  | { readonly kind: 'interrupted'; readonly reason: string }
  | { readonly kind: 'warning'; readonly text: string };

export type EventSink = (event: RunEvent) => void;
