import type { Dialect } from '../../dialects/dialect.ts';
import { dialectOf } from '../../dialects/registry.ts';
import type { RevisionGraph } from '../../graph/revision-graph.ts';
import { flag, options } from '../../operations/argument-rules.ts';
import type { MigrationPlan } from '../../planner/migration-plan.ts';
import { halfDoneOf, type HalfDone } from '../../runtime/records/half-done.ts';
import { throwIfInterrupted } from '../../runtime/interruption.ts';
import type { TransactionMode } from '../../runtime/run-ports.ts';
import { carryOut } from './carry-out-plan.ts';
import { checkAppliedFiles } from './check-applied-files.ts';
import { count, milliseconds, statementKeys, stoppableKeys } from '../call-rules.ts';
import { namingGone, withGoneRevisions } from '../gone-revisions.ts';
import { sinkOf, type Watched } from '../invocation.ts';
import { refuseIdsThatDoNotFit } from './fitting-ids.ts';
import { halfDoneFirst } from './half-done-first.ts';
import { halfDoneReport } from './half-done-report.ts';
import { loadBodies } from './load-bodies.ts';
import { isMissing, withDatabase, withLock, type Database } from '../open-database.ts';
import type { Project } from '../open-project.ts';
import type { KeptRevision } from '../recorded-revisions.ts';
import { runLimits } from './run-limits.ts';
import type { RunReport } from '../results.ts';

export interface RunOptions extends Watched {
  /** Only says what would be done: reads the database and changes nothing. */
  readonly plan?: boolean;
  /** Overrides the configuration's. */
  readonly transactionMode?: TransactionMode;
  /** How long to wait for the migration lock, in milliseconds; overrides the configuration's. */
  readonly lockTimeoutMs?: number;
  /** How long a statement may wait for a lock on a table or a row, in milliseconds; 0 is no limit. Overrides the configuration's. */
  readonly tableLockTimeoutMs?: number;
  /** How long a statement may take, in milliseconds; 0 is no limit. Overrides the configuration's. */
  readonly statementTimeoutMs?: number;
  /** How often a transaction is tried again after a lock timeout, a deadlock or a serialisation failure. Overrides the configuration's. */
  readonly retries?: number;
  /**
   * Stops the run: the statement under way is cancelled and rolled back, and migration.interrupted or migration.partial
   * is thrown. A text as the reason of the signal is told as "interrupted by …".
   */
  readonly signal?: AbortSignal;
}

/** What {@link RunOptions} must be. */
export const runOptions = options<RunOptions>({
  ...stoppableKeys,
  ...statementKeys,
  plan: flag,
  lockTimeoutMs: milliseconds,
  retries: count,
});

/**
 * Makes a plan from the history, the rows of the version table and what the journal says is half done. It is asked again
 * under the lock, with what stands there then. Throws what planning throws.
 */
export type Planner = (graph: RevisionGraph, rows: readonly string[], halfDone: HalfDone | null) => MigrationPlan;

/** What the commands that run revisions ask for beside the options of their callers. */
interface RunSettings extends RunOptions {
  readonly runUnsettledAgain?: boolean;
  /** Whether revisions whose files are gone take part, from what the journal kept of them. */
  readonly withGone: boolean;
}

/**
 * The walk of `upgrade` and `downgrade`:
 *
 * 1. read the rows without a lock and plan: a wrong target or nothing to do ends here, having changed nothing;
 * 2. take the lock, then read the rows and plan again, because another run may have been faster;
 * 3. load every revision of the plan, so that a file that does not load costs nothing;
 * 4. run.
 */
export async function runMigration(project: Project, planFrom: Planner, options: RunSettings): Promise<RunReport> {
  const { configuration } = project;
  const onEvent = sinkOf(options);
  if (await isMissing(configuration)) {
    // Connecting would create the database: find out first whether there is anything to run.
    const fromNothing = planFrom(project.graph, [], null);
    if (options.plan === true) {
      const planned = { plan: fromNothing, kept: noneKept, halfDone: null, warnings: fromNothing.warnings };
      return await reportOfPlan(project, planned, await dialectOf(configuration.database.dialect), options);
    }
    if (fromNothing.steps.length === 0) return reportOf(fromNothing);
  }
  if (options.plan === true) {
    return await withDatabase(configuration, { access: 'read', onEvent }, async (database) => {
      const planned = await checkedPlan(project, database, planFrom, options);
      const report = await reportOfPlan(project, planned, database.dialect, options);
      return { ...report, half_done: planned.halfDone === null ? null : halfDoneReport(planned.halfDone) };
    });
  }
  const { signal } = options;
  return await withDatabase(configuration, { access: 'write', onEvent, signal }, async (database) => {
    const { plan: early, halfDone } = await planHere(project, database, planFrom, options);
    // Without the lock, what looks half-done may be another run at work: then it counts only once that run has ended.
    if (early.steps.length === 0 && halfDone === null) return reportOf(early);
    return await runLocked(project, database, planFrom, options);
  });
}

