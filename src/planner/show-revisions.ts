import { resolveAbsolute, resolveBranch } from '../graph/resolve-target.ts';
import type { Revision } from '../graph/revision.ts';
import type { RevisionGraph } from '../graph/revision-graph.ts';
import { effectiveHeads, effectiveLabels, isBranchPoint, positionsWhere, revisionAt } from '../graph/shape.ts';
import { parseAbsoluteTarget } from '../graph/target.ts';
import { walkDown } from '../graph/walk.ts';
import { byCodePoint } from '../support/text.ts';
import { readVersionRows } from './version-rows.ts';

/**
 * The revisions a target of `show` or `edit` stands for, in code point order of their ids; none for base.
 *
 * Beside absolute targets: `current` is the rows; `-N` is N below each effective head; `label@-N` is N below each of
 * them that carries the label, so a name that no head carries shows nothing. `rows` is asked only for `current`.
 *
 * Throws usage.syntax, target.* and, for `current`, database.unknown-revision.
 */
export function showRevisions(graph: RevisionGraph, rows: readonly string[], text: string): readonly Revision[] {
  const positions = positionsToShow(graph, rows, text);
  const revisions = [...new Set(positions)].map((position) => revisionAt(graph, position));
  return revisions.toSorted((a, b) => byCodePoint(a.id, b.id));
}

/** Branch points with their children by down_revision, newest first; the children in code point order of their ids. */
export function branchPoints(
  graph: RevisionGraph,
): readonly { readonly revision: Revision; readonly children: readonly Revision[] }[] {
  return positionsWhere(graph, isBranchPoint)
    .toReversed()
    .map((position) => ({
      revision: revisionAt(graph, position),
      children: (graph.children[position] ?? [])
        .map((child) => revisionAt(graph, child))
        .toSorted((a, b) => byCodePoint(a.id, b.id)),
    }));
}

function positionsToShow(graph: RevisionGraph, rows: readonly string[], text: string): readonly number[] {
  if (text === 'current') return readVersionRows(graph, rows).positions;
  const below = stepsBelowHeads(text);
  if (below !== null) {
    return headsCarrying(graph, below.label).flatMap((head) => walkDown(graph, text, head, below.steps) ?? []);
  }
  const target = parseAbsoluteTarget(graph, text);
  const branch = resolveBranch(graph, target.branch);
  return resolveAbsolute(graph, target, branch);
}

/** `-N` and `label@-N` taken apart; null for any other text. No id or label can look like this. */
export function stepsBelowHeads(text: string): { readonly label: string | null; readonly steps: number } | null {
  const match = /^(?:([^@]+)@)?-(\d+)$/su.exec(text);
  return match === null ? null : { label: match[1] ?? null, steps: Number(match[2]) };
}

function headsCarrying(graph: RevisionGraph, label: string | null): readonly number[] {
  const all = effectiveHeads(graph);
  if (label === null) return all;
  const labels = effectiveLabels(graph);
  return all.filter((position) => labels[position]?.includes(label) === true);
}
