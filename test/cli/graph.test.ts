import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawLanes, withText, type DrawnNode } from '../../src/cli/render/graph.ts';
import { picture } from './reports.ts';

interface Node {
  readonly id: string;
  readonly parents: readonly string[];
}

/** `e: c d` is revision e with parents c and d; newest first. */
function nodes(text: string): Node[] {
  return picture(text)
    .split('\n')
    .map((line) => {
      const [id = '', parents = ''] = line.split(':');
      return { id, parents: parents.split(' ').filter(Boolean) };
    });
}

function draw(list: readonly Node[]): DrawnNode<Node>[] {
  return drawLanes(list, { id: ({ id }) => id, parents: ({ parents }) => parents });
}

function drawn(text: string): string {
  return withText(
    draw(nodes(text)),
    ({ id }) => [id],
    (lanes) => lanes,
  ).join('\n');
}

describe('drawing lanes', () => {
  test('a chain is one lane', () => {
    expect(drawn('c: b\nb: a\na:')).toBe(
      picture(`
      ● c
      ● b
      ● a
    `),
    );
  });

  test('no revisions draw nothing', () => {
    expect(draw([])).toEqual([]);
  });

  test('branches come together above their branch point', () => {
    expect(drawn('c: a\nb: a\na:')).toBe(
      picture(`
      ● c
      │ ● b
      ├─╯
      ● a
    `),
    );
  });

  test('a merge opens a lane for each further parent', () => {
    expect(drawn('e: c d\nd: b\nc: b\nb: a\na:')).toBe(
      picture(`
      ● e
      ├─╮
      │ ● d
      ● │ c
      ├─╯
      ● b
      ● a
    `),
    );
  });

  test('a merge of four parents is one row', () => {
    expect(drawn('m: a b c d\nd:\nc:\nb:\na:')).toBe(
      picture(`
      ● m
      ├─┬─┬─╮
      │ │ │ ● d
      │ │ ● c
      │ ● b
      ● a
    `),
    );
  });

  test('several roots leave their columns free for what comes later', () => {
    expect(drawn('b: a\na:\ny: x\nx:')).toBe(
      picture(`
      ● b
      ● a
      ● y
      ● x
    `),
    );
  });

  test('a line that crosses a lane does not touch it', () => {
    expect(drawn('f: a\ne: d\nc: a\nd:\na:')).toBe(
      picture(`
      ● f
      │ ● e
      │ │ ● c
      │ ● │ d
      ├───╯
      ● a
    `),
    );
    expect(drawn('f: a\ne: d\nc: a\na:\nd:')).toBe(
      picture(`
      ● f
      │ ● e
      │ │ ● c
      ├─│─╯
      ● │ a
        ● d
    `),
    );
  });

  test('a merge joins lanes that wait for its parents already, on either side', () => {
    expect(drawn('x: a\ny: b\nm: c a b\nc:\nb:\na:')).toBe(
      picture(`
      ● x
      │ ● y
      │ │ ● m
      ├─┼─┤
      │ │ ● c
      │ ● b
      ● a
    `),
    );
    expect(drawn('m: c b\ny: b\nc:\nb:')).toBe(
      picture(`
      ● m
      ├─╮
      │ │ ● y
      ● │ │ c
        ├─╯
        ● b
    `),
    );
  });

  test('a merge takes a free column, left or right, and its line crosses the lanes between', () => {
    expect(drawn('z: y\nq: m\ny:\nm: p t\nt:\np:')).toBe(
      picture(`
      ● z
      │ ● q
      ● │ y
        ● m
      ╭─┤
      ● │ t
        ● p
    `),
    );
    expect(drawn('z: y\nq: p\ny:\nm: p t\nt:\np:')).toBe(
      picture(`
      ● z
      │ ● q
      ● │ y
      ● │ m
      ├─│─╮
      │ │ ● t
      ├─╯
      ● p
    `),
    );
  });

  test('a parent that is written twice, or that the list does not hold, gets no lane', () => {
    expect(drawn('c: b b gone\nb: older')).toBe(
      picture(`
      ● c
      ● b
    `),
    );
  });

  test('verbose text runs beside the lanes', () => {
    const list = draw(nodes('m: a b\nb:\na:'));
    expect(
      withText(
        list,
        ({ id }) => [`Rev: ${id}`, 'Path: x', ''],
        (lanes) => lanes,
      ).join('\n'),
    ).toBe(
      picture(`
      ●   Rev: m
      ├─╮ Path: x
      │ │
      │ ● Rev: b
      │   Path: x
      │
      ● Rev: a
        Path: x

    `),
    );
  });

  test('42 parallel branches take 42 columns and close in one row', () => {
    const branches = Array.from({ length: 42 }, (_, i) => ({ id: `b${i}`, parents: ['root'] }));
    const lines = withText(
      draw([...branches, { id: 'root', parents: [] }]),
      ({ id }) => [id],
      (lanes) => lanes,
    );
    expect(lines).toHaveLength(44);
    expect(lines[41]).toBe(`${'│ '.repeat(41)}● b41`);
    expect(lines[42]).toBe(`├${'─┴'.repeat(40)}─╯`);
    expect(lines[43]).toBe('● root');
  });

  test('a chain of 20,000 revisions is drawn at once', () => {
    const chain = Array.from({ length: 20_000 }, (_, i) => ({ id: String(i), parents: [String(i + 1)] }));
    expect(draw(chain)).toHaveLength(20_000);
  });
});

