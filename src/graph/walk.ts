import { AludelError } from '../support/aludel-error.ts';
import { counted, listedBriefly } from '../support/text.ts';
import type { Branch } from './resolve-target.ts';
import type { RevisionGraph } from './revision-graph.ts';
import { idsAt, isBase, positionsWhere, revisionAt } from './shape.ts';

/** What a walk does where the history ends before the steps do: fail, or stay at the end. */
export type EndOfWalk = 'strict' | 'clipped';

/**
 * Counts `steps` revisions up by down_revision from `start` (null is base). At a fork the branch shows the way. Where
 * there are fewer steps to go, `end` says whether that is an error or the last revision is as good.
 *
 * Throws target.ambiguous-walk at a fork that the branch does not settle, target.out-of-range past the last revision.
 */
export function walkUp(
  graph: RevisionGraph,
  text: string,
  start: number | null,
  steps: number,
  branch: Branch | null,
  end: EndOfWalk = 'strict',
): number | null {
  const above = (at: number | null): readonly (number | null)[] => {
    const all = at === null ? positionsWhere(graph, isBase) : (graph.children[at] ?? []);
    return branch === null ? all : all.filter((position) => branch.line[position] === 1);
  };
  return walk(graph, { text, start, steps, end, next: above, side: 'above' });
}

/**
 * Counts `steps` revisions down by down_revision from `start`; null is base.
 *
 * Throws target.ambiguous-walk at a merge point, whatever branch was named: a branch line holds all its parents.
 * Throws target.out-of-range below base.
 */
export function walkDown(
  graph: RevisionGraph,
  text: string,
  start: number | null,
  steps: number,
  end: EndOfWalk = 'strict',
): number | null {
  const below = (at: number | null): readonly (number | null)[] => {
    if (at === null) return [];
    const parents = graph.parents[at] ?? [];
    return parents.length === 0 ? [null] : parents;
  };
  return walk(graph, { text, start, steps, end, next: below, side: 'below' });
}

interface Walk {
  readonly text: string;
  readonly start: number | null;
  readonly steps: number;
  readonly end: EndOfWalk;
  /** One step: where it may lead. */
  readonly next: (at: number | null) => readonly (number | null)[];
  readonly side: 'above' | 'below';
}

function walk(graph: RevisionGraph, way: Walk): number | null {
  let at = way.start;
  for (let step = 0; step < way.steps; step++) {
    const next = way.next(at);
    const [only] = next;
    if (only === undefined && way.end === 'clipped') return at;
    if (only === undefined) throw outOfRange(graph, way.text, at, step, way.side);
    if (next.length > 1) throw severalWays(graph, way, at, step);
    at = only;
  }
  return at;
}

/** target.ambiguous-walk at `at`, after `taken` steps; it names where each way that is long enough ends. O(steps · V). */
function severalWays(graph: RevisionGraph, way: Walk, at: number | null, taken: number): AludelError {
  let ends: ReadonlySet<number | null> = new Set([at]);
  for (let step = taken; step < way.steps && ends.size > 0; step++) {
    const further = new Set([...ends].flatMap((end) => way.next(end)));
    if (further.size === 0 && way.end === 'clipped') break;
    ends = further;
  }
  const names = idsAt(
    graph,
    [...ends].filter((end) => end !== null),
  );
  return ambiguousWalk(graph, way, at, ends.has(null) ? [...names, 'base'] : names);
}

const allTheWay = { above: 'Use heads to go all the way.', below: 'Use base to go all the way.' };

/** target.out-of-range: the walk of `text` ended after `taken` steps at `at`. */
function outOfRange(
  graph: RevisionGraph,
  text: string,
  at: number | null,
  taken: number,
  side: 'above' | 'below',
): AludelError {
  const place = at === null ? 'base' : `revision ${revisionAt(graph, at).id}`;
  const revision = at === null ? null : revisionAt(graph, at).id;
  return new AludelError(
    'target.out-of-range',
    `"${text}" leads too far: after ${counted(taken, 'step')} there is nothing ${side} ${place}.`,
    {
      where: text,
      hint: allTheWay[side],
      facts: { target: text, taken, at: revision },
    },
  );
}

/** `ends` is where the ways lead, as targets. */
function ambiguousWalk(
  graph: RevisionGraph,
  { text, start, next, side }: Walk,
  at: number | null,
  ends: readonly string[],
): AludelError {
  const ids = idsAt(
    graph,
    next(at).filter((position) => position !== null),
  );
  const idOf = (position: number | null): string | null => (position === null ? null : revisionAt(graph, position).id);
  const verb = side === 'above' ? 'branches into' : 'merges';
  const place = at === null ? 'Base' : `Revision ${idOf(at)}`;
  return new AludelError(
    'target.ambiguous-walk',
    `"${text}" does not say which way to go: ${place} ${verb} ${listedBriefly(ids)}.`,
    {
      where: text,
      hint:
        ends.length === 0
          ? `No way is as long as that. ${allTheWay[side]}`
          : `Name the revision to go to: ${listedBriefly(ends, 8, 'or')}.`,
      facts: { target: text, from: idOf(start), at: idOf(at), candidates: ids, ends },
    },
  );
}
