import { positionsIn } from '../graph/ancestry.ts';
import { effectiveHeads, idsAt, revisionAt } from '../graph/shape.ts';
import { options } from '../operations/argument-rules.ts';
import { currentRevisions } from '../planner/current-revisions.ts';
import { planUpgrade } from '../planner/plan-upgrade.ts';
import { knownRows, readVersionRows } from '../planner/version-rows.ts';
import { requireArguments, watchedKeys } from './call-rules.ts';
import { readState } from './gone-revisions.ts';
import { configSource, sinkOf, type Watched } from './invocation.ts';
import { openProject, type ConfigSource } from './open-project.ts';
import { reporter } from './report-revision.ts';
import type { StatusReport } from './results.ts';

const signature = { config: configSource, options: options<Watched>(watchedKeys) };

/** Everything at a glance: what is applied, pending or missing, and what `upgrade heads` would run. Reads only. */
export async function status(config: ConfigSource, options: Watched = {}): Promise<StatusReport> {
  requireArguments('status', signature, [config, options]);
  const project = await openProject(config);
  const { configuration, graph } = project;
  const { rows, gone, extended, half_done } = await readState(project, sinkOf(options));
  // A row that no file has implies revisions that files have.
  const { known, unknown } = knownRows(extended, rows);
  const applied = positionsIn(readVersionRows(extended, known).applied).map((at) => revisionAt(extended, at).id);
  const isApplied = new Set(applied);
  const withoutFile = [...applied.filter((id) => !graph.positionOf.has(id)), ...unknown];
  const { revisions } = currentRevisions(graph, knownRows(graph, rows).known);
  const report = reporter(graph, new Set(revisions.map(({ id }) => id)));
  return {
    database: configuration.database.display,
    current: rows,
    heads: idsAt(graph, effectiveHeads(graph)),
    revisions: [
      ...graph.revisions.map((revision) => ({
        revision: report(revision),
        id: revision.id,
        state: isApplied.has(revision.id) ? ('applied' as const) : ('pending' as const),
      })),
      ...withoutFile.map((id) => ({ revision: null, id, state: 'missing' as const })),
    ],
    gone,
    half_done,
    pending: planUpgrade(extended, known, ['heads']).steps.map(({ revision }) => revision.id),
  };
}