const noneKept: ReadonlyMap<string, KeptRevision> = new Map();

interface PlanHere {
  readonly plan: MigrationPlan;
  readonly kept: ReadonlyMap<string, KeptRevision>;
  readonly halfDone: HalfDone | null;
}

/** The plan for what this database holds. An unknown row is told with what the journal knows of it. */
async function planHere(
  project: Project,
  database: Database,
  planFrom: Planner,
  { withGone }: RunSettings,
): Promise<PlanHere> {
  const rows = await database.versions.read();
  const { graph, kept } = withGone
    ? await withGoneRevisions(project, database, rows)
    : { graph: project.graph, kept: noneKept };
  const halfDone = halfDoneOf(await database.journal.readUnfinished());
  return { plan: await namingGone(project, database, rows, () => planFrom(graph, rows, halfDone)), kept, halfDone };
}

interface CheckedPlan extends PlanHere {
  readonly warnings: readonly string[];
}

/** {@link planHere} with what the policy `checksums` says about the files of applied revisions. */
async function checkedPlan(
  project: Project,
  database: Database,
  planFrom: Planner,
  options: RunSettings,
): Promise<CheckedPlan> {
  const planned = await planHere(project, database, planFrom, options);
  const warnings = [...planned.plan.warnings, ...(await checkAppliedFiles(project, database, planned.plan))];
  return { ...planned, warnings };
}

/** Every body of the plan with its limits, and what there is to be warned of. */
async function loadedPlan(
  { configuration }: Project,
  { plan, kept, warnings }: CheckedPlan,
  dialect: Dialect,
  options: RunSettings,
) {
  const transactionMode = options.transactionMode ?? configuration.transactionMode;
  const bodyOf = await loadBodies(plan, configuration, dialect, transactionMode, kept);
  const limits = runLimits(plan, bodyOf, options, configuration, dialect);
  return { transactionMode, bodyOf, limitsOf: limits.limitsOf, warnings: [...warnings, ...limits.warnings] };
}

/** What the plan would do. It is loaded as for a run, so that what would refuse the run refuses the plan. */
async function reportOfPlan(
  project: Project,
  planned: CheckedPlan,
  dialect: Dialect,
  options: RunSettings,
): Promise<RunReport> {
  const { warnings } = await loadedPlan(project, planned, dialect, options);
  return { ...reportOf({ ...planned.plan, warnings }), plan: true };
}

async function runLocked(
  project: Project,
  opened: Database,
  planFrom: Planner,
  options: RunSettings,
): Promise<RunReport> {
  const { configuration } = project;
  const { signal } = options;
  const onEvent = sinkOf(options);
  return await withLock(
    configuration,
    opened,
    { lockTimeoutMs: options.lockTimeoutMs, onEvent, signal },
    async (database) => {
      const planned = await checkedPlan(project, database, planFrom, options);
      const { plan, halfDone } = planned;
      refuseOtherHalfDone(plan, halfDone);
      const ids = plan.steps.map(({ revision }) => revision.id);
      await refuseIdsThatDoNotFit([...ids, ...plan.headsAfter], database, configuration);
      const { warnings, ...loaded } = await loadedPlan(project, planned, database.dialect, options);
      for (const text of warnings) onEvent({ kind: 'warning', text });
      throwIfInterrupted(signal);
      const finished = await carryOut(plan, {
        configuration,
        database,
        lock: database.lock,
        halfDone,
        runUnsettledAgain: options.runUnsettledAgain ?? false,
        ...loaded,
        retries: options.retries ?? configuration.retries,
        onEvent,
        signal,
      });
      const durations = new Map(finished.map(({ step, durationMs }) => [step.revision.id, durationMs]));
      return reportOf({ ...plan, warnings }, durations);
    },
  );
}

function reportOf(plan: MigrationPlan, durations?: ReadonlyMap<string, number>): RunReport {
  return {
    plan: false,
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
    half_done: null,
  };
}

function refuseOtherHalfDone(plan: MigrationPlan, halfDone: HalfDone | null): void {
  if (halfDone === null) return;
  const first = plan.steps[0];
  if (first?.revision.id === halfDone.revision && first.direction === halfDone.direction) return;
  throw halfDoneFirst(halfDone);
}
