import type { Configuration } from '../environment/config/configuration.ts';
import type { RevisionGraph } from '../graph/revision-graph.ts';
import { oneOf, options } from '../operations/argument-rules.ts';
import type { MigrationPlan, VersionChange } from '../planner/migration-plan.ts';
import { planSteps, readVersionRows } from '../planner/version-rows.ts';
import { halfDoneOf, type HalfDone } from '../runtime/records/half-done.ts';
import { begin, commitVersions, record } from '../runtime/transaction.ts';
import { AludelError, isAludelError } from '../support/aludel-error.ts';
import { milliseconds, requireArguments, stoppableKeys } from './call-rules.ts';
import { withGoneRevisions } from './gone-revisions.ts';
import { configSource, sinkOf, type Watched } from './invocation.ts';
import { halfDoneReport } from './run/half-done-report.ts';
import { isMissing, withDatabase, withLock, type LockedDatabase } from './open-database.ts';
import { openProject, type ConfigSource, type Project } from './open-project.ts';
import type { HalfDoneReport, RepairReport } from './results.ts';
import { runMigration } from './run/run-migration.ts';

/** What to do about a revision that a killed run left half-done; without one of these it is only shown. */
export type Repair = 'resume' | 'assume-done' | 'mark-applied' | 'mark-reverted';

export interface RepairOptions extends Watched {
  /**
   * - `resume` finishes it, and runs a statement again that the catalogue cannot settle;
   * - `assume-done` records that the statement in doubt took effect;
   * - `mark-applied` and `mark-reverted` say how the revision stands after somebody finished or undid it by hand.
   */
  readonly repair?: Repair;
  /** How long to wait for the migration lock, in milliseconds; overrides the configuration's. */
  readonly lockTimeoutMs?: number;
  /** Stops a `resume`, as it does `upgrade`. */
  readonly signal?: AbortSignal;
}

const signature = {
  config: configSource,
  options: options<RepairOptions>({
    ...stoppableKeys,
    repair: oneOf('resume', 'assume-done', 'mark-applied', 'mark-reverted'),
    lockTimeoutMs: milliseconds,
  }),
};

/** Shows what a killed run left half-done, and settles it as told. */
export async function repair(config: ConfigSource, options: RepairOptions = {}): Promise<RepairReport> {
  requireArguments('repair', signature, [config, options]);
  const project = await openProject(config);
  const { configuration } = project;
  const database = configuration.database.display;
  const nothing: RepairReport = { database, half_done: null, held_by: null, action: 'none', heads_after: [] };
  if (await isMissing(configuration)) return nothing;
  const found = await withDatabase(
    configuration,
    { access: 'read', onEvent: sinkOf(options) },
    async ({ journal, versions }) => ({
      halfDone: halfDoneOf(await journal.readUnfinished()),
      rows: await versions.read(),
    }),
  );
  if (found.halfDone === null) return { ...nothing, heads_after: found.rows };
  const half_done = halfDoneReport(found.halfDone);
  if (options.repair === undefined) {
    return { database, half_done, held_by: await lockHolder(configuration), action: 'none', heads_after: found.rows };
  }
  if (options.repair === 'resume') {
    const run = await runMigration(project, planOf, {
      ...options,
      withGone: found.halfDone.direction === 'downgrade',
      runUnsettledAgain: true,
    });
    // It was under way, and the run that had begun it has finished it.
    if (run.steps.length === 0) return { ...nothing, heads_after: run.heads_after };
    return { database, half_done, held_by: null, action: 'resumed', heads_after: run.heads_after };
  }
  return { ...nothing, ...(await settleByHand(project, options.repair, half_done, options)) };
}

/**
 * Who holds the migration lock, so that what looks half-done may be under way; null when nobody does, or when that cannot
 * be found out. The lock is taken for a moment: nothing else tells on every database.
 */
async function lockHolder(configuration: Configuration): Promise<string | null> {
  const onEvent = (): void => undefined;
  try {
    await withDatabase(configuration, { access: 'write', onEvent }, (database) =>
      withLock(configuration, database, { lockTimeoutMs: 0, onEvent }, () => Promise.resolve()),
    );
    return null;
  } catch (error) {
    if (!isAludelError(error) || error.code !== 'database.locked') return null;
    return typeof error.facts['holder'] === 'string' ? error.facts['holder'] : 'another process';
  }
}

