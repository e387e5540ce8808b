import { containUserCode } from '../../environment/contain-user-code.ts';
import type { Configuration } from '../../environment/config/configuration.ts';
import { sha256 } from '../../environment/hash.ts';
import { systemClock } from '../../environment/system.ts';
import type { MigrationPlan } from '../../planner/migration-plan.ts';
import { createBlockerWatch } from '../../runtime/blocker-watch.ts';
import { createInterruption } from '../../runtime/interruption.ts';
import { createRetries } from '../../runtime/retries.ts';
import { runPlan } from '../../runtime/run-plan.ts';
import type { RunPorts } from '../../runtime/run-ports.ts';
import type { FinishedStep } from '../../runtime/run-step.ts';
import { redactor, type Database } from '../open-database.ts';

/** What is decided when a run begins: the lock is held, and every revision is loaded. */
export interface ReadyRun extends Pick<
  RunPorts,
  'lock' | 'halfDone' | 'runUnsettledAgain' | 'bodyOf' | 'limitsOf' | 'transactionMode' | 'onEvent'
> {
  readonly configuration: Configuration;
  readonly database: Database;
  /** How often a transaction is tried again. */
  readonly retries: number;
  /** Stops the run. */
  readonly signal: AbortSignal | undefined;
}

/** Runs a plan with the clock, the connections and the user's code of this process. */
export async function carryOut(
  plan: MigrationPlan,
  { configuration, database, retries, signal, ...run }: ReadyRun,
): Promise<readonly FinishedStep[]> {
  const { connection } = database;
  const redact = redactor(configuration);
  const paths = plan.steps.map(({ revision }) => revision.path);
  // A run that is stopped sleeps no longer, and does not go on afterwards.
  const pause = (ms: number): Promise<void> => systemClock.sleep(ms, signal).catch(() => undefined);
  const interruption = createInterruption(signal, () => connection.cancel(), run.onEvent);
  const watch = createBlockerWatch({
    ...database,
    // A pooler announces a number of its own.
    session: run.lock.pooled ? null : connection.session,
    after: (ms, action) => systemClock.after(ms, action),
  });
  try {
    return await runPlan(plan, {
      ...database,
      ...run,
      x: configuration.x,
      hash: sha256,
      now: () => systemClock.monotonic(),
      pause,
      contain: (work, stop) => containUserCode(work, stop, paths),
      interruption,
      redact,
      watch,
      retries: createRetries({
        ...database,
        watch,
        retries,
        retryDelayMs: configuration.retryDelayMs,
        sleep: pause,
        random: Math.random,
        onEvent: run.onEvent,
        redact,
      }),
    });
  } finally {
    interruption.dispose();
    // A cancel that is still on its way must not meet what comes next on this connection.
    await interruption.settled();
    await watch.close();
  }
}
