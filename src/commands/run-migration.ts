import { containUserCode } from '../environment/contain-user-code.ts';
import { sha256 } from '../environment/hash.ts';
import { systemClock } from '../environment/system.ts';
import type { MigrationPlan } from '../planner/migration-plan.ts';
import { halfDoneOf, type HalfDone } from '../runtime/half-done.ts';
import { runPlan, type TransactionMode } from '../runtime/run-plan.ts';
import { AludelError } from '../support/aludel-error.ts';
import type { Watched } from './invocation.ts';
import { loadBodies } from './load-bodies.ts';
import { isMissing, readRows, redactor, withDatabase, withLock, type Database } from './open-database.ts';
import type { Project } from './open-project.ts';
import type { RunReport } from './results.ts';

export interface RunOptions extends Watched {
  /** Only says what would be done: reads the database and changes nothing. */
  readonly plan?: boolean;
  /** Overrides the configuration's. */
  readonly transactionMode?: TransactionMode;
  /** How long to wait for the migration lock, in milliseconds; overrides the configuration's. */
  readonly lockTimeoutMs?: number;
}

/** Makes a plan from the rows of the version table. Throws what planning throws. */
export type Planner = (rows: readonly string[]) => MigrationPlan;

/**
 * The walk of `upgrade` and `downgrade`:
 *
 * 1. read the rows without a lock and plan: a wrong target or nothing to do ends here, having changed nothing;
 * 2. take the lock, then read the rows and plan again, because another run may have been faster;
 * 3. load every revision of the plan, so that a file that does not load costs nothing;
 * 4. run.
 */
export async function runMigration(
  project: Project,
  planFrom: Planner,
  options: RunOptions & { readonly runUnsettledAgain?: boolean },
): Promise<RunReport> {
  const { configuration } = project;
  if (options.plan === true) return reportOf(planFrom(await readRows(configuration)), true);
  if (await isMissing(configuration)) {
    // Connecting would create the database: find out first whether there is anything to run.
    const fromNothing = planFrom([]);
    if (fromNothing.steps.length === 0) return reportOf(fromNothing, false);
  }
  return await withDatabase(configuration, 'write', async (database) => {
    const early = planFrom(await database.versions.read());
    // Without the lock, what looks half-done may be another run at work: then it counts only once that run has ended.
    if (early.steps.length === 0 && halfDoneOf(await database.journal.readUnfinished()) === null) {
      return reportOf(early, false);
    }
    return await runLocked(project, database, planFrom, options);
  });
}

async function runLocked(
  { configuration }: Project,
  database: Database,
  planFrom: Planner,
  options: RunOptions & { readonly runUnsettledAgain?: boolean },
): Promise<RunReport> {
  const onEvent = options.onEvent ?? (() => undefined);
  return await withLock(configuration, database, { lockTimeoutMs: options.lockTimeoutMs, onEvent }, async (lock) => {
    const plan = planFrom(await database.versions.read());
    const halfDone = halfDoneOf(await database.journal.readUnfinished());
    refuseOtherHalfDone(plan, halfDone);
    const transactionMode = options.transactionMode ?? configuration.transactionMode;
    const bodyOf = await loadBodies(plan, configuration, database.dialect, transactionMode);
    for (const text of plan.warnings) onEvent({ kind: 'warning', text });
    const finished = await runPlan(plan, {
      ...database,
      lock,
      halfDone,
      runUnsettledAgain: options.runUnsettledAgain ?? false,
      bodyOf,
      transactionMode,
      x: configuration.x,
      onEvent,
      hash: sha256,
      now: () => systemClock.monotonic(),
      contain: containUserCode,
      redact: redactor(configuration),
    });
    const durations = new Map(finished.map(({ step, durationMs }) => [step.revision.id, durationMs]));
    return reportOf(plan, false, durations);
  });
}

function reportOf(plan: MigrationPlan, isPlan: boolean, durations?: ReadonlyMap<string, number>): RunReport {
  return {
    plan: isPlan,
    heads_before: plan.headsBefore,
    heads_after: plan.headsAfter,
    steps: plan.steps.map(({ direction, revision }) => {
      const duration = durations?.get(revision.id);
      return {
        direction,
        revision: revision.id,
        down_revision: revision.downRevisions,
        message: revision.message,
        ...(duration === undefined ? {} : { duration_ms: Math.round(duration * 10) / 10 }),
      };
    }),
    warnings: plan.warnings,
  };
}

/** What was left half-done comes first: any other step would build on a state that no file describes. */
function refuseOtherHalfDone(plan: MigrationPlan, halfDone: HalfDone | null): void {
  if (halfDone === null) return;
  const first = plan.steps[0];
  if (first?.revision.id === halfDone.revision && first.direction === halfDone.direction) return;
  const { revision, direction, startedAt, actor } = halfDone;
  throw new AludelError(
    'migration.half-done',
    `The ${direction} of revision ${revision}, begun on ${startedAt} by ${actor}, is only half done.`,
    {
      hint: 'Finish it first: aludel repair --resume. Or say how it stands: aludel repair --mark-applied, --mark-reverted.',
      facts: { revision, direction, started_at: startedAt, actor },
    },
  );
}
