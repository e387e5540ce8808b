import { newRevision } from '../planner/new-revision.ts';
import { chosenId, labelsOf, writeRevision, type CreationOptions } from './create-revision.ts';
import { openProject, type ConfigSource } from './open-project.ts';
import type { CreatedRevision } from './results.ts';

export interface RevisionOptions extends CreationOptions {
  /** Parents; `head` when left out, `base` for a revision without parents. */
  readonly head?: string | readonly string[];
  /** Revisions that must be applied first without being parents. */
  readonly dependsOn?: readonly string[];
}

/** Creates a revision file. What would break the history is refused before anything is written. */
export async function revision(config: ConfigSource, options: RevisionOptions = {}): Promise<CreatedRevision> {
  const project = await openProject(config);
  const { head } = options;
  const checked = newRevision(project.graph, {
    id: chosenId(options),
    ...(head === undefined ? {} : { parents: typeof head === 'string' ? [head] : head }),
    splice: options.splice ?? false,
    dependsOn: options.dependsOn ?? [],
    branchLabels: labelsOf(options),
  });
  return await writeRevision(project, checked, options);
}
