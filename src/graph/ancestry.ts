import type { RevisionGraph } from './revision-graph.ts';

/** A set of positions: 1 at every member. One byte each, because sets here are read far more often than built. */
export type Marks = Uint8Array;

/** *line* follows down_revision; *needs* follows down_revision and depends_on. */
export type Relation = 'line' | 'needs';

/** `from` and everything below it. One sweep from the newest to the oldest: O(V + E). */
export function ancestors(graph: RevisionGraph, from: Iterable<number>, relation: Relation): Marks {
  const below = relation === 'line' ? graph.parents : graph.needs;
  const marks = marksOf(graph, from);
  for (let position = marks.length - 1; position >= 0; position--) {
    if (marks[position] === 1) for (const lower of below[position] ?? []) marks[lower] = 1;
  }
  return marks;
}

/** `from` and everything above it. One sweep from the oldest to the newest: O(V + E). */
export function descendants(graph: RevisionGraph, from: Iterable<number>, relation: Relation): Marks {
  const above = relation === 'line' ? graph.children : graph.dependents;
  const marks = marksOf(graph, from);
  for (let position = 0; position < marks.length; position++) {
    if (marks[position] === 1) for (const higher of above[position] ?? []) marks[higher] = 1;
  }
  return marks;
}

/** The line a revision is on: itself, what is below it and what is above it by down_revision. */
export function lineage(graph: RevisionGraph, position: number): Marks {
  const marks = ancestors(graph, [position], 'line');
  const above = descendants(graph, [position], 'line');
  for (let p = position; p < marks.length; p++) if (above[p] === 1) marks[p] = 1;
  return marks;
}

/** The members of `from` that no other member needs, directly or through others; ascending, without repeats. O(V + E). */
export function maximalOf(graph: RevisionGraph, from: Iterable<number>): readonly number[] {
  const members = marksOf(graph, from);
  const below = new Uint8Array(members.length);
  for (let position = members.length - 1; position >= 0; position--) {
    if (members[position] !== 1 && below[position] !== 1) continue;
    for (const lower of graph.needs[position] ?? []) below[lower] = 1;
  }
  return positionsIn(members).filter((position) => below[position] !== 1);
}

/** The set of these positions. */
export function marksOf(graph: RevisionGraph, positions: Iterable<number>): Marks {
  const marks = new Uint8Array(graph.revisions.length);
  for (const position of positions) marks[position] = 1;
  return marks;
}

/** The members, ascending. */
export function positionsIn(marks: Marks): readonly number[] {
  const positions: number[] = [];
  for (let position = 0; position < marks.length; position++) if (marks[position] === 1) positions.push(position);
  return positions;
}
