import type { Revision } from '../graph/revision.ts';
import type { RevisionGraph } from '../graph/revision-graph.ts';
import {
  effectiveLabels,
  idsAt,
  isBase,
  isBranchPoint,
  isEffectiveHead,
  isHead,
  isMergePoint,
} from '../graph/shape.ts';
import { byCodePoint } from '../support/text.ts';
import type { RevisionDetail } from './results.ts';

/** Makes reports of revisions. `current` holds the ids the database is at; null when it was not asked. */
export function reporter(
  graph: RevisionGraph,
  current: ReadonlySet<string> | null = null,
): (revision: Revision) => RevisionDetail {
  const labels = effectiveLabels(graph);
  return (revision) => {
    const position = graph.positionOf.get(revision.id) ?? -1;
    const is_head = isHead(graph, position);
    return {
      revision: revision.id,
      down_revision: revision.downRevisions,
      depends_on: sorted(revision.dependsOn),
      branch_labels: labels[position] ?? [],
      message: revision.message,
      path: revision.path,
      is_head,
      is_effective_head_only_by_line: is_head && !isEffectiveHead(graph, position),
      is_base: isBase(graph, position),
      is_branch_point: isBranchPoint(graph, position),
      is_merge_point: isMergePoint(graph, position),
      is_current: current === null ? null : current.has(revision.id),
      doc: revision.doc,
      children: idsAt(graph, graph.children[position] ?? []),
    };
  };
}

function sorted(ids: readonly string[]): readonly string[] {
  return ids.length < 2 ? ids : ids.toSorted(byCodePoint);
}
