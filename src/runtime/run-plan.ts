import type { QueryResult, Connection } from '../dialects/connection.ts';
import type { Dialect } from '../dialects/dialect.ts';
import type { HeldLock } from '../dialects/lock.ts';
import { createOperations } from '../operations/operations.ts';
import type { SchemaBuilder } from '../operations/schema-builder.ts';
import type { MigrationPlan, PlanStep, VersionChange } from '../planner/migration-plan.ts';
import { differenceOf } from '../planner/version-rows.ts';
import type { HalfDone } from './half-done.ts';
import type { Journal, JournalEntry } from './journal.ts';
import type { RevisionBody } from './revision-body.ts';
import { openRevisionSession, type RevisionSession } from './revision-session.ts';
import type { EventSink } from './run-event.ts';
import { createStatementRunner, type RunnerPorts, type StatementRunner } from './statement-runner.ts';
import { stepFailed } from './step-failed.ts';
import { begin, commitVersions, rollBack } from './transaction.ts';
import type { VersionStore } from './version-store.ts';

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
  /** Calls user code so that it cannot end the process under a run. */
  readonly contain: <T>(userCode: () => T) => Promise<Awaited<T>>;
  readonly redact: (text: string) => string;
}

export interface FinishedStep {
  readonly step: PlanStep;
  readonly durationMs: number;
}

/**
 * Runs a plan. For each step:
 *
 * 1. begin a transaction, unless one is open around the whole run, the revision asked for none, or the database could
 *    not roll it back;
 * 2. run the body, every statement through one runner;
 * 3. write the version rows the planner worked out and one journal row, in the same transaction;
 * 4. commit.
 *
 * A step that throws is rolled back and ends the run; the steps before it stay. Call it with the lock held.
 */
export async function runPlan(plan: MigrationPlan, ports: RunPorts): Promise<readonly FinishedStep[]> {
  const finished: FinishedStep[] = [];
  const knexOfRun = await loadKnex(plan, ports);
  const last = plan.steps.at(-1);
  // Nobody sees the version rows between two steps of one transaction, so they are written once, at its end.
  const owed: JournalEntry[] | null = ports.transactionMode === 'all' && last !== undefined ? [] : null;

  if (owed !== null) begin(ports);
  for (const [index, step] of plan.steps.entries()) {
    const place = {
      direction: step.direction,
      revision: step.revision.id,
      message: step.revision.message,
      step: index + 1,
      steps: plan.steps.length,
    };
    ports.onEvent({ kind: 'step-started', ...place });
    const durationMs = await runStep(step, knexOfRun, { finished, owed }, ports);
    finished.push({ step, durationMs });
    ports.onEvent({ kind: 'step-finished', ...place, durationMs });
  }
  if (owed !== null && last !== undefined) {
    await commit(last, differenceOf(plan.headsBefore, plan.headsAfter), owed, ports);
  }
  return finished;
}

/** knex for a whole run; what it compiles goes to the revision that is running. */
interface KnexOfRun {
  readonly builder: SchemaBuilder;
  current: RevisionSession | null;
}

/** knex costs more to load than a small run takes, so it is loaded only when a code revision will run. */
async function loadKnex(plan: MigrationPlan, ports: RunPorts): Promise<KnexOfRun | null> {
  if (!plan.steps.some((step) => ports.bodyOf(step).kind === 'code')) return null;
  const builder = await ports.dialect.loadBuilder(async (statement, builtAt): Promise<QueryResult> => {
    if (loaded.current === null) throw new Error('op.knex was used outside its revision');
    return await loaded.current.runFromKnex(statement, builtAt);
  });
  const loaded: KnexOfRun = { builder, current: null };
  return loaded;
}

