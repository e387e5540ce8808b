/**
 * One ring for each knot of nodes that need each other, in ascending order of their smallest node.
 *
 * A ring is a shortest one through the smallest node of its knot and starts there; each node needs the next. Nodes that
 * merely hang on a ring are not named: they are not what has to be mended. Self loops are not rings here.
 */
export function findRings(needs: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const knotOf = knots(needs);
  const sizes = new Map<number, number>();
  for (const knot of knotOf) sizes.set(knot, (sizes.get(knot) ?? 0) + 1);
  const rings: (readonly number[])[] = [];
  const seen = new Set<number>();
  for (let node = 0; node < needs.length; node++) {
    const knot = knotOf[node] ?? -1;
    if ((sizes.get(knot) ?? 0) < 2 || seen.has(knot)) continue;
    seen.add(knot);
    rings.push(shortestRing(needs, node, (other) => knotOf[other] === knot));
  }
  return rings;
}

/** Breadth first from `start` along needs until a node needs `start` again. */
function shortestRing(
  needs: readonly (readonly number[])[],
  start: number,
  isInKnot: (node: number) => boolean,
): readonly number[] {
  const cameFrom = new Map<number, number>([[start, -1]]);
  const queue = [start];
  for (const node of queue) {
    for (const need of needs[node] ?? []) {
      if (need === start) return pathTo(node, cameFrom);
      if (!isInKnot(need) || cameFrom.has(need)) continue;
      cameFrom.set(need, node);
      queue.push(need);
    }
  }
  return [start];
}

function pathTo(last: number, cameFrom: ReadonlyMap<number, number>): readonly number[] {
  const path: number[] = [];
  for (let node = last; node >= 0; node = cameFrom.get(node) ?? -1) path.push(node);
  return path.reverse();
}

/**
 * Strongly connected components by Tarjan's method, as a component number for each node. O(V + E), without recursion.
 *
 * 1. Number nodes as the depth-first walk meets them; `low` is the smallest number a node can reach on the open path.
 * 2. A node whose `low` is its own number closes a component: everything above it on the pending stack.
 */
function knots(needs: readonly (readonly number[])[]): Int32Array {
  const size = needs.length;
  const met = new Int32Array(size).fill(-1);
  const low = new Int32Array(size);
  const knotOf = new Int32Array(size).fill(-1);
  const nextNeed = new Int32Array(size);
  const pending: number[] = [];
  let counter = 0;
  let knot = 0;
  for (let root = 0; root < size; root++) {
    if ((met[root] ?? 0) >= 0) continue;
    const path = [root];
    met[root] = low[root] = counter++;
    pending.push(root);
    for (let node = path.at(-1); node !== undefined; node = path.at(-1)) {
      const need = needs[node]?.[nextNeed[node] ?? 0];
      if (need !== undefined) {
        nextNeed[node] = (nextNeed[node] ?? 0) + 1;
        if ((met[need] ?? 0) < 0) {
          met[need] = low[need] = counter++;
          pending.push(need);
          path.push(need);
        } else if ((knotOf[need] ?? 0) < 0) {
          low[node] = Math.min(low[node] ?? 0, met[need] ?? 0);
        }
        continue;
      }
      path.pop();
      const above = path.at(-1);
      if (above !== undefined) low[above] = Math.min(low[above] ?? 0, low[node] ?? 0);
      if (low[node] === met[node]) {
        let member: number | undefined;
        do {
          member = pending.pop();
          if (member !== undefined) knotOf[member] = knot;
        } while (member !== undefined && member !== node);
        knot++;
      }
    }
  }
  return knotOf;
}
