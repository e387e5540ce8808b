import { newMerge } from '../planner/new-revision.ts';
import { listed } from '../support/text.ts';
import { chosenId, labelsOf, writeRevision, type CreationOptions } from './create-revision.ts';
import { openProject, type ConfigSource } from './open-project.ts';
import type { CreatedRevision } from './results.ts';

/** Creates a revision that joins others: `merge(config, ['heads'])`. */
export async function merge(
  config: ConfigSource,
  revisions: readonly string[],
  options: CreationOptions = {},
): Promise<CreatedRevision> {
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
