import { findDefects } from '../graph/build-graph.ts';
import { describeDefect } from '../graph/graph-defect.ts';
import { newIdProblem, newLabelProblem } from '../graph/name-rules.ts';
import { headsOn, resolveAbsolute, resolveBranch } from '../graph/resolve-target.ts';
import type { Revision } from '../graph/revision.ts';
import type { RevisionGraph } from '../graph/revision-graph.ts';
import { heads, idsAt, isHead, revisionAt } from '../graph/shape.ts';
import { parseAbsoluteTarget } from '../graph/target.ts';
import { walkDown } from '../graph/walk.ts';
import { AludelError, isAludelError } from '../support/aludel-error.ts';
import { counted, listed, listedBriefly } from '../support/text.ts';
import { stepsBelowHeads } from './show-revisions.ts';

/** What a person asks for when creating a revision. */
export interface NewRevisionRequest {
  readonly id: string;
  /** Targets of the parents; `head` when absent, base for a revision without parents. */
  readonly parents?: readonly string[];
  /** Allows parents that have children already. */
  readonly splice?: boolean;
  readonly dependsOn?: readonly string[];
  readonly branchLabels?: readonly string[];
}

/** The header of a revision that may be written: adding it to the history keeps the history sound. */
export interface NewRevision {
  readonly id: string;
  /** Full ids in the order asked for; those of `heads` in code point order. */
  readonly downRevisions: readonly string[];
  /** Full ids, and labels as written. */
  readonly dependsOn: readonly string[];
  readonly branchLabels: readonly string[];
}

/**
 * Checks a revision before anything is written, by building the history it would make.
 *
 * Throws revision.invalid (`facts.defects` lists every graph defect; `facts.reason` says what else),
 * revision.not-a-head, usage.syntax and target.*.
 */
export function newRevision(graph: RevisionGraph, request: NewRevisionRequest): NewRevision {
  return checked(graph, request, parentsOf(graph, request.parents ?? ['head']));
}

/**
 * Checks a merge of at least two revisions. `heads` means every head by down_revision here, also those another head
 * depends on: joining them is what a merge is for. Throws as {@link newRevision}.
 */
export function newMerge(
  graph: RevisionGraph,
  request: NewRevisionRequest & { readonly parents: readonly string[] },
): NewRevision {
  const parents = resolveParents(graph, request.parents);
  const merge = checked(graph, request, parents);
  if (parents.length > 1) return merge;
  const message = `A merge needs two revisions or more, and "${listed(request.parents)}" is ${counted(parents.length, 'revision')}.`;
  throw new AludelError('revision.invalid', message, {
    hint: 'With a single head there is nothing to merge; `aludel revision` creates an ordinary child.',
    facts: { reason: 'too-few-parents', parents: parents.map((position) => revisionAt(graph, position).id) },
  });
}

function checked(graph: RevisionGraph, request: NewRevisionRequest, parents: readonly number[]): NewRevision {
  const { id } = request;
  const branchLabels = request.branchLabels ?? [];
  refuseBadNames(id, branchLabels);
  const downRevisions = parents.map((position) => revisionAt(graph, position).id);
  refuseTwins(downRevisions);
  if (request.splice !== true) refuseNonHeads(graph, parents);
  const dependsOn = [...new Set((request.dependsOn ?? []).flatMap((text) => resolveDependency(graph, text)))];
  const revision: NewRevision = { id, downRevisions, dependsOn, branchLabels };
  refuseBrokenHistory(graph, revision);
  return revision;
}

/** As for a merge, but where one head is asked for and there are several, one of them can be the parent. */
function parentsOf(graph: RevisionGraph, texts: readonly string[]): readonly number[] {
  try {
    return resolveParents(graph, texts);
  } catch (error) {
    if (!isAludelError(error) || error.code !== 'target.multiple-heads') throw error;
    const { code, message, where, facts } = error;
    const hint = `Say which of them is its parent, as in --head ${String([facts['heads']].flat()[0])}, or join them first: aludel merge heads`;
    throw new AludelError(code, message, { where, hint, facts });
  }
}

