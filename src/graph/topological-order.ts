/**
 * Nodes 0 … n-1 with every node after all it needs, or null when there is a ring. O(V + E) beside sorting roots and
 * lists of several needs; without recursion: histories of 50,000 revisions in one line are met.
 *
 * `tieBreak` compares two nodes by something that never depends on chance, and never says that they are equal.
 *
 * 1. Roots are the nodes nobody needs, in the order of the tie-break.
 * 2. From each root go depth first along `needs`, in that order too, and emit a node when all it needs is emitted
 *    (postorder): a whole branch comes before the next one, and what the next one shares with it is there already.
 * 3. Meeting a node that is still open means a ring; a node never met hangs below a ring that has no root.
 */
export function topologicalOrder(
  needs: readonly (readonly number[])[],
  tieBreak: (a: number, b: number) => number,
): Int32Array | null {
  const size = needs.length;
  const isNeeded = new Uint8Array(size);
  for (const list of needs) for (const need of list) isNeeded[need] = 1;
  const roots: number[] = [];
  for (let node = 0; node < size; node++) if (isNeeded[node] !== 1) roots.push(node);

  const unmet = 0;
  const open = 1;
  const done = 2;
  const state = new Uint8Array(size);
  const nextNeed = new Int32Array(size);
  const stack = new Int32Array(size);
  const order = new Int32Array(size);
  const sorted = needs.map((list) => (list.length < 2 ? list : list.toSorted(tieBreak)));
  let emitted = 0;

  for (const root of roots.sort(tieBreak)) {
    let depth = 0;
    stack[depth++] = root;
    state[root] = open;
    while (depth > 0) {
      const node = stack[depth - 1] ?? 0;
      const need = sorted[node]?.[nextNeed[node] ?? 0];
      if (need === undefined) {
        state[node] = done;
        order[emitted++] = node;
        depth--;
        continue;
      }
      nextNeed[node] = (nextNeed[node] ?? 0) + 1;
      if (state[need] === open) return null;
      if (state[need] === unmet) {
        state[need] = open;
        stack[depth++] = need;
      }
    }
  }
  return emitted === size ? order : null;
}
