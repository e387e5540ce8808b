import { compareSchemas, type CompareOptions } from './compare-schemas.ts';
import type { Stoppable } from '../invocation.ts';
import { openProject, type ConfigSource } from '../open-project.ts';
import type { CheckReport } from '../results.ts';
import { stoppable } from '../stoppable.ts';
import { schemaToStartFrom, type StartingPoint } from './schema-to-start-from.ts';
import { targetSchema } from './target-schema.ts';

export interface CheckOptions extends CompareOptions, Stoppable {
  /** What the target is compared with; `database` unless given. */
  readonly from?: StartingPoint;
}

/** Whether a revision is missing: what differs between the schema and the target of the configuration. Changes nothing. */
export async function check(config: ConfigSource, options: CheckOptions = {}): Promise<CheckReport> {
  return await stoppable(options, async (watch) => {
    const project = await openProject(config);
    const { configuration } = project;
    const from = options.from ?? 'database';
    const wanted = await targetSchema(config, configuration, watch);
    const start = await schemaToStartFrom(project, from, watch);
    const { changes } = await compareSchemas(start, wanted, options, configuration, watch);
    return { from, changes, is_in_step: changes.length === 0 };
  });
}
