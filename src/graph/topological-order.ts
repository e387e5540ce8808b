/**
 * Nodes 0 … n-1 with every node after all it needs, or null when there is a ring.
 *
 * `needs[v]` must be ascending; the numbers are the tie-break, so the caller numbers nodes by what must not depend on
 * chance. O(V + E), without recursion: histories of 50,000 revisions in one line are met.
 *
 * 1. Roots are the nodes nobody needs, ascending.
 * 2. From each root go depth first along `needs`, ascending, and emit a node when all it needs is emitted (postorder):
 *    a whole branch comes before the next one, and what the next one shares with it is there already.
 * 3. Meeting a node that is still open means a ring; a node never met hangs below a ring that has no root.
 */
export function topologicalOrder(needs: readonly (readonly number[])[]): Int32Array | null {
  const size = needs.length;
  const isNeeded = new Uint8Array(size);
  for (const list of needs) for (const need of list) isNeeded[need] = 1;

  const unmet = 0;
  const open = 1;
  const done = 2;
  const state = new Uint8Array(size);
  const nextNeed = new Int32Array(size);
  const stack = new Int32Array(size);
  const order = new Int32Array(size);
  let emitted = 0;

  for (let root = 0; root < size; root++) {
    if (isNeeded[root] === 1) continue;
    let depth = 0;
    stack[depth++] = root;
    state[root] = open;
    while (depth > 0) {
      const node = stack[depth - 1] ?? 0;
      const need = needs[node]?.[nextNeed[node] ?? 0];
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
