import { AludelError } from '../support/aludel-error.ts';
import { listedBriefly } from '../support/text.ts';
import { lineage, type Marks } from './ancestry.ts';
import { findRevision, unknownName } from './find-revision.ts';
import type { RevisionGraph } from './revision-graph.ts';
import { effectiveHeads, heads, idsAt, revisionAt } from './shape.ts';
import { parseAbsoluteTarget } from './target.ts';

/** A branch as named in `branch@…`: the revision that names it, and the line it is on. */
export interface Branch {
  readonly name: string;
  readonly position: number;
  readonly line: Marks;
}

/** The branch of a target, or null when none was written. Throws target.unknown or target.ambiguous-name. */
export function resolveBranch(graph: RevisionGraph, name: string | null): Branch | null {
  if (name === null) return null;
  const position = findRevision(graph, name);
  return { name, position, line: lineage(graph, position) };
}

/**
 * The revisions an absolute target stands for, ascending; none for `base`, several only for `heads`.
 *
 * Throws target.unknown, target.ambiguous-name, target.multiple-heads or target.not-related (not on its branch).
 */
export function resolveAbsolute(
  graph: RevisionGraph,
  target: { readonly text: string; readonly name: string },
  branch: Branch | null,
): readonly number[] {
  switch (target.name) {
    case 'base':
      return [];
    case 'heads':
      // Without a branch, heads are those nothing depends on: they imply the others.
      return branch === null ? effectiveHeads(graph) : headsOn(graph, branch);
    case 'head': {
      const found = branch === null ? heads(graph) : headsOn(graph, branch);
      if (found.length > 1) throw multipleHeads(graph, target.text, found);
      return found;
    }
    case 'current':
      throw unknownName(graph, 'current');
    default:
      return [revisionOn(graph, target, branch)];
  }
}

/** Parses and resolves a target that cannot be relative. Throws as {@link parseAbsoluteTarget} and {@link resolveAbsolute}. */
export function resolveAbsoluteText(graph: RevisionGraph, text: string): readonly number[] {
  const target = parseAbsoluteTarget(graph, text);
  return resolveAbsolute(graph, target, resolveBranch(graph, target.branch));
}

/** The one revision an absolute target stands for, or null for base. Throws target.multiple-heads beside the others. */
export function resolveOne(
  graph: RevisionGraph,
  target: { readonly text: string; readonly name: string },
  branch: Branch | null,
): number | null {
  const found = resolveAbsolute(graph, target, branch);
  if (found.length > 1) throw multipleHeads(graph, target.text, found);
  return found[0] ?? null;
}

/** Heads by down_revision on the line of the branch, ascending. */
export function headsOn(graph: RevisionGraph, branch: Branch): readonly number[] {
  return heads(graph).filter((position) => branch.line[position] === 1);
}

/** target.multiple-heads for a target that asked for one head of these. */
export function multipleHeads(graph: RevisionGraph, text: string, positions: readonly number[]): AludelError {
  const ids = idsAt(graph, positions);
  return new AludelError(
    'target.multiple-heads',
    `"${text}" asks for one head and there are ${ids.length}: ${listedBriefly(ids)}.`,
    {
      where: text,
      hint: 'Use heads for all of them, branch@head for one, or join them with `aludel merge heads`.',
      facts: { target: text, heads: ids },
    },
  );
}

function revisionOn(
  graph: RevisionGraph,
  target: { readonly text: string; readonly name: string },
  branch: Branch | null,
): number {
  const position = findRevision(graph, target.name, branch?.line ?? null);
  if (branch === null || branch.line[position] === 1) return position;
  const { id } = revisionAt(graph, position);
  throw new AludelError('target.not-related', `Revision ${id} is not on the branch "${branch.name}".`, {
    where: target.text,
    hint: `Leave out ${branch.name}@ to mean ${id} wherever it is.`,
    facts: { target: target.text, revision: id, branch: branch.name },
  });
}
