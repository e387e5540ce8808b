import { options } from '../operations/argument-rules.ts';
import { newRevision } from '../planner/new-revision.ts';
import { newRevisionKeys, requireArguments } from './call-rules.ts';
import { chosenId, labelsOf, writeRevision, type CreationOptions } from './create-revision.ts';
import { configSource } from './invocation.ts';
import { openProject, type ConfigSource } from './open-project.ts';
import type { CreatedRevision } from './results.ts';

export interface RevisionOptions extends CreationOptions {
  /** Parents; `head` when left out, `base` for a revision without parents. */
  readonly head?: string | readonly string[];
  /** Revisions that must be applied first without being parents. */
  readonly dependsOn?: readonly string[];
}

const signature = { config: configSource, options: options<RevisionOptions>(newRevisionKeys) };

/** Creates a revision file. What would break the history is refused before anything is written. */
export async function revision(config: ConfigSource, options: RevisionOptions = {}): Promise<CreatedRevision> {
  requireArguments('revision', signature, [config, options]);
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
