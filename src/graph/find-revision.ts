import { AludelError } from '../support/aludel-error.ts';
import { byCodePoint, listedBriefly, nearest } from '../support/text.ts';
import type { Marks } from './ancestry.ts';
import { looksRelative } from './target.ts';
import type { RevisionGraph } from './revision-graph.ts';

/** Ids this short are never abbreviated: Alembic's rule, kept because scripts rely on what is ambiguous. */
const longestUnabbreviated = 3;

/**
 * The position a name stands for: an exact id, else an exact label (the revision that declares it), else the only id
 * that starts with it. Labels have no prefixes. With `within`, only ids in that set are completed.
 *
 * Throws target.unknown (with the nearest name) or target.ambiguous-name (with the candidates).
 */
export function findRevision(graph: RevisionGraph, name: string, within: Marks | null = null): number {
  const exact = graph.positionOf.get(name) ?? graph.labels.get(name);
  if (exact !== undefined) return exact;
  const candidates: number[] = [];
  if (name !== '') {
    for (const [position, { id }] of graph.revisions.entries()) {
      if (id.length > longestUnabbreviated && id.startsWith(name) && within?.[position] !== 0)
        candidates.push(position);
    }
  }
  const [first] = candidates;
  if (first === undefined) throw unknownName(graph, name);
  if (candidates.length > 1) throw ambiguousName(graph, name, candidates);
  return first;
}

/** target.unknown for this text, with the nearest id or label. */
export function unknownName(graph: RevisionGraph, name: string): AludelError {
  const named = nearest(name, [...graph.labels.keys(), ...graph.positionOf.keys()]);
  const near = named ?? (countsSteps(name) ? null : nearest(name, ['head', 'heads', 'base']));
  return new AludelError('target.unknown', `No revision or branch is called "${name}".`, {
    where: name,
    hint: hintFor(name, near),
    facts: { name, nearest: near },
  });
}

function hintFor(name: string, near: string | null): string {
  if (near !== null) return `Did you mean "${near}"?`;
  if (name === 'current') return '"current" is known to show, edit and history only.';
  if (looksRelative(name))
    return 'Steps can be counted in targets of upgrade and downgrade only, from a name that exists.';
  if (countsSteps(name)) return 'Steps are written as a number, as in +2, -1 or head-1.';
  return 'See `aludel history` for the revisions there are.';
}

/** No id begins with a minus or holds a plus. */
function countsSteps(name: string): boolean {
  return looksRelative(name) || /^-|\+/u.test(name);
}

function ambiguousName(graph: RevisionGraph, name: string, positions: readonly number[]): AludelError {
  const candidates = positions.flatMap((position) => graph.revisions[position]?.id ?? []).toSorted(byCodePoint);
  return new AludelError('target.ambiguous-name', `"${name}" is the beginning of ${candidates.length} ids.`, {
    where: name,
    hint: `Write more of it: ${listedBriefly(candidates)}.`,
    facts: { name, candidates },
  });
}
