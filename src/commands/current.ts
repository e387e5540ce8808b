import { options } from '../operations/argument-rules.ts';
import { currentRevisions } from '../planner/current-revisions.ts';
import { requireArguments, watchedKeys } from './call-rules.ts';
import { readState } from './gone-revisions.ts';
import { configSource, sinkOf, type Watched } from './invocation.ts';
import { openProject, type ConfigSource } from './open-project.ts';
import { reporter } from './report-revision.ts';
import type { CurrentReport } from './results.ts';

const signature = { config: configSource, options: options<Watched>(watchedKeys) };

/** What the database is at. Reads only: a database that is not there is at base. */
export async function current(config: ConfigSource, options: Watched = {}): Promise<CurrentReport> {
  requireArguments('current', signature, [config, options]);
  const project = await openProject(config);
  const { configuration, graph } = project;
  const { rows, gone, half_done } = await readState(project, sinkOf(options));
  const found = currentRevisions(graph, rows);
  const report = reporter(graph, new Set(found.revisions.map(({ id }) => id)));
  return {
    database: configuration.database.display,
    revisions: found.revisions.map(report),
    unknown: found.unknown,
    gone,
    half_done,
    is_at_heads: found.isAtHeads,
  };
}
