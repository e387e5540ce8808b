import { AludelError } from '../support/aludel-error.ts';
import { counted, listed, listedBriefly } from '../support/text.ts';
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
  let at = start;
  for (let step = 0; step < steps; step++) {
    const all = at === null ? positionsWhere(graph, isBase) : (graph.children[at] ?? []);
    const next = branch === null ? all : all.filter((position) => branch.line[position] === 1);
    const [only] = next;
    if (only === undefined && end === 'clipped') return at;
    if (only === undefined) throw outOfRange(graph, text, at, step, 'above');
    if (next.length > 1) {
      const [id = 'branch'] = idsAt(graph, next);
      const hint = `Name the branch, as in ${id}@+1, or the revision to go to.`;
      throw ambiguousWalk(graph, text, at, next, 'branches into', hint);
    }
    at = only;
  }
  return at;
}

/**
 * Counts `steps` revisions down by down_revision from `start`; null is base. `command` is the one that was given the
 * target, when naming a parent of a merge point in its place goes on from there.
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
  command: 'downgrade' | null = null,
): number | null {
  let at = start;
  for (let step = 0; step < steps; step++) {
    if (at === null && end === 'clipped') return at;
    if (at === null) throw outOfRange(graph, text, at, step, 'below');
    const parents = graph.parents[at] ?? [];
    if (parents.length > 1) {
      throw ambiguousWalk(graph, text, at, parents, 'merges', hintAtMerge(graph, parents, steps - step - 1, command));
    }
    at = parents[0] ?? null;
  }
  return at;
}

/** target.out-of-range: the walk of `text` ended after `taken` steps at `at`. */
export function outOfRange(
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
      hint: side === 'above' ? 'Use head or heads to go all the way.' : 'Use base to go all the way.',
      facts: { target: text, taken, at: revision },
    },
  );
}

/** What to write instead: each parent of the merge point, with the steps that are left. */
function hintAtMerge(
  graph: RevisionGraph,
  parents: readonly number[],
  left: number,
  command: 'downgrade' | null,
): string {
  const targets = idsAt(graph, parents).map((id) => (left === 0 ? id : `${id}-${left}`));
  if (command === null) return `Name the revision to go to: ${listed(targets, 'or')}.`;
  return ['Say which way, with one of:', ...targets.map((target) => `  aludel ${command} ${target}`)].join('\n');
}

function ambiguousWalk(
  graph: RevisionGraph,
  text: string,
  at: number | null,
  ways: readonly number[],
  verb: 'branches into' | 'merges',
  hint: string,
): AludelError {
  const ids = idsAt(graph, ways);
  const place = at === null ? 'Base' : `Revision ${revisionAt(graph, at).id}`;
  const where = at === null ? null : revisionAt(graph, at).id;
  return new AludelError(
    'target.ambiguous-walk',
    `"${text}" does not say which way to go: ${place} ${verb} ${listedBriefly(ids)}.`,
    {
      where: text,
      hint,
      facts: { target: text, at: where, candidates: ids },
    },
  );
}
