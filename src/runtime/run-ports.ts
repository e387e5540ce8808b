import type { Connection } from '../dialects/connection.ts';
import type { Dialect } from '../dialects/dialect.ts';
import type { LimitScripts } from '../dialects/limits.ts';
import type { HeldLock } from '../dialects/lock.ts';
import type { PlanStep } from '../planner/migration-plan.ts';
import type { BlockerWatch } from './blocker-watch.ts';
import type { HalfDone } from './records/half-done.ts';
import type { Interruption } from './interruption.ts';
import type { Journal } from './records/journal.ts';
import type { Retries } from './retries.ts';
import type { RevisionBody } from './revision-body.ts';
import type { BodyPorts } from './run-body.ts';
import type { EventSink } from './run-event.ts';
import type { RunnerPorts } from './statements/statement-runner.ts';
import type { VersionStore } from './records/version-store.ts';

/** Where a run's transactions begin and end: one per revision, one around all, or none. */
export type TransactionMode = 'revision' | 'all' | 'none';

export interface RunPorts {
  readonly dialect: Dialect;
  readonly connection: Connection;
  readonly lock: HeldLock;
  readonly versions: VersionStore;
  readonly journal: Journal;
  /** What an earlier run left half-done; it must belong to the first step of the plan. */
  readonly halfDone: HalfDone | null;
  readonly runUnsettledAgain: RunnerPorts['runUnsettledAgain'];
  /** The body of a step, loaded before the run began. */
  readonly bodyOf: (step: PlanStep) => RevisionBody;
  readonly transactionMode: TransactionMode;
  readonly x: Readonly<Record<string, string>>;
  readonly onEvent: EventSink;
  readonly hash: (text: string) => string;
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
  readonly pause: RunnerPorts['pause'];
  readonly contain: BodyPorts['contain'];
  readonly interruption: Interruption;
  readonly redact: (text: string) => string;
  /** Under which the statements of a step run. */
  readonly limitsOf: (step: PlanStep) => LimitsOfStep;
  readonly watch: BlockerWatch;
  readonly retries: Retries;
}

/** What the statements of a step may take. */
export interface LimitsOfStep {
  readonly scripts: LimitScripts;
  /** See {@link RunnerPorts.firstLookMs}. */
  readonly firstLookMs: number;
}
