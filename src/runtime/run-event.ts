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
  /** Its `done` row is committed. */
  | ({ readonly kind: 'statement-recorded' } & StatementPlace)
  /** A run before this one had carried it out: it was not run again. */
  | ({ readonly kind: 'statement-skipped' } & StatementPlace)
  | { readonly kind: 'committing'; readonly revision: string }
  | { readonly kind: 'committed'; readonly revision: string }
  | { readonly kind: 'warning'; readonly text: string };

export type EventSink = (event: RunEvent) => void;
