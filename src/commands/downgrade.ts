import { text } from '../operations/argument-rules.ts';
import { planDowngrade } from '../planner/plan-downgrade.ts';
import { requireArguments } from './call-rules.ts';
import { configSource } from './invocation.ts';
import { countedOnce } from './run/counted-once.ts';
import { openProject, type ConfigSource } from './open-project.ts';
import type { RunReport } from './results.ts';
import { runMigration, type RunOptions, runOptions } from './run/run-migration.ts';

const signature = { config: configSource, target: text, options: runOptions };

/**
 * Takes down what is applied above the target, newest first: `-1`, `base`, an id, `label@-1`. A revision without a
 * downgrade refuses the run before anything happens. A revision whose file is gone is taken down by what the journal kept.
 */
export async function downgrade(config: ConfigSource, target: string, options: RunOptions = {}): Promise<RunReport> {
  requireArguments('downgrade', signature, [config, target, options]);
  const project = await openProject(config);
  const planner = countedOnce((graph, rows) => planDowngrade(graph, rows, target), [target]);
  return await runMigration(project, planner, { ...options, withGone: true });
}
