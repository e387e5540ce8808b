import { dialectOf } from '../../dialects/registry.ts';
import type { TestFile } from '../../environment/read-test-files.ts';
import type { Revision } from '../../graph/revision.ts';
import type { PlanStep } from '../../planner/migration-plan.ts';
import { planSingle } from '../../planner/plan-single.ts';
import { throwIfInterrupted } from '../../runtime/interruption.ts';
import type { EventSink } from '../../runtime/run-event.ts';
import { diff } from '../../schema/diff.ts';
import type { Snapshot } from '../../schema/snapshot.ts';
import { AludelError, isAludelError } from '../../support/aludel-error.ts';
import { withDatabase } from '../open-database.ts';
import type { Project } from '../open-project.ts';
import { readSchema } from '../schema/read-schema.ts';
import type { ChangeReport, TestFailure } from '../results.ts';
import { runHook } from './run-hook.ts';
import { runMigration } from '../run/run-migration.ts';
import { readRowsOf, rowDifferences, type TableRows } from './table-rows.ts';

/** A project on a scratch database, and what stops the work on it. */
export interface Trial {
  readonly project: Project;
  readonly onEvent: EventSink;
  readonly signal: AbortSignal | undefined;
}

/** A revision as it is tested. */
export interface TestedStep {
  readonly revision: Revision;
  readonly file: TestFile | null;
  readonly hasDowngrade: boolean;
}

/** How a round trip ended. */
export interface RoundTrip {
  /** Null when all is well. */
  readonly failure: TestFailure | null;
  /** Where it ended; null when that is not known. */
  readonly schema: Snapshot | null;
}

type Move = TestFailure['at'];
type Hook = 'before' | 'after' | 'afterDowngrade';

/** What a revision did not do, in the words of a report. */
class MoveFailed extends Error {
  readonly failure: TestFailure;
  constructor(failure: TestFailure) {
    super(failure.reason);
    this.failure = failure;
  }
}

/**
 * Takes a revision up, down and up again on a scratch database that holds all it needs:
 *
 * 1. `before` of its test file; then the upgrade, and `after`;
 * 2. the downgrade, after which the schema must be the one before, with the rows of the tables where it has a test file; then
 *    `afterDowngrade`;
 * 3. the upgrade again, after which the schema must be that after the first one.
 *
 * One without a downgrade ends with 1. `start` is the schema as it is, where that is known. Throws what is no fault of the
 * revision's: a lost connection, a signal.
 */
export async function roundTrip(step: TestedStep, start: Snapshot | null, trial: Trial): Promise<RoundTrip> {
  try {
    return { failure: null, schema: await walk(step, start, trial) };
  } catch (error) {
    if (error instanceof MoveFailed) return { failure: error.failure, schema: null };
    throw error;
  }
}

/** The schema at the end; null when it was not looked at. */
async function walk(step: TestedStep, known: Snapshot | null, trial: Trial): Promise<Snapshot | null> {
  const { file } = step;
  const start = step.hasDowngrade ? (known ?? (await look(trial, null)).schema) : null;
  await call('before', step, trial);
  const loses = file?.loses ?? null;
  const rows = start === null || loses === null ? null : (await look(trial, loses)).rows;
  await move('upgrade', 'upgrade', step, trial);
  const applied = start === null ? null : await look(trial, null);
  await call('after', step, trial);
  if (start === null || applied === null) return null;
  await move('downgrade', 'downgrade', step, trial);
  const back = await look(trial, loses);
  await compare('downgrade', start, back.schema, 'before the upgrade');
  if (rows !== null) compareRows(rows, back.rows);
  await call('afterDowngrade', step, trial);
  await move('second-upgrade', 'upgrade', step, trial);
  const { schema } = await look(trial, null);
  await compare('second-upgrade', applied.schema, schema, 'after the first upgrade');
  return schema;
}

