import { positionsIn } from '../graph/ancestry.ts';
import type { Revision } from '../graph/revision.ts';
import type { RevisionGraph } from '../graph/revision-graph.ts';
import { effectiveHeads, revisionAt } from '../graph/shape.ts';
import { byCodePoint } from '../support/text.ts';
import { knownRows, readVersionRows, type VersionRows } from './version-rows.ts';

/** What the database is at. */
export interface CurrentRevisions {
  /**
   * Tips of what is applied, by down_revision, in code point order of their ids. A branch end that is only implied by a
   * depends_on is listed, although it is no row.
   */
  readonly revisions: readonly Revision[];
  /** Rows that no file has, in code point order. `revisions` then speaks of the other rows alone. */
  readonly unknown: readonly string[];
  /** True when everything there is has been applied. */
  readonly isAtHeads: boolean;
}

/** What the rows of the version table mean. Never throws: an unknown row is an answer here. O(V + E). */
export function currentRevisions(graph: RevisionGraph, rows: readonly string[]): CurrentRevisions {
  const { known, unknown } = knownRows(graph, rows);
  const read = readVersionRows(graph, known);
  const revisions = currentTips(graph, read)
    .map((position) => revisionAt(graph, position))
    .toSorted((a, b) => byCodePoint(a.id, b.id));
  return { revisions, unknown, isAtHeads: unknown.length === 0 && isAtHeads(graph, read) };
}

/**
 * True when the rows are the effective heads. A head by line that something else depends on is implied, so it is not
 * asked for: else a fully upgraded database would never be at its heads.
 */
function isAtHeads(graph: RevisionGraph, rows: VersionRows): boolean {
  return effectiveHeads(graph).join() === rows.positions.join();
}

/** Applied revisions none of whose children by down_revision is applied, ascending. */
export function currentTips(graph: RevisionGraph, rows: VersionRows): readonly number[] {
  const { applied } = rows;
  return positionsIn(applied).filter(
    (position) => !(graph.children[position] ?? []).some((child) => applied[child] === 1),
  );
}
