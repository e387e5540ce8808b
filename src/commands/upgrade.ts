import { planUpgrade } from '../planner/plan-upgrade.ts';
import { requireArguments, textOrTexts } from './call-rules.ts';
import { configSource } from './invocation.ts';
import { countedOnce } from './run/counted-once.ts';
import { openProject, type ConfigSource } from './open-project.ts';
import type { RunReport } from './results.ts';
import { runMigration, type RunOptions, runOptions } from './run/run-migration.ts';

const signature = { config: configSource, target: textOrTexts, options: runOptions };

/**
 * Applies everything the targets need that is not applied yet: `head`, `heads`, an id or a unique part of one,
 * `label@head`, `+2`. Nothing to do is an answer, not an error. A revision that fails is rolled back.
 */
export async function upgrade(
  config: ConfigSource,
  target: string | readonly string[],
  options: RunOptions = {},
): Promise<RunReport> {
  requireArguments('upgrade', signature, [config, target, options]);
  const project = await openProject(config);
  const targets = typeof target === 'string' ? [target] : target;
  const planner = countedOnce((graph, rows) => planUpgrade(graph, rows, targets), targets);
  return await runMigration(project, planner, { ...options, withGone: false });
}
