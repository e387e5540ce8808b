import type { PlanStep, VersionChange } from '../planner/migration-plan.ts';
import { isAludelError, type AludelError } from '../support/aludel-error.ts';
import { halfDoneOf, type HalfDone } from './records/half-done.ts';
import type { JournalEntry } from './records/journal-entry.ts';
import { finishedEntry, runBody, type KnexOfRun } from './run-body.ts';
import type { RunPorts } from './run-ports.ts';
import { connectionLost } from './statement-errors.ts';
import { createStatementRunner } from './statements/statement-runner.ts';
import { stepFailed } from './step-failed.ts';
import { whatWasMeant } from './statements/what-was-meant.ts';
import { begin, commitVersions, lift, limit, record, restore, rollBack } from './transaction.ts';

export interface FinishedStep {
  readonly step: PlanStep;
  readonly durationMs: number;
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
      await runBody(body, step, runner, knexOfRun, { ...ports, stop: ports.interruption.asked, offline: false });
      runner.finishReplay();
      const durationMs = ports.now() - startedAt;
      const entry = finishedEntry(step, body, { durationMs, source: true });
      restore(ports);
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
      const failure = isAludelError(thrown) ? null : runner.lastFailure();
      const meantBefore = await whatWasMeant(failure, ports);
      await rollBack(connection);
      const meant = meantBefore ?? (await whatWasMeant(failure, ports));
      restore(ports);
      lift(ports, limits.scripts);
      const lost = await ports.lock.loss();
      const isStopped = lost !== null || ports.interruption.isAsked();
      if (!isStopped && !runner.isBoundToSession() && (await retries.again(thrown, step))) {
        if (run.owed !== null) return null;
        // What this try has left for good is there for the next one as it would be for another run.
        const left = await leftBehind(ports);
        if (left !== 'unknown') {
          halfDone = left;
          continue;
        }
      }
      const obstacle = isStopped ? null : retries.obstacle();
      const error = stepFailed({
        step,
        body,
        runner,
        halfDone,
        meant,
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

/** What the journal knows of the tries before; `unknown` when it cannot be read: the error of the step says more than that. */
async function leftBehind(ports: RunPorts): Promise<HalfDone | null | 'unknown'> {
  try {
    await record(ports, []);
    return halfDoneOf(await ports.journal.readUnfinished());
  } catch {
    return 'unknown';
  }
}

/** For the record only: a connection that is gone, or a journal that cannot be written, must not hide the error. */
export async function recordFailure(step: PlanStep | null, message: string, ports: RunPorts): Promise<void> {
  if ((ports.lock.lostBecause() ?? ports.connection.lostBecause()) !== null) return;
  try {
    await record(ports, [
      ...ports.retries.entries(),
      {
        event: 'failed',
        revision: step?.revision.id ?? null,
        direction: step?.direction ?? null,
        message: ports.redact(message),
      },
    ]);
  } catch {
    // The error that is about to be thrown says more than this one would.
  }
}
