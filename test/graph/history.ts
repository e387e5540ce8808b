import { buildGraph } from '../../src/graph/build-graph.ts';
import type { Revision } from '../../src/graph/revision.ts';
import type { RevisionGraph } from '../../src/graph/revision-graph.ts';

/**
 * Revisions drawn in text: `a <- b` is b on top of a, `a <~ b` is b depending on a, `a[left]` declares the label left.
 * A revision named as a child on several lines is a merge of its parents in that order.
 */
export function history(...lines: readonly string[]): readonly Revision[] {
  const drawn = new Map<string, { down: string[]; deps: string[]; labels: string[] }>();
  for (const line of lines) {
    const tokens = line.split(/\s*(<-|<~)\s*/u);
    let below: string | null = null;
    for (let at = 0; at < tokens.length; at += 2) {
      const [, id = '', labels] = /^(.+?)(?:\[(.*)\])?$/su.exec((tokens[at] ?? '').trim()) ?? [];
      const node = drawn.get(id) ?? { down: [], deps: [], labels: [] };
      drawn.set(id, node);
      if (labels !== undefined) node.labels.push(...labels.split(',').map((label) => label.trim()));
      if (below !== null) {
        const list = tokens[at - 1] === '<-' ? node.down : node.deps;
        if (!list.includes(below)) list.push(below);
      }
      below = id;
    }
  }
  return Array.from(drawn, ([id, node]) => revision(id, node));
}

/** The checked graph of a drawing. */
export function drawnGraph(...lines: readonly string[]): RevisionGraph {
  return buildGraph(history(...lines));
}

/** A revision as its file would declare it: header lines 3 to 6 of versions/<id>.ts. */
export function revision(
  id: string,
  fields: {
    readonly down?: readonly string[];
    readonly deps?: readonly string[];
    readonly labels?: readonly string[];
  } = {},
  path = `versions/${id}.ts`,
): Revision {
  return {
    id,
    downRevisions: fields.down ?? [],
    dependsOn: fields.deps ?? [],
    branchLabels: fields.labels ?? [],
    message: '',
    doc: '',
    path,
    lines: { revision: 3, downRevision: 4, branchLabels: 5, dependsOn: 6 },
  };
}
