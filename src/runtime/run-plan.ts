import type { MigrationPlan } from '../planner/migration-plan.ts';
import { differenceOf } from '../planner/version-rows.ts';
import { commitFailed } from './commit-failed.ts';
import type { JournalEntry } from './records/journal-entry.ts';
import { loadKnex, type KnexOfRun } from './run-body.ts';
import type { RunPorts } from './run-ports.ts';
import { commit, recordFailure, runStep, type FinishedStep } from './run-step.ts';
import { begin } from './transaction.ts';

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
  const isCode = plan.steps.some((step) => ports.bodyOf(step).kind === 'code');
  const knexOfRun = isCode ? await loadKnex(ports.dialect) : null;
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
    } catch (thrown) {
      if (await ports.retries.again(thrown, last)) continue;
      const error = commitFailed(plan.steps, thrown, ports);
      await recordFailure(null, error.message, ports);
      throw error;
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
