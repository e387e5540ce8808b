import { createOperations } from '../operations/operations.ts';
import type { SchemaBuilder } from '../operations/schema-builder.ts';
import type { PlanStep, VersionChange } from '../planner/migration-plan.ts';
import { isAludelError, type AludelError } from '../support/aludel-error.ts';
import { halfDoneOf } from './half-done.ts';
import type { JournalEntry } from './journal.ts';
import type { RevisionBody } from './revision-body.ts';
import { openRevisionSession, type RevisionSession } from './revision-session.ts';
import type { RunPorts } from './run-ports.ts';
import { connectionLost } from './statement-errors.ts';
import { createStatementRunner, type StatementRunner } from './statement-runner.ts';
import { stepFailed } from './step-failed.ts';
import { begin, commitVersions, lift, limit, record, rollBack } from './transaction.ts';

export interface FinishedStep {
  readonly step: PlanStep;
  readonly durationMs: number;
}

/** knex for a whole run; what it compiles goes to the revision that is running. */
export interface KnexOfRun {
  readonly builder: SchemaBuilder;
  current: RevisionSession | null;
}

/**
 * Runs one step, again while it fails for a reason that passes; answers its wall time in milliseconds. Null when one
 * transaction spans the run and the whole of it has to run again.
 */
export async function runStep(
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

/** Writes version rows and journal rows, and commits the transaction that is open. */
export async function commit(
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
