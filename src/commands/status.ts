import { effectiveHeads, idsAt } from '../graph/shape.ts';
import { currentRevisions } from '../planner/current-revisions.ts';
import { planUpgrade } from '../planner/plan-upgrade.ts';
import { knownRows, readVersionRows } from '../planner/version-rows.ts';
import { readState } from './gone-revisions.ts';
import { sinkOf, type Watched } from './invocation.ts';
import { openProject, type ConfigSource } from './open-project.ts';
import { reporter } from './report-revision.ts';
import type { StatusReport } from './results.ts';

/** Everything at a glance: what is applied, pending or missing, and what `upgrade heads` would run. Reads only. */
export async function status(config: ConfigSource, options: Watched = {}): Promise<StatusReport> {
  const project = await openProject(config);
  const { configuration, graph } = project;
  const { rows, gone, half_done } = await readState(project, sinkOf(options));
  const { known, unknown } = knownRows(graph, rows);
  const { applied } = readVersionRows(graph, known);
  const report = reporter(graph, new Set(currentRevisions(graph, known).revisions.map(({ id }) => id)));
  return {
    database: configuration.database.display,
    current: rows,
    heads: idsAt(graph, effectiveHeads(graph)),
    revisions: [
      ...graph.revisions.map((revision, position) => ({
        revision: report(revision),
        id: revision.id,
        state: applied[position] === 1 ? ('applied' as const) : ('pending' as const),
      })),
      ...unknown.map((id) => ({ revision: null, id, state: 'missing' as const })),
    ],
    gone,
    half_done,
    pending: planUpgrade(graph, known, ['heads']).steps.map(({ revision }) => revision.id),
  };
}
