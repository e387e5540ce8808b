import { AludelError } from '../support/aludel-error.ts';
import { byCodePoint, nearest } from '../support/text.ts';
import { findRings } from './find-rings.ts';
import { describeDefect, type GraphDefect } from './graph-defect.ts';
import { idProblem, labelProblem } from './name-rules.ts';
import type { HeaderLines, Revision } from './revision.ts';
import type { RevisionGraph } from './revision-graph.ts';
import { topologicalOrder } from './topological-order.ts';

/**
 * The checked graph of these revisions, the same whatever order they come in. O(V + E) beside one sort by id.
 *
 * Throws history.broken, whose `facts.defects` is every {@link GraphDefect} at once. Legal on purpose: several heads,
 * several bases, a parent or dependency that another parent implies, no revisions at all.
 */
export function buildGraph(revisions: readonly Revision[]): RevisionGraph {
  const draft = draftOf(revisions);
  const order = draft.defects.length === 0 ? topologicalOrder(draft.needs.map(ascending)) : null;
  if (order === null) throw brokenHistory([...draft.defects, ...ringDefects(draft)]);
  return inOrder(draft, order);
}

/** Everything that keeps these revisions from forming a graph; none when {@link buildGraph} would succeed. */
export function findDefects(revisions: readonly Revision[]): readonly GraphDefect[] {
  const draft = draftOf(revisions);
  return [...draft.defects, ...ringDefects(draft)];
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

/** The revisions by ascending id, one per id, with what could be connected; edges as indexes into `nodes`. */
interface Draft {
  readonly nodes: readonly Revision[];
  readonly indexOf: ReadonlyMap<string, number>;
  readonly labels: ReadonlyMap<string, number>;
  readonly parents: readonly (readonly number[])[];
  readonly needs: readonly (readonly number[])[];
  readonly defects: readonly GraphDefect[];
}

/** Each suggestion compares with every name; a history with more holes than this has another problem than a typing slip. */
const suggestionLimit = 20;

function draftOf(revisions: readonly Revision[]): Draft {
  // Sorting first makes everything below, tie-breaks and order of defects included, independent of file order.
  const sorted = revisions.toSorted((a, b) => byCodePoint(a.id, b.id) || byCodePoint(a.path, b.path));
  const defects: GraphDefect[] = [];
  const nodes: Revision[] = [];
  const indexOf = new Map<string, number>();
  for (let at = 0; at < sorted.length;) {
    const first = sorted[at];
    if (first === undefined) break;
    let end = at + 1;
    while (sorted[end]?.id === first.id) end++;
    if (end - at > 1) {
      const places = sorted.slice(at, end).map((twin) => place(twin, 'revision'));
      defects.push({ kind: 'duplicate-id', id: first.id, places });
    }
    const problem = idProblem(first.id);
    if (problem !== null) {
      defects.push({ kind: 'illegal-id', id: first.id, problem, places: [place(first, 'revision')] });
    }
    indexOf.set(first.id, nodes.length);
    nodes.push(first);
    at = end;
  }
  const labels = labelsOf(nodes, indexOf, defects);

  let suggestions = 0;
  const suggest = (missing: string, candidates: () => Iterable<string>): string | null =>
    suggestions++ < suggestionLimit ? suggestion(missing, candidates()) : null;
  const parents: (readonly number[])[] = [];
  const needs: (readonly number[])[] = [];
  for (const [index, revision] of nodes.entries()) {
    const { id } = revision;
    const byLine: number[] = [];
    for (const name of revision.downRevisions) {
      const parent = indexOf.get(name);
      if (parent !== undefined && parent !== index) {
        byLine.push(parent);
        continue;
      }
      const places = [place(revision, 'downRevision')];
      if (parent === index) defects.push({ kind: 'self-loop', id, places });
      else {
        const nearby = suggest(name, () => indexOf.keys());
        defects.push({ kind: 'missing-down-revision', id, missing: name, suggestion: nearby, places });
      }
    }
    const lineParents = distinct(byLine);
    parents.push(lineParents);
    if (revision.dependsOn.length === 0) {
      needs.push(lineParents);
      continue;
    }
    const all = [...lineParents];
    for (const name of revision.dependsOn) {
      const need = indexOf.get(name) ?? labels.get(name);
      if (need !== undefined && need !== index) {
        all.push(need);
        continue;
      }
      const places = [place(revision, 'dependsOn')];
      if (need === index) defects.push({ kind: 'dependency-self-loop', id, places });
      else {
        const nearby = suggest(name, () => [...indexOf.keys(), ...labels.keys()]);
        defects.push({ kind: 'missing-dependency', id, missing: name, suggestion: nearby, places });
      }
    }
    needs.push(distinct(all));
  }
  return { nodes, indexOf, labels, parents, needs, defects };
}

function labelsOf(
  nodes: readonly Revision[],
  indexOf: ReadonlyMap<string, number>,
  defects: GraphDefect[],
): ReadonlyMap<string, number> {
  const declarers = new Map<string, number[]>();
  for (const [index, revision] of nodes.entries()) {
    if (revision.branchLabels.length === 0) continue;
    for (const label of new Set(revision.branchLabels)) {
      const known = declarers.get(label);
      if (known === undefined) declarers.set(label, [index]);
      else known.push(index);
    }
  }
  const labels = new Map<string, number>();
  for (const label of [...declarers.keys()].toSorted(byCodePoint)) {
    const revisions = (declarers.get(label) ?? []).flatMap((index) => nodes[index] ?? []);
    const [first] = revisions;
    if (first === undefined) continue;
    labels.set(label, indexOf.get(first.id) ?? 0);
    const places = revisions.map((revision) => place(revision, 'branchLabels'));
    const problem = labelProblem(label);
    if (problem !== null) defects.push({ kind: 'illegal-label', id: first.id, label, problem, places });
    if (revisions.length > 1) {
      defects.push({ kind: 'duplicate-label', label, ids: revisions.map((revision) => revision.id), places });
    }
    const namesake = nodes[indexOf.get(label) ?? -1];
    if (namesake !== undefined) {
      const both = [...places, place(namesake, 'revision')];
      defects.push({ kind: 'label-is-id', label, id: first.id, places: both });
    }
  }
  return labels;
}

/** The only name that continues `missing` (a partial id, which files may not hold), else the nearest one. */
function suggestion(missing: string, candidates: Iterable<string>): string | null {
  const names = [...candidates];
  const longer = missing === '' ? [] : names.filter((name) => name.startsWith(missing));
  return longer.length === 1 ? (longer[0] ?? null) : nearest(missing, names);
}

/** Rings by down_revision; and in each knot that has none of those, one ring that goes through depends_on. */
function ringDefects(draft: Draft): readonly GraphDefect[] {
  const byLine = findRings(draft.parents);
  const onLineRing = new Set(byLine.flat());
  const byNeeds = findRings(draft.needs).filter((ring) => !ring.some((node) => onLineRing.has(node)));
  const defect = (kind: 'cycle' | 'dependency-cycle', ring: readonly number[]): GraphDefect => {
    const revisions = ring.flatMap((node) => draft.nodes[node] ?? []);
    const field = (node: number, at: number): keyof HeaderLines =>
      draft.parents[node]?.includes(ring[(at + 1) % ring.length] ?? -1) === true ? 'downRevision' : 'dependsOn';
    const places = revisions.map((revision, at) => place(revision, field(ring[at] ?? -1, at)));
    return { kind, ids: revisions.map((revision) => revision.id), places };
  };
  return [...byLine.map((ring) => defect('cycle', ring)), ...byNeeds.map((ring) => defect('dependency-cycle', ring))];
}

/** Renumbers a sound draft from index by id to position in `order`. */
function inOrder(draft: Draft, order: Int32Array): RevisionGraph {
  const size = order.length;
  const positionAt = new Int32Array(size);
  for (let position = 0; position < size; position++) positionAt[order[position] ?? 0] = position;
  const moved = (list: readonly number[] | undefined): readonly number[] => (list ?? []).map((v) => positionAt[v] ?? 0);

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
  const result: number[][] = edges.map(() => []);
  for (let from = 0; from < edges.length; from++) for (const to of edges[from] ?? []) result[to]?.push(from);
  return result;
}

function distinct(list: readonly number[]): readonly number[] {
  return list.length < 2 ? list : [...new Set(list)];
}

function ascending(list: readonly number[]): readonly number[] {
  return list.length < 2 ? list : list.toSorted((a, b) => a - b);
}

function place(revision: Revision, field: keyof HeaderLines): string {
  return `${revision.path}:${revision.lines[field]}`;
}
