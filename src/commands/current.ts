import { currentRevisions } from '../planner/current-revisions.ts';
import { readRows } from './open-database.ts';
import { openProject, type ConfigSource } from './open-project.ts';
import { reporter } from './report-revision.ts';
import type { CurrentReport } from './results.ts';

/** What the database is at. Reads only: a database that is not there is at base. */
export async function current(config: ConfigSource): Promise<CurrentReport> {
  const { configuration, graph } = await openProject(config);
  const found = currentRevisions(graph, await readRows(configuration));
  const report = reporter(graph, new Set(found.revisions.map(({ id }) => id)));
  return {
    database: configuration.database.display,
    revisions: found.revisions.map(report),
    unknown: found.unknown,
    is_at_heads: found.isAtHeads,
  };
}