function resolveParents(graph: RevisionGraph, texts: readonly string[]): readonly number[] {
  return texts.flatMap((text) => {
    const below = stepsBelowHeads(text);
    if (below !== null) {
      const branch = resolveBranch(graph, below.label);
      const tops = branch === null ? heads(graph) : headsOn(graph, branch);
      return tops.flatMap((head) => walkDown(graph, text, head, below.steps) ?? []);
    }
    const target = parseAbsoluteTarget(graph, text);
    const branch = resolveBranch(graph, target.branch);
    if (target.name === 'heads' && branch === null) return inCodePointOrder(graph, heads(graph));
    return inCodePointOrder(graph, resolveAbsolute(graph, target, branch));
  });
}

function inCodePointOrder(graph: RevisionGraph, positions: readonly number[]): readonly number[] {
  return idsAt(graph, positions).flatMap((id) => graph.positionOf.get(id) ?? []);
}

/** A label stays the label, so that the dependency follows it when it moves; everything else becomes full ids. */
function resolveDependency(graph: RevisionGraph, text: string): readonly string[] {
  if (graph.labels.has(text)) return [text];
  const target = parseAbsoluteTarget(graph, text);
  const found = idsAt(graph, resolveAbsolute(graph, target, resolveBranch(graph, target.branch)));
  if (found.length > 0) return found;
  throw new AludelError('revision.invalid', `depends_on "${text}" names no revision.`, {
    where: text,
    hint: 'Name the revision that must be applied first.',
    facts: { reason: 'empty-dependency', depends_on: text },
  });
}

function refuseBadNames(id: string, branchLabels: readonly string[]): void {
  const problem = newIdProblem(id);
  if (problem !== null) {
    throw new AludelError('revision.invalid', `The revision id "${id}" ${problem}.`, {
      where: id,
      hint: 'Use letters, digits, _ and dots.',
      facts: { reason: 'illegal-id', id },
    });
  }
  for (const label of branchLabels) {
    const labelProblem = newLabelProblem(label);
    if (labelProblem === null) continue;
    throw new AludelError('revision.invalid', `The branch label "${label}" ${labelProblem}.`, {
      where: label,
      hint: 'Use letters, digits, _, - and dots.',
      facts: { reason: 'illegal-label', label },
    });
  }
}

function refuseTwins(ids: readonly string[]): void {
  const twin = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twin === undefined) return;
  throw new AludelError('revision.invalid', `Revision ${twin} is named twice as a parent.`, {
    where: twin,
    hint: 'Name each parent once.',
    facts: { reason: 'duplicate-parents', parent: twin },
  });
}

function refuseNonHeads(graph: RevisionGraph, parents: readonly number[]): void {
  const taken = parents.filter((position) => !isHead(graph, position));
  if (taken.length === 0) return;
  const ids = idsAt(graph, taken);
  const all = idsAt(graph, heads(graph));
  const message =
    ids.length === 1
      ? `Revision ${ids[0] ?? ''} is not a head: it has a child already.`
      : `Revisions ${listedBriefly(ids)} are not heads: they have children already.`;
  throw new AludelError('revision.not-a-head', message, {
    where: ids[0] ?? null,
    hint: `Use ${listedBriefly(all, 8, 'or')}, or add --splice to start a new branch.`,
    facts: { parents: ids, heads: all },
  });
}

/** Stands in for the file that does not exist yet in the places of defects. */
const newFile = 'the new revision';

function refuseBrokenHistory(graph: RevisionGraph, added: NewRevision): void {
  const lines = { revision: 1, downRevision: 1, branchLabels: 1, dependsOn: 1 };
  const revision: Revision = { ...added, message: '', doc: '', path: newFile, lines };
  const defects = findDefects([...graph.revisions, revision]).map((defect) => ({
    ...defect,
    places: defect.places.map((place) => (place === `${newFile}:1` ? newFile : place)),
  }));
  if (defects.length === 0) return;
  throw new AludelError('revision.invalid', defects.map(describeDefect).join('\n'), {
    where: added.id,
    hint: 'Nothing was written. Choose another id or label.',
    facts: { reason: 'broken-history', defects },
  });
}
