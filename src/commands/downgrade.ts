import { planDowngrade } from '../planner/plan-downgrade.ts';
import { countedOnce } from './run/counted-once.ts';
import { openProject, type ConfigSource } from './open-project.ts';
import type { RunReport } from './results.ts';
import { runMigration, type RunOptions } from './run/run-migration.ts';

/**
 * Takes down what is applied above the target, newest first: `-1`, `base`, an id, `label@-1`. A revision without a
 * downgrade refuses the run before anything happens. A revision whose file is gone is taken down by what the journal kept.
 */
export async function downgrade(config: ConfigSource, target: string, options: RunOptions = {}): Promise<RunReport> {
  const project = await openProject(config);
  const planner = countedOnce((graph, rows) => planDowngrade(graph, rows, target), [target]);
  return await runMigration(project, planner, { ...options, withGone: true });
}
