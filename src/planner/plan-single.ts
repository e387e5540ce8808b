import type { RevisionGraph } from '../graph/revision-graph.ts';
import type { MigrationPlan, PlanStep } from './migration-plan.ts';
import { planSteps, readVersionRows } from './version-rows.ts';

/**
 * The plan that applies this one revision, or takes it down: all it needs is applied, and nothing applied needs it. O(V + E).
 * Throws database.unknown-revision.
 */
export function planSingle(
  graph: RevisionGraph,
  rows: readonly string[],
  direction: PlanStep['direction'],
  id: string,
): MigrationPlan {
  const position = graph.positionOf.get(id);
  if (position === undefined) throw new Error(`revision ${id} is not in the history that is planned`);
  return planSteps(graph, readVersionRows(graph, rows), direction, [position]);
}
