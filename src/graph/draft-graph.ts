import { byCodePoint, nearest } from '../support/text.ts';
import type { GraphDefect } from './graph-defect.ts';
import { idProblem, labelProblem } from './name-rules.ts';
import type { HeaderLines, Revision } from './revision.ts';

/**
 * Revisions connected by name, one node per id in the order given, with everything that is wrong with their headers.
 * Edges are indexes into `nodes`; one that leads nowhere, or back to its own revision, is a defect and no edge. Rings
 * are not looked for here. An id that is used twice is a node without edges: nobody knows which file is meant.
 */
export interface DraftGraph {
  readonly nodes: readonly Revision[];
  /** Branch label to the index of the revision that declares it. */
  readonly labels: ReadonlyMap<string, number>;
  readonly parents: readonly (readonly number[])[];
  /** The very list of `parents` for a revision without depends_on. */
  readonly needs: readonly (readonly number[])[];
  readonly defects: readonly GraphDefect[];
}

/** The draft of these revisions. Defects come in the order of the revisions, so sort those to report them. O(V + E). */
export function draftGraph(revisions: readonly Revision[]): DraftGraph {
  const defects: GraphDefect[] = [];
  const nodes: Revision[] = [];
  const indexOf = new Map<string, number>();
  for (const revision of revisions) {
    if (indexOf.has(revision.id)) continue;
    indexOf.set(revision.id, nodes.length);
    nodes.push(revision);
    const problem = idProblem(revision.id);
    if (problem === null) continue;
    defects.push({ kind: 'illegal-id', id: revision.id, problem, places: [placeOf(revision, 'revision')] });
  }
  const twins = nodes.length === revisions.length ? new Map<string, readonly Revision[]>() : twinsAmong(revisions);
  for (const [id, files] of twins) {
    defects.push({ kind: 'duplicate-id', id, places: files.map((twin) => placeOf(twin, 'revision')) });
  }
  const labels = connectLabels(revisions, indexOf, nodes, defects);
  const edgesOf = edgeFinder(indexOf, labels, defects);
  const parents: (readonly number[])[] = [];
  const needs: (readonly number[])[] = [];
  for (let index = 0; index < nodes.length; index++) {
    const revision = nodes[index];
    if (revision === undefined) continue;
    const files = twins.size === 0 ? undefined : twins.get(revision.id);
    for (const twin of files ?? []) edgesOf(twin, index);
    const edges = files === undefined ? edgesOf(revision, index) : { parents: [], needs: [] };
    parents.push(edges.parents);
    needs.push(edges.needs);
  }
  return { nodes, labels, parents, needs, defects };
}

/** `path:line` of a header field. */
export function placeOf(revision: Revision, field: keyof HeaderLines): string {
  return `${revision.path}:${revision.lines[field]}`;
}

/** The files of each id that has several. */
function twinsAmong(revisions: readonly Revision[]): ReadonlyMap<string, readonly Revision[]> {
  const files = new Map<string, Revision[]>();
  for (const revision of revisions) {
    const known = files.get(revision.id);
    if (known === undefined) files.set(revision.id, [revision]);
    else known.push(revision);
  }
  return new Map([...files].filter(([, twins]) => twins.length > 1));
}

function connectLabels(
  all: readonly Revision[],
  indexOf: ReadonlyMap<string, number>,
  nodes: readonly Revision[],
  defects: GraphDefect[],
): ReadonlyMap<string, number> {
  const declarers = new Map<string, Revision[]>();
  for (const revision of all) {
    for (const label of revision.branchLabels) {
      const known = declarers.get(label) ?? [];
      declarers.set(label, known);
      // A copied file repeats its labels too; that its id is used twice says it all.
      if (!known.some((other) => other.id === revision.id)) known.push(revision);
    }
  }
  const labels = new Map<string, number>();
  for (const [label, revisions] of [...declarers].toSorted(([a], [b]) => byCodePoint(a, b))) {
    const ids = revisions.map((revision) => revision.id);
    const [id = ''] = ids;
    labels.set(label, indexOf.get(id) ?? 0);
    const places = revisions.map((revision) => placeOf(revision, 'branchLabels'));
    const problem = labelProblem(label);
    if (problem !== null) defects.push({ kind: 'illegal-label', id, label, problem, places });
    if (ids.length > 1) defects.push({ kind: 'duplicate-label', label, ids, places });
    const namesake = nodes[indexOf.get(label) ?? -1];
    if (namesake === undefined) continue;
    defects.push({ kind: 'label-is-id', label, id, places: [...places, placeOf(namesake, 'revision')] });
  }
  return labels;
}

interface Edges {
  readonly parents: readonly number[];
  readonly needs: readonly number[];
}

/** Each suggestion compares with every name; a history with more holes than this has another problem than a typing slip. */
const suggestionLimit = 20;

/** Looks up the names in a header, and notes those that lead nowhere or back to the revision. */
function edgeFinder(
  indexOf: ReadonlyMap<string, number>,
  labels: ReadonlyMap<string, number>,
  defects: GraphDefect[],
): (revision: Revision, index: number) => Edges {
  let suggestions = 0;
  const suggest = (missing: string, candidates: () => Iterable<string>): string | null =>
    suggestions++ < suggestionLimit ? suggestion(missing, [...candidates()]) : null;

  const parentsOf = (revision: Revision, index: number): readonly number[] => {
    const { id, downRevisions } = revision;
    const [first] = downRevisions;
    const only = downRevisions.length === 1 && first !== undefined ? indexOf.get(first) : undefined;
    // Nearly every revision has one sound parent, and a history may have 50,000 of them.
    if (only !== undefined && only !== index) return [only];
    const parents: number[] = [];
    for (const name of downRevisions) {
      const parent = indexOf.get(name);
      if (parent !== undefined && parent !== index) {
        parents.push(parent);
        continue;
      }
      const places = [placeOf(revision, 'downRevision')];
      if (parent === index) {
        defects.push({ kind: 'self-loop', id, places });
      } else {
        const nearby = suggest(name, () => indexOf.keys());
        defects.push({ kind: 'missing-down-revision', id, missing: name, suggestion: nearby, places });
      }
    }
    return [...new Set(parents)];
  };

  return (revision, index) => {
    const { id, dependsOn } = revision;
    const parents = parentsOf(revision, index);
    if (dependsOn.length === 0) return { parents, needs: parents };
    const needs = [...parents];
    for (const name of dependsOn) {
      const need = indexOf.get(name) ?? labels.get(name);
      if (need !== undefined && need !== index) {
        needs.push(need);
        continue;
      }
      const places = [placeOf(revision, 'dependsOn')];
      if (need === index) {
        defects.push({ kind: 'dependency-self-loop', id, places });
      } else {
        const nearby = suggest(name, () => [...indexOf.keys(), ...labels.keys()]);
        defects.push({ kind: 'missing-dependency', id, missing: name, suggestion: nearby, places });
      }
    }
    return { parents, needs: [...new Set(needs)] };
  };
}

/** The only name that continues `missing` (a partial id, which files may not hold), else the nearest one. */
function suggestion(missing: string, names: readonly string[]): string | null {
  const longer = missing === '' ? [] : names.filter((name) => name.startsWith(missing));
  return longer.length === 1 ? (longer[0] ?? null) : nearest(missing, names);
}
