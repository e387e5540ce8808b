import { options } from '../operations/argument-rules.ts';
import { newMerge } from '../planner/new-revision.ts';
import { listed } from '../support/text.ts';
import { creationKeys, requireArguments, texts } from './call-rules.ts';
import { chosenId, labelsOf, writeRevision, type CreationOptions } from './create-revision.ts';
import { configSource } from './invocation.ts';
import { openProject, type ConfigSource } from './open-project.ts';
import type { CreatedRevision } from './results.ts';

const signature = { config: configSource, revisions: texts, options: options<CreationOptions>(creationKeys) };

/** Creates a revision that joins others: `merge(config, ['heads'])`. */
export async function merge(
  config: ConfigSource,
  revisions: readonly string[],
  options: CreationOptions = {},
): Promise<CreatedRevision> {
  requireArguments('merge', signature, [config, revisions, options]);
  const project = await openProject(config);
  const checked = newMerge(project.graph, {
    id: chosenId(options),
    parents: revisions,
    splice: options.splice ?? false,
    branchLabels: labelsOf(options),
  });
  const message = options.message ?? `merge ${listed(checked.downRevisions)}`;
  return await writeRevision(project, checked, { ...options, message });
}
