import { byCodePoint } from '../support/text.ts';
import { descendants, positionsIn } from './ancestry.ts';
import type { Revision } from './revision.ts';
import type { RevisionGraph } from './revision-graph.ts';

/** True when no revision names this one in down_revision. */
export function isHead(graph: RevisionGraph, position: number): boolean {
  return graph.children[position]?.length === 0;
}

/** True when no revision names this one in down_revision or depends_on. */
export function isEffectiveHead(graph: RevisionGraph, position: number): boolean {
  return graph.dependents[position]?.length === 0;
}

/** True when the revision has no down_revision. */
export function isBase(graph: RevisionGraph, position: number): boolean {
  return graph.parents[position]?.length === 0;
}

/** True when the revision has neither down_revision nor depends_on. */
export function isRealBase(graph: RevisionGraph, position: number): boolean {
  return graph.needs[position]?.length === 0;
}

/** True when several revisions name this one in down_revision; dependencies do not count. */
export function isBranchPoint(graph: RevisionGraph, position: number): boolean {
  return (graph.children[position]?.length ?? 0) > 1;
}

/** True when the revision has several parents by down_revision. */
export function isMergePoint(graph: RevisionGraph, position: number): boolean {
  return (graph.parents[position]?.length ?? 0) > 1;
}

/** Every position for which one of the tests above holds, ascending. */
export function positionsWhere(
  graph: RevisionGraph,
  test: (graph: RevisionGraph, position: number) => boolean,
): readonly number[] {
  const positions: number[] = [];
  for (let position = 0; position < graph.revisions.length; position++) {
    if (test(graph, position)) positions.push(position);
  }
  return positions;
}

/** Heads by down_revision: what `heads` lists and `head` asks for. */
export function heads(graph: RevisionGraph): readonly number[] {
  return positionsWhere(graph, isHead);
}

/** Heads that nothing depends on either: what `upgrade heads` goes to, and the rows of a fully upgraded database. */
export function effectiveHeads(graph: RevisionGraph): readonly number[] {
  return positionsWhere(graph, isEffectiveHead);
}

/** The revision at a position that is known to exist. Throws on any other: that is a defect of ours. */
export function revisionAt(graph: RevisionGraph, position: number): Revision {
  const revision = graph.revisions[position];
  if (revision === undefined) throw new Error(`no revision at position ${position}`);
  return revision;
}

/** The ids at these positions, in code point order: the order of everything that is shown or stored as a set. */
export function idsAt(graph: RevisionGraph, positions: Iterable<number>): readonly string[] {
  const ids: string[] = [];
  for (const position of positions) ids.push(revisionAt(graph, position).id);
  return ids.length < 2 ? ids : ids.sort(byCodePoint);
}

const noLabels: readonly string[] = [];

/**
 * The labels that reach each revision, for display: by position, each list in code point order.
 *
 * A label reaches the revision that declares it, everything above it on the line, and what is below it down to the
 * first fork or merge. The downward part is left out when there is a fork or merge at or above the declarer: there the
 * label no longer tells the branches apart. What `label@x` means is never computed from this.
 */
export function effectiveLabels(graph: RevisionGraph): readonly (readonly string[])[] {
  if (graph.labels.size === 0) return graph.revisions.map(() => noLabels);
  const labels: string[][] = graph.revisions.map(() => []);
  const isPlain = (position: number): boolean =>
    (graph.dependents[position]?.length ?? 0) <= 1 && !isMergePoint(graph, position);
  for (const label of [...graph.labels.keys()].toSorted(byCodePoint)) {
    const declarer = graph.labels.get(label) ?? 0;
    const reached = positionsIn(descendants(graph, [declarer], 'line'));
    for (const position of reached) labels[position]?.push(label);
    if (!reached.every(isPlain)) continue;
    for (let below = graph.parents[declarer]?.[0]; below !== undefined; below = graph.parents[below]?.[0]) {
      if (!isPlain(below)) break;
      labels[below]?.push(label);
    }
  }
  return labels;
}
