import { compareSchemas } from './compare-schemas.ts';
import { generatedRevision, generateRevision, type GenerateOptions } from './generate-revision.ts';
import type { Stoppable } from '../invocation.ts';
import { openProject, type ConfigSource } from '../open-project.ts';
import type { AutogenerateReport } from '../results.ts';
import { stoppable } from '../stoppable.ts';
import { schemaToStartFrom, type StartingPoint } from './schema-to-start-from.ts';
import { targetSchema } from './target-schema.ts';

export interface AutogenerateOptions extends GenerateOptions, Stoppable {
  /** What the target is compared with; `database` unless given. */
  readonly from?: StartingPoint;
}

/**
 * Writes the revision that makes the schema into the target of the configuration, and back; none when there is nothing to
 * do. It has run up and down on a scratch database before it is written.
 */
export async function autogenerate(
  config: ConfigSource,
  options: AutogenerateOptions = {},
): Promise<AutogenerateReport> {
  return await stoppable(options, async (watch) => {
    const project = await openProject(config);
    const revision = generatedRevision(project, options);
    const wanted = await targetSchema(config, project.configuration, watch);
    const start = await schemaToStartFrom(project, options.from ?? 'database', watch);
    const comparison = await compareSchemas(start, wanted, options, project.configuration, watch);
    return await generateRevision(project, revision, comparison, options, watch);
  });
}
