import { AludelError } from '../support/aludel-error.ts';
import { byCodePoint } from '../support/text.ts';
import { type DraftGraph, draftGraph, placeOf } from './draft-graph.ts';
import { findRings } from './find-rings.ts';
import { describeDefect, type GraphDefect } from './graph-defect.ts';
import type { HeaderLines, Revision } from './revision.ts';
import type { RevisionGraph } from './revision-graph.ts';
import { topologicalOrder } from './topological-order.ts';

/**
 * The checked graph of these revisions, the same whatever order they come in. O(V + E), beside sorting heads and merges.
 *
 * Throws history.broken, whose `facts.defects` is every {@link GraphDefect} at once. Legal on purpose: several heads,
 * several bases, a parent or dependency that another parent implies, no revisions at all.
 */
export function buildGraph(revisions: readonly Revision[]): RevisionGraph {
  const draft = draftGraph(revisions);
  const order = draft.defects.length === 0 ? topologicalOrder(draft.needs, byId(draft.nodes)) : null;
  if (order === null) throw brokenHistory(findDefects(revisions));
  return inOrder(draft, order);
}

/** Everything that keeps these revisions from forming a graph; none when {@link buildGraph} would succeed. */
export function findDefects(revisions: readonly Revision[]): readonly GraphDefect[] {
  // Sorted, so that a report does not depend on the order of the files either.
  const draft = draftGraph(revisions.toSorted((a, b) => byCodePoint(a.id, b.id) || byCodePoint(a.path, b.path)));
  return [...draft.defects, ...ringDefects(draft)];
}

function byId(nodes: readonly Revision[]): (a: number, b: number) => number {
  return (a, b) => byCodePoint(nodes[a]?.id ?? '', nodes[b]?.id ?? '');
}

/** history.broken for these defects, which must not be none. */
function brokenHistory(defects: readonly GraphDefect[]): AludelError {
  const sentences = defects.map(describeDefect);
  const message =
    sentences.length === 1
      ? (sentences[0] ?? '')
      : `The revision files have ${sentences.length} defects:\n${sentences.map((sentence) => `  ${sentence}`).join('\n')}`;
  return new AludelError('history.broken', message, {
    where: defects[0]?.places[0] ?? null,
    hint: 'Mend the header lines named above, or restore the missing files. Nothing was run.',
    facts: { defects },
  });
}

/** Rings by down_revision; and in each knot that has none of those, one ring that goes through depends_on. */
function ringDefects(draft: DraftGraph): readonly GraphDefect[] {
  const byLine = findRings(draft.parents);
  const onLineRing = new Set(byLine.flat());
  const byNeeds = findRings(draft.needs).filter((ring) => !ring.some((node) => onLineRing.has(node)));
  const defect = (kind: 'cycle' | 'dependency-cycle', ring: readonly number[]): GraphDefect => {
    const revisions = ring.flatMap((node) => draft.nodes[node] ?? []);
    const field = (node: number, at: number): keyof HeaderLines =>
      draft.parents[node]?.includes(ring[(at + 1) % ring.length] ?? -1) === true ? 'downRevision' : 'dependsOn';
    const places = revisions.map((revision, at) => placeOf(revision, field(ring[at] ?? -1, at)));
    return { kind, ids: revisions.map((revision) => revision.id), places };
  };
  return [...byLine.map((ring) => defect('cycle', ring)), ...byNeeds.map((ring) => defect('dependency-cycle', ring))];
}

// One empty list for all: it is replaced, never filled.
const noPositions: number[] = [];

/** Renumbers a sound draft from index by id to position in `order`. */
function inOrder(draft: DraftGraph, order: Int32Array): RevisionGraph {
  const size = order.length;
  const positionAt = new Int32Array(size);
  for (let position = 0; position < size; position++) positionAt[order[position] ?? 0] = position;
  const moved = (list: readonly number[] = noPositions): readonly number[] => {
    const [first] = list;
    if (first === undefined) return noPositions;
    return list.length === 1 ? [positionAt[first] ?? 0] : list.map((index) => positionAt[index] ?? 0);
  };

  const revisions: Revision[] = [];
  const positionOf = new Map<string, number>();
  const parents: (readonly number[])[] = [];
  const needs: (readonly number[])[] = [];
  for (let position = 0; position < size; position++) {
    const index = order[position] ?? 0;
    const revision = draft.nodes[index];
    if (revision === undefined) continue;
    revisions.push(revision);
    positionOf.set(revision.id, position);
    const byLine = moved(draft.parents[index]);
    parents.push(byLine);
    // Most revisions have no depends_on; sharing the list halves the memory of a long chain.
    needs.push(draft.needs[index] === draft.parents[index] ? byLine : moved(draft.needs[index]));
  }
  const labels = new Map([...draft.labels].map(([label, index]) => [label, positionAt[index] ?? 0]));
  const children = reversed(parents);
  const hasDependencies = needs.some((list, position) => list !== parents[position]);
  const dependents = hasDependencies ? reversed(needs) : children;
  return { revisions, positionOf, labels, parents, needs, children, dependents };
}

/** The edges the other way round; each list is ascending because its members are visited in ascending order. */
function reversed(edges: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const lists: number[][] = edges.map(() => noPositions);
  for (let from = 0; from < edges.length; from++) {
    for (const to of edges[from] ?? noPositions) {
      const list = lists[to] ?? noPositions;
      if (list.length === 0) lists[to] = [from];
      else list.push(from);
    }
  }
  return lists;
}