/** Runs one step; answers its wall time in milliseconds. */
async function runStep(
  step: PlanStep,
  knexOfRun: KnexOfRun | null,
  run: { readonly finished: readonly FinishedStep[]; readonly owed: JournalEntry[] | null },
  ports: RunPorts,
): Promise<number> {
  const { dialect, connection, transactionMode } = ports;
  const body = ports.bodyOf(step);
  const own = transactionMode === 'revision' && dialect.transactionalDdl && (body.kind === 'code' || body.transaction);
  const startedAt = ports.now();
  const runner = createStatementRunner(
    {
      ...ports,
      step,
      halfDone: ports.halfDone?.revision === step.revision.id ? ports.halfDone : null,
      mayCommit: transactionMode !== 'all',
    },
    own || transactionMode === 'all',
  );
  try {
    if (own) begin(ports);
    await runBody(body, step, runner, knexOfRun, ports);
    runner.finishReplay();
    const durationMs = ports.now() - startedAt;
    const entry = finishedEntry(step, body, durationMs);
    if (run.owed !== null) {
      run.owed.push(entry);
    } else {
      if (!runner.isInsideTransaction()) begin(ports);
      await commit(step, step.versionChange, [entry], ports);
    }
    return durationMs;
  } catch (thrown) {
    await rollBack(connection);
    const error = stepFailed({
      step,
      body,
      runner,
      thrown,
      wholeRun: transactionMode === 'all',
      completed: run.owed === null ? run.finished.map((done) => done.step.revision.id) : [],
      redact: ports.redact,
    });
    await recordFailure(step, error.message, ports);
    throw error;
  }
}

async function commit(
  { revision }: PlanStep,
  change: VersionChange,
  entries: readonly JournalEntry[],
  ports: RunPorts,
): Promise<void> {
  ports.onEvent({ kind: 'committing', revision: revision.id });
  await commitVersions(ports, change, entries);
  ports.onEvent({ kind: 'committed', revision: revision.id });
}

async function runBody(
  body: RevisionBody,
  step: PlanStep,
  runner: StatementRunner,
  knexOfRun: KnexOfRun | null,
  ports: RunPorts,
): Promise<void> {
  if (body.kind === 'sql') {
    for (const part of ports.dialect.splitStatements(body.text)) {
      const line = body.firstLine + part.line - 1;
      await runner.run({ sql: part.sql, bindings: [] }, { caller: null, line });
    }
    return;
  }
  if (knexOfRun === null) throw new Error('knex was not loaded for a code revision');
  const session = openRevisionSession(runner, knexOfRun.builder);
  const context = {
    dialect: ports.dialect.name,
    revision: step.revision.id,
    direction: step.direction,
    x: ports.x,
  };
  knexOfRun.current = session;
  try {
    await ports.contain(() => body.run(createOperations({ ...session.port, context })));
    await session.finish();
  } finally {
    knexOfRun.current = null;
  }
}

function finishedEntry(step: PlanStep, body: RevisionBody, durationMs: number): JournalEntry {
  const { remove, update, insert } = step.versionChange;
  return {
    event: step.direction === 'upgrade' ? 'applied' : 'reverted',
    revision: step.revision.id,
    direction: step.direction,
    message: step.revision.message,
    checksum: body.checksum,
    exactChecksum: body.exactChecksum,
    durationMs,
    detail: {
      rows_removed: [...remove, ...update.map(({ from }) => from)],
      rows_added: [...update.map(({ to }) => to), ...insert],
      ...(step.direction === 'upgrade' ? { file: step.revision.path, source: body.source } : {}),
    },
  };
}

/** For the record only: a connection that is gone, or a journal that cannot be written, must not hide the error. */
async function recordFailure(step: PlanStep, message: string, ports: RunPorts): Promise<void> {
  if (ports.connection.lostBecause() !== null) return;
  try {
    await ports.journal.append([
      { event: 'failed', revision: step.revision.id, direction: step.direction, message: ports.redact(message) },
    ]);
  } catch {
    // The error that is about to be thrown says more than this one would.
  }
}
