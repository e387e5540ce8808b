import { options } from '../../operations/argument-rules.ts';
import { compareWithTarget, type TargetOptions } from './compare-with-target.ts';
import { requireArguments, stoppableKeys, targetKeys } from '../call-rules.ts';
import { configSource, type Stoppable } from '../invocation.ts';
import { openProject, type ConfigSource } from '../open-project.ts';
import type { CheckReport } from '../results.ts';
import { stoppable } from '../run/stoppable.ts';

export interface CheckOptions extends TargetOptions, Stoppable {}

const signature = {
  config: configSource,
  options: options<CheckOptions>({ ...targetKeys, ...stoppableKeys }),
};

/** Whether a revision is missing: what differs between the schema and the target of the configuration. Changes nothing. */
export async function check(config: ConfigSource, options: CheckOptions = {}): Promise<CheckReport> {
  requireArguments('check', signature, [config, options]);
  return await stoppable(options, async (watch) => {
    const { changes, cautions } = await compareWithTarget(await openProject(config), config, options, watch);
    return { from: options.from ?? 'database', changes, cautions, is_in_step: changes.length === 0 };
  });
}