describe('any history', () => {
  /** Newest first: a revision names parents further down the list, now and then one that is not there. */
  const history = fc.array(fc.array(fc.nat({ max: 12 }), { maxLength: 4 }), { maxLength: 40 }).map((list) =>
    list.map((offsets, i): Node => ({
      id: `r${i}`,
      parents: [...new Set(offsets)].map((offset) => `r${i + 1 + offset}`),
    })),
  );

  test('every revision is drawn once, in order', () => {
    fc.assert(
      fc.property(history, (list) => {
        const rows = draw(list);
        expect(rows.map(({ node }) => node.id)).toEqual(list.map(({ id }) => id));
        for (const { row } of rows) expect(row.split('●')).toHaveLength(2);
      }),
    );
  });

  test('following the lines of the picture leads from each revision to its parents and nowhere else', () => {
    fc.assert(
      fc.property(history, (list) => {
        const known = new Set(list.map(({ id }) => id));
        const expected = new Set(
          list.flatMap(({ id, parents }) =>
            parents.filter((parent) => known.has(parent)).map((parent) => `${id} -> ${parent}`),
          ),
        );
        expect(edgesIn(draw(list))).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });
});

/** Reads a picture as a person does: which revisions' lines arrive at each revision. */
function edgesIn(rows: readonly DrawnNode<Node>[]): Set<string> {
  const edges = new Set<string>();
  /** The revisions whose line goes down in a column. */
  let lanes = new Map<number, ReadonlySet<string>>();
  for (const { node, above, row, below, beside } of rows) {
    for (const line of above) lanes = follow(line, lanes, 'joining');
    const column = row.indexOf('●') / 2;
    for (const from of lanes.get(column) ?? []) edges.add(`${from} -> ${node.id}`);
    expectLanes(row, lanes, column);
    lanes.set(column, new Set([node.id]));
    for (const line of below) lanes = follow(line, lanes, 'parting', column);
    // A lane without a stroke in the next row has ended; `beside` says which go on.
    lanes = new Map([...lanes].filter(([at]) => beside[at * 2] === '│'));
  }
  expect(lanes.size).toBe(0);
  return edges;
}

/** A row of strokes shows exactly the lanes that are open. */
function expectLanes(row: string, lanes: ReadonlyMap<number, ReadonlySet<string>>, node: number): void {
  for (let column = 0; column * 2 < row.length; column++) {
    if (column !== node) expect(row[column * 2] === '│').toBe(lanes.has(column));
  }
}

/** Corners and tees of one horizontal line connect; a bare upright stroke is a lane that passes behind it. */
function follow(
  line: string,
  lanes: ReadonlyMap<number, ReadonlySet<string>>,
  how: 'joining' | 'parting',
  from = -1,
): Map<number, ReadonlySet<string>> {
  const joints = line.split('').flatMap((glyph, at) => ('├┤┼┬┴╮╭╯╰'.includes(glyph) ? [at / 2] : []));
  const after = new Map(lanes);
  if (how === 'joining') {
    const [into = -1] = joints;
    after.set(into, new Set(joints.flatMap((column) => [...(lanes.get(column) ?? [])])));
    for (const column of joints.slice(1)) after.delete(column);
  } else {
    for (const column of joints.filter((joint) => joint !== from)) {
      after.set(column, new Set([...(lanes.get(column) ?? []), ...(lanes.get(from) ?? [])]));
    }
  }
  return after;
}
