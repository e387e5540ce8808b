import { options } from '../../operations/argument-rules.ts';
import { compareWithTarget, type TargetOptions } from './compare-with-target.ts';
import { generatedRevision, generateRevision, type GenerateOptions } from './generate-revision.ts';
import { newRevisionKeys, requireArguments, stoppableKeys, targetKeys } from '../call-rules.ts';
import { configSource, type Stoppable } from '../invocation.ts';
import { openProject, type ConfigSource } from '../open-project.ts';
import type { AutogenerateReport } from '../results.ts';
import { stoppable } from '../run/stoppable.ts';

export interface AutogenerateOptions extends GenerateOptions, TargetOptions, Stoppable {}

const signature = {
  config: configSource,
  options: options<AutogenerateOptions>({ ...newRevisionKeys, ...targetKeys, ...stoppableKeys }),
};

/**
 * Writes the revision that makes the schema into the target of the configuration, and back; none when there is nothing to
 * do. It has run up and down on a scratch database before it is written.
 */
export async function autogenerate(
  config: ConfigSource,
  options: AutogenerateOptions = {},
): Promise<AutogenerateReport> {
  requireArguments('autogenerate', signature, [config, options]);
  return await stoppable(options, async (watch) => {
    const project = await openProject(config);
    const revision = generatedRevision(project, options);
    const comparison = await compareWithTarget(project, config, options, watch);
    return await generateRevision(project, revision, comparison, options, watch);
  });
}
