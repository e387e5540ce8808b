import type { QueryResult, Connection } from '../dialects/connection.ts';
import type { Dialect } from '../dialects/dialect.ts';
import type { LimitScripts } from '../dialects/limits.ts';
import type { HeldLock } from '../dialects/lock.ts';
import { createOperations } from '../operations/operations.ts';
import type { SchemaBuilder } from '../operations/schema-builder.ts';
import type { MigrationPlan, PlanStep, VersionChange } from '../planner/migration-plan.ts';
import { differenceOf } from '../planner/version-rows.ts';
import { isAludelError, type AludelError } from '../support/aludel-error.ts';
import type { BlockerWatch } from './blocker-watch.ts';
import { halfDoneOf, type HalfDone } from './half-done.ts';
import type { Interruption } from './interruption.ts';
import type { Journal, JournalEntry } from './journal.ts';
import type { RevisionBody } from './revision-body.ts';
import { openRevisionSession, type RevisionSession } from './revision-session.ts';
import type { Retries } from './retries.ts';
import type { EventSink } from './run-event.ts';
import { connectionLost } from './statement-errors.ts';
import { createStatementRunner, type RunnerPorts, type StatementRunner } from './statement-runner.ts';
import { stepFailed } from './step-failed.ts';
import { begin, commitVersions, lift, limit, record, rollBack } from './transaction.ts';
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
  readonly pause: RunnerPorts['pause'];
  /** Calls user code so that it cannot end the process under a run. */
  readonly contain: <T>(userCode: () => T, stop: Promise<never>) => Promise<Awaited<T>>;
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
  const knexOfRun = await loadKnex(plan, ports);
  const last = plan.steps.at(-1);
  if (ports.transactionMode !== 'all' || last === undefined) {
    return (await runSteps(plan, knexOfRun, null, ports)) ?? [];
  }
  for (;;) {
    // Nobody sees the version rows between two steps of one transaction, so they are written once, at its end.
    const owed: JournalEntry[] = [];
    begin(ports, ports.limitsOf(last).scripts);
    const finished = await runSteps(plan, knexOfRun, owed, ports);
    if (finished === null) continue;
    try {
      await commit(last, differenceOf(plan.headsBefore, plan.headsAfter), owed, ports);
      return finished;
    } catch (error) {
      if (!(await ports.retries.again(error, last))) throw error;
    }
  }
}

/** Null when the transaction around all steps was rolled back and is to be begun again. */
async function runSteps(
  plan: MigrationPlan,
  knexOfRun: KnexOfRun | null,
  owed: JournalEntry[] | null,
  ports: RunPorts,
): Promise<readonly FinishedStep[] | null> {
  const finished: FinishedStep[] = [];
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
    if (durationMs === null) return null;
    finished.push({ step, durationMs });
    ports.onEvent({ kind: 'step-finished', ...place, durationMs });
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

/**
 * Runs one step, again while it fails for a reason that passes; answers its wall time in milliseconds. Null when one
 * transaction spans the run and the whole of it has to run again.
 */
async function runStep(
  step: PlanStep,
  knexOfRun: KnexOfRun | null,
  run: { readonly finished: readonly FinishedStep[]; readonly owed: JournalEntry[] | null },
  ports: RunPorts,
): Promise<number | null> {
  const { dialect, connection, transactionMode, retries } = ports;
  const body = ports.bodyOf(step);
  const limits = ports.limitsOf(step);
  const own = transactionMode === 'revision' && dialect.transactionalDdl && (body.kind === 'code' || body.transaction);
  const startedAt = ports.now();
  let { halfDone } = ports;
  for (;;) {
    const runner = createStatementRunner(
      {
        ...ports,
        step,
        halfDone: halfDone?.revision === step.revision.id ? halfDone : null,
        mayCommit: transactionMode !== 'all',
        limits: limits.scripts,
        firstLookMs: limits.firstLookMs,
      },
      own || transactionMode === 'all',
    );
    try {
      ports.interruption.check();
      if (own) begin(ports, limits.scripts);
      if (run.owed !== null) limit(ports, limits.scripts);
      await runBody(body, step, runner, knexOfRun, ports);
      runner.finishReplay();
      const durationMs = ports.now() - startedAt;
      const entry = finishedEntry(step, body, durationMs);
      if (runner.isInsideTransaction()) lift(ports, limits.scripts);
      else begin(ports);
      if (run.owed !== null) {
        run.owed.push(entry);
        return durationMs;
      }
      await commit(step, step.versionChange, [entry], ports);
      retries.succeeded();
      return durationMs;
    } catch (thrown) {
      await ports.interruption.settled();
      await rollBack(connection);
      lift(ports, limits.scripts);
      const lost = await ports.lock.loss();
      const isStopped = lost !== null || ports.interruption.isAsked();
      if (!isStopped && !runner.isBoundToSession() && (await retries.again(thrown, step))) {
        if (run.owed !== null) return null;
        // What this try has left for good is there for the next one as it would be for another run.
        halfDone = halfDoneOf(await ports.journal.readUnfinished());
        continue;
      }
      const obstacle = isStopped ? null : retries.obstacle();
      const error = stepFailed({
        step,
        body,
        runner,
        thrown: lost ?? lossBehind(thrown, !runner.isInsideTransaction(), ports) ?? ports.interruption.explain(thrown),
        obstacle,
        wholeRun: transactionMode === 'all',
        completed: run.owed === null ? run.finished.map((done) => done.step.revision.id) : [],
        redact: ports.redact,
      });
      // On SQLite the journal is behind the same lock: what did not come in time for the revision will not for its record.
      if (obstacle !== null && !ports.lock.pooled) limit(ports, limits.scripts);
      await recordFailure(step, error.message, ports);
      lift(ports, limits.scripts);
      throw error;
    }
  }
}

/** The error in words when it came with the loss of the connection; null when that is not what happened. */
function lossBehind(thrown: unknown, mayLast: boolean, { connection }: RunPorts): AludelError | null {
  const reason = connection.lostBecause();
  if (reason === null || isAludelError(thrown)) return null;
  return connectionLost(reason, mayLast, thrown);
}

async function commit(
  { revision }: PlanStep,
  change: VersionChange,
  entries: readonly JournalEntry[],
  ports: RunPorts,
): Promise<void> {
  ports.onEvent({ kind: 'committing', revision: revision.id });
  try {
    await commitVersions(ports, change, [...ports.retries.entries(), ...entries]);
    ports.retries.recorded();
  } catch (error) {
    throw lossBehind(error, true, ports) ?? ports.interruption.explain(error);
  }
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
    await ports.contain(() => body.run(createOperations({ ...session.port, context })), ports.interruption.asked);
    await session.finish();
  } finally {
    // A function that was left behind, or that failed, may have a statement under way.
    await session.close();
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
      // Enough to take it down when its file is gone.
      ...(step.direction === 'upgrade' ? { file: step.revision.path, source: body.source } : {}),
    },
  };
}

/** For the record only: a connection that is gone, or a journal that cannot be written, must not hide the error. */
async function recordFailure(step: PlanStep, message: string, ports: RunPorts): Promise<void> {
  if ((ports.lock.lostBecause() ?? ports.connection.lostBecause()) !== null) return;
  try {
    await record(ports, [
      ...ports.retries.entries(),
      { event: 'failed', revision: step.revision.id, direction: step.direction, message: ports.redact(message) },
    ]);
  } catch {
    // The error that is about to be thrown says more than this one would.
  }
}
