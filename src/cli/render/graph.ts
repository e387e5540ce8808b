/** How to read the edges of what is drawn. Only parents that come later in the list get a lane. */
export interface LaneGraph<T> {
  readonly id: (node: T) => string;
  readonly parents: (node: T) => readonly string[];
}

/** One node with the rows that belong to it, from top to bottom. Rows have no trailing blanks. */
export interface DrawnNode<T> {
  readonly node: T;
  /** Lanes of several children coming together; none or one row. */
  readonly above: readonly string[];
  /** The row with the node itself: its text goes to the right. */
  readonly row: string;
  /** The lanes to the further parents of a merge; none or one row. */
  readonly below: readonly string[];
  /** What stands left of further lines of text. */
  readonly beside: string;
}

/** What a column shows in a row that joins lanes. */
type Joint = 'ends' | 'starts' | 'passes';

/**
 * Draws a history as lanes, children before their parents, as `git log --graph` does.
 *
 * A lane is a column that waits for one revision; a lane under a horizontal line keeps its upright stroke, so only
 * corners and tees connect. For each node:
 * 1. every lane that waits for it joins the leftmost of them (row above);
 * 2. the node is drawn there, or in the first free column when no lane waits;
 * 3. its lane goes on to the first parent, or ends;
 * 4. each further parent gets the lane that waits for it already, or the first free column (row below).
 * Columns never move, a column that is free is used again. O(characters drawn).
 */
export function drawLanes<T>(nodes: readonly T[], graph: LaneGraph<T>): DrawnNode<T>[] {
  const position = new Map(nodes.map((node, index) => [graph.id(node), index]));
  const lanes: (string | null)[] = [];
  return nodes.map((node, index) => {
    const id = graph.id(node);
    const parents = [...new Set(graph.parents(node))].filter((parent) => (position.get(parent) ?? -1) > index);

    const [waiting, ...joining] = columnsOf(lanes, id);
    const above =
      joining.length === 0 ? [] : [joinRow(lanes, waiting ?? 0, new Map(joining.map((column) => [column, 'ends'])))];
    for (const column of joining) lanes[column] = null;

    const column = waiting ?? freeColumn(lanes);
    lanes[column] = id;
    const row = upright(lanes, column);

    lanes[column] = parents[0] ?? null;
    const joints = new Map<number, Joint>();
    const opened: { readonly column: number; readonly parent: string }[] = [];
    const taken = [...lanes];
    for (const parent of parents.slice(1)) {
      const existing = lanes.indexOf(parent);
      const target = existing === -1 ? freeColumn(taken) : existing;
      taken[target] = parent;
      if (existing === -1) opened.push({ column: target, parent });
      joints.set(target, existing === -1 ? 'starts' : 'passes');
    }
    const below = joints.size === 0 ? [] : [joinRow(lanes, column, joints)];
    for (const lane of opened) lanes[lane.column] = lane.parent;
    while (lanes.length > 0 && lanes.at(-1) === null) lanes.pop();
    return { node, above, row, below, beside: upright(lanes, null) };
  });
}

/** The picture with text: the first line of each node's text beside the node, further lines beside the lanes below. */
export function withText<T>(
  drawn: readonly DrawnNode<T>[],
  textOf: (node: T) => readonly string[],
  paintLanes: (lanes: string) => string,
): string[] {
  return drawn.flatMap(({ node, above, row, below, beside }) => {
    const text = textOf(node);
    const lanes = [row, ...below];
    const height = Math.max(lanes.length, text.length);
    const all = Array.from({ length: height }, (_, i) => lanes[i] ?? beside);
    const width = Math.max(...all.slice(0, text.length).map((lane) => lane.length));
    const rows = all.map((left, i) => {
      const right = text[i] ?? '';
      return right === '' ? paintLanes(left) : `${paintLanes(left.padEnd(width))} ${right}`;
    });
    return [...above.map((lanes) => paintLanes(lanes)), ...rows];
  });
}

function columnsOf(lanes: readonly (string | null)[], id: string): number[] {
  return lanes.flatMap((waitsFor, column) => (waitsFor === id ? [column] : []));
}

function freeColumn(lanes: readonly (string | null)[]): number {
  const free = lanes.indexOf(null);
  return free === -1 ? lanes.length : free;
}

/** Lanes going straight down, with a node in one column. */
function upright(lanes: readonly (string | null)[], node: number | null): string {
  return lanes
    .map((waitsFor, column) => (column === node ? '●' : waitsFor === null ? ' ' : '│'))
    .join(' ')
    .trimEnd();
}

/** A horizontal line from one lane to others, over the lanes between. */
function joinRow(lanes: readonly (string | null)[], from: number, joints: ReadonlyMap<number, Joint>): string {
  const left = Math.min(from, ...joints.keys());
  const right = Math.max(from, ...joints.keys());
  let row = '';
  for (let column = 0; column < Math.max(lanes.length, right + 1); column++) {
    const joint = column === from ? 'passes' : joints.get(column);
    const inside = column >= left && column <= right;
    const idle = inside ? '─' : ' ';
    row +=
      joint === undefined
        ? (lanes[column] ?? null) === null
          ? idle
          : '│'
        : corner(joint, column > left, column < right);
    row += column >= left && column < right ? '─' : ' ';
  }
  return row.trimEnd();
}

const corners: Readonly<Record<Joint, Readonly<Record<'left' | 'right' | 'both', string>>>> = {
  ends: { left: '╯', right: '╰', both: '┴' },
  starts: { left: '╮', right: '╭', both: '┬' },
  passes: { left: '┤', right: '├', both: '┼' },
};

function corner(joint: Joint, toLeft: boolean, toRight: boolean): string {
  return corners[joint][toLeft && toRight ? 'both' : toLeft ? 'left' : 'right'];
}