/**
 * Writes what somebody says about the half-done revision, under the lock and after reading it again. An answer counts for
 * what it was given for: when a run that was under way has moved on meanwhile, nothing is written and what is there now is
 * shown. Nor is anything written when no statement is in doubt.
 */
async function settleByHand(
  project: Project,
  answer: Exclude<Repair, 'resume'>,
  seen: HalfDoneReport,
  options: RepairOptions,
): Promise<Pick<RepairReport, 'half_done' | 'action' | 'heads_after'>> {
  const { lockTimeoutMs } = options;
  const { configuration } = project;
  const onEvent = sinkOf(options);
  return await withDatabase(configuration, { access: 'write', onEvent }, (database) =>
    withLock(configuration, database, { lockTimeoutMs, onEvent }, async (locked) => {
      const halfDone = halfDoneOf(await locked.journal.readUnfinished());
      const rows = await locked.versions.read();
      if (halfDone === null) return { half_done: null, action: 'none', heads_after: rows };
      const half_done = halfDoneReport(halfDone);
      if (JSON.stringify(half_done) !== JSON.stringify(seen)) return { half_done, action: 'none', heads_after: rows };
      if (answer === 'assume-done') {
        const action = (await assumeDone(locked, halfDone)) ? 'assumed-done' : 'none';
        return { half_done, action, heads_after: rows };
      }
      const heads_after = await mark(project, locked, halfDone, answer, rows);
      return { half_done, action: answer === 'mark-applied' ? 'marked-applied' : 'marked-reverted', heads_after };
    }),
  );
}

/** False when no statement is in doubt, and nothing was written. */
async function assumeDone(locked: LockedDatabase, halfDone: HalfDone): Promise<boolean> {
  const doubtful = [...halfDone.statements].filter(([, { state }]) => state === 'in-doubt');
  if (doubtful.length === 0) return false;
  await record(
    locked,
    doubtful.map(([number, { sql, sqlHash }]) => ({
      event: 'done',
      revision: halfDone.revision,
      direction: halfDone.direction,
      statement: number,
      sql,
      sqlHash,
      detail: { settled: 'by hand' },
    })),
  );
  return true;
}

const noChange: VersionChange = { remove: [], update: [], insert: [] };

/** The rows change when the revision now stands on the other side of its half-done step, and only then its edges are needed. */
async function mark(
  project: Project,
  locked: LockedDatabase,
  halfDone: HalfDone,
  answer: 'mark-applied' | 'mark-reverted',
  rows: readonly string[],
): Promise<readonly string[]> {
  const { direction, revision } = halfDone;
  const finished = (answer === 'mark-applied') === (direction === 'upgrade');
  // What was applied here is in the journal too.
  const plan = finished ? planOf((await withGoneRevisions(project, locked, rows)).graph, rows, halfDone) : null;
  begin(locked);
  await commitVersions(locked, plan?.steps[0]?.versionChange ?? noChange, [
    { event: 'stamped', revision, direction, message: `aludel repair --${answer}` },
  ]);
  return plan?.headsAfter ?? rows;
}

/** The answers that change no version row: all that the journal does not know is in the file. */
const withoutFile = {
  upgrade: 'Without it: undo by hand what the upgrade did, and say so with aludel repair --mark-reverted.',
  downgrade: 'Without it: put back by hand what the downgrade took away, and say so with aludel repair --mark-applied.',
};

/** The one step that was left half-done; no step when there is none. */
function planOf(graph: RevisionGraph, rows: readonly string[], halfDone: HalfDone | null): MigrationPlan {
  if (halfDone === null) return planSteps(graph, readVersionRows(graph, rows), 'upgrade', []);
  const { revision, direction } = halfDone;
  const position = graph.positionOf.get(revision);
  if (position === undefined) {
    throw new AludelError('database.unknown-revision', `Revision ${revision} was left half-done, and no file has it.`, {
      hint: `Restore its file first, or check out the branch that has it.\n${withoutFile[direction]}`,
      facts: { unknown: [revision] },
    });
  }
  return planSteps(graph, readVersionRows(graph, rows), direction, [position]);
}
