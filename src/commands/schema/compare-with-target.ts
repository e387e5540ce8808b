import { compareSchemas, comparing, type CompareOptions, type Comparison } from './compare-schemas.ts';
import type { Watch } from '../invocation.ts';
import type { ConfigSource, Project } from '../open-project.ts';
import { schemaToStartFrom, type StartingPoint } from './schema-to-start-from.ts';
import { targetOf, targetSchema } from './target-schema.ts';

export interface TargetOptions extends CompareOptions {
  /** What the target is compared with; `database` unless given. */
  readonly from?: StartingPoint;
}

/**
 * Compares a project with the target of its configuration, which is built last: that may start a server or run a command,
 * for nothing where the database is not what the target can be compared with.
 */
export async function compareWithTarget(
  project: Project,
  config: ConfigSource,
  options: TargetOptions,
  watch: Watch,
): Promise<Comparison> {
  const { configuration } = project;
  const target = targetOf(configuration);
  const how = comparing(options, configuration);
  const start = await schemaToStartFrom(project, options.from ?? 'database', watch);
  const wanted = await targetSchema(target, config, configuration, watch);
  return await compareSchemas(start, wanted, how, configuration, watch);
}