/**
 * Takes a revision up as {@link roundTrip} left it, on a new scratch database. False when it never went up before, since its
 * `before` failed, and does not now; throws migration.failed when it did.
 */
export async function applyAgain(step: TestedStep, withBefore: boolean, trial: Trial): Promise<boolean> {
  const { id, path } = step.revision;
  try {
    if (withBefore) await call('before', step, trial);
    await move('upgrade', 'upgrade', step, trial);
    return true;
  } catch (error) {
    if (!(error instanceof MoveFailed)) throw error;
    if (!withBefore) return false;
    throw new AludelError(
      'migration.failed',
      `Revision ${id} was applied to one scratch database and not to the next one: ${error.failure.reason}`,
      {
        where: error.failure.where ?? path,
        hint: 'It depends on something outside the database, or on what a scratch database does not hold.',
        facts: { revision: id, at: error.failure.at },
        cause: error,
      },
    );
  }
}

async function move(
  at: Move,
  direction: PlanStep['direction'],
  { revision }: TestedStep,
  { project, onEvent, signal }: Trial,
): Promise<void> {
  await failingAt(at, signal, () =>
    runMigration(project, (graph, rows) => planSingle(graph, rows, direction, revision.id), {
      withGone: false,
      onEvent,
      ...(signal === undefined ? {} : { signal }),
    }),
  );
}

async function call(hook: Hook, { revision, file }: TestedStep, { project, onEvent, signal }: Trial): Promise<void> {
  const run = file?.[hook] ?? null;
  if (file === null || run === null) return;
  const direction = hook === 'afterDowngrade' ? 'downgrade' : 'upgrade';
  await failingAt(hook, signal, () => runHook(project, { revision, direction, file, run }, onEvent, signal));
}

/** Codes of what a revision, or a function of its test file, does wrong. */
const ownFaults: ReadonlySet<string> = new Set(['migration.failed', 'migration.partial', 'migration.blocked']);

async function failingAt(at: Move, signal: AbortSignal | undefined, act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    // What a signal stopped half-way looks like a revision that failed.
    throwIfInterrupted(signal);
    if (!isAludelError(error) || !ownFaults.has(error.code)) throw error;
    const { reason } = error.facts;
    throw new MoveFailed({
      at,
      reason: `It fails: ${typeof reason === 'string' ? reason : error.message}.`,
      where: error.where,
      changes: [],
    });
  }
}

interface Sight {
  readonly schema: Snapshot;
  readonly rows: TableRows;
}

/** The schema, and unless `withoutTables` is null the rows of the other tables. */
async function look({ project, onEvent }: Trial, withoutTables: readonly string[] | null): Promise<Sight> {
  const { configuration } = project;
  return await withDatabase(configuration, { access: 'read', onEvent }, async ({ connection, dialect }) => {
    const schema = await readSchema(connection, dialect, configuration);
    const rows = withoutTables === null ? new Map() : await readRowsOf(schema, withoutTables, connection, dialect);
    return { schema, rows };
  });
}

async function compare(at: Move, wanted: Snapshot, found: Snapshot, when: string): Promise<void> {
  const { schema } = await dialectOf(found.dialect);
  const reason = `The schema is not what it was ${when}.`;
  let changes: readonly ChangeReport[];
  try {
    changes = diff({ from: wanted, to: found }, schema);
  } catch (error) {
    if (!isAludelError(error) || error.code !== 'schema.cannot-change') throw error;
    // It differs in what no statement changes.
    throw new MoveFailed({ at, reason: `${reason} ${error.message}`, where: null, changes: [] });
  }
  if (changes.length > 0) throw new MoveFailed({ at, reason, where: null, changes });
}

function compareRows(before: TableRows, after: TableRows): void {
  const differences = rowDifferences(before, after);
  if (differences.length === 0) return;
  throw new MoveFailed({
    at: 'downgrade',
    reason: `Rows are not what they were before the upgrade: ${differences.join('; ')}.`,
    where: null,
    changes: [],
  });
}
