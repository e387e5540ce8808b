import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DialectName } from '../../src/dialects/connection.ts';

/** Real histories, read where they are and never copied: their licences differ. */
const folder = join(
  process.env['ALUDEL_CORPUS'] ?? fileURLToPath(new URL('../../../shared/corpus', import.meta.url)),
  'graphs',
);

export const corpusIsPresent = existsSync(folder);

/** Two trees that each declare the label `expand`: as one graph it is refused. */
const refused = 'openstack-neutron-family.json';

export function corpusGraphs(): readonly string[] {
  if (!corpusIsPresent) return [];
  return readdirSync(folder).filter((name) => name.endsWith('.json') && name !== refused);
}

/** A revision of a graph; parents come before it. */
interface Node {
  readonly id: string;
  readonly down: readonly string[];
  readonly depends_on: readonly string[];
  readonly labels: readonly string[];
}

/**
 * The most tangled part of a graph: the `size` revisions in a row, parents first, that have the most edges among themselves.
 * Edges that lead out of it are left away.
 */
export function tangledPart(name: string, size: number): readonly Node[] {
  const all = parentsFirst((JSON.parse(readFileSync(join(folder, name), 'utf8')) as { revisions: Node[] }).revisions);
  const windows = Array.from({ length: Math.max(1, all.length - size + 1) }, (_, at) =>
    within(all.slice(at, at + size)),
  );
  const edges = (nodes: readonly Node[]): number =>
    nodes.reduce((sum, { down, depends_on: deps }) => sum + down.length + deps.length, 0);
  return windows.reduce((best, next) => (edges(next) > edges(best) ? next : best));
}

function within(nodes: readonly Node[]): readonly Node[] {
  const known = new Set(nodes.flatMap(({ id, labels }) => [id, ...labels]));
  return nodes.map((node) => ({
    ...node,
    down: node.down.filter((id) => known.has(id)),
    depends_on: node.depends_on.filter((id) => known.has(id)),
  }));
}

function parentsFirst(revisions: readonly Node[]): readonly Node[] {
  const byName = new Map(revisions.flatMap((node) => [node.id, ...node.labels].map((name) => [name, node] as const)));
  const placed = new Set<Node>();
  const place = (node: Node): void => {
    if (placed.has(node)) return;
    for (const name of [...node.down, ...node.depends_on]) {
      const needed = byName.get(name);
      if (needed !== undefined) place(needed);
    }
    placed.add(node);
  };
  for (const node of revisions) place(node);
  return [...placed];
}

/** Fills `versions` of a directory with these revisions: each makes a table with rows and changes that of its parent. */
export function writeRevisions(directory: string, nodes: readonly Node[], dialect: DialectName): void {
  const versions = join(directory, 'versions');
  rmSync(versions, { recursive: true, force: true });
  mkdirSync(versions, { recursive: true });
  const numbers = new Map(nodes.map(({ id }, number) => [id, number]));
  for (const node of nodes) {
    const number = numbers.get(node.id) ?? 0;
    const parent = numbers.get(node.down[0] ?? '');
    const [ending, text] =
      number % 4 === 3
        ? ['sql', sqlRevision(node, number, parent, dialect)]
        : ['ts', codeRevision(node, number, parent)];
    writeFileSync(join(versions, `${number}.${ending}`), text);
  }
}

const note = String.raw`it's \\ "quoted"; :x ? %s $$ 😀`;

function codeRevision(node: Node, number: number, parent: number | undefined): string {
  const [up, down] =
    parent === undefined
      ? ['', '']
      : [
          `await op.addColumn('t${parent}', (t) => t.integer('by${number}').defaultTo(${number}));
  await op.execute('UPDATE t${parent} SET note = \\'${number}: ?; :x\\', by${number} = id WHERE id = 1');`,
          `await op.dropColumn('t${parent}', 'by${number}');`,
        ];
  return `/** revision ${number} */
import type { Operations } from 'aludel';
export const revision = ${JSON.stringify(node.id)};
export const down_revision = ${JSON.stringify(node.down)};
export const branch_labels = ${JSON.stringify(node.labels)};
export const depends_on = ${JSON.stringify(node.depends_on)};
export async function upgrade(op: Operations): Promise<void> {
  await op.createTable('t${number}', (t) => {
    t.increments('id');
    t.string('note', 100).defaultTo('none');
    t.integer('n').index();
  });
  await op.bulkInsert('t${number}', [{ note: ${JSON.stringify(note)}, n: ${number} }, { n: null }]);
  await op.knex('t${number}').where({ n: ${number} }).update({ n: ${number + 1} });
  ${up}
}
export async function downgrade(op: Operations): Promise<void> {
  ${down}
  await op.dropTable('t${number}');
}
`;
}

function sqlRevision(node: Node, number: number, parent: number | undefined, dialect: DialectName): string {
  const list = (names: readonly string[]): string => JSON.stringify(names);
  const dropIndex = `DROP INDEX i${number}${dialect === 'mysql' ? ` ON t${parent}` : ''};`;
  return `-- revision: ${node.id}
-- down_revision: ${list(node.down)}
-- branch_labels: ${list(node.labels)}
-- depends_on: ${list(node.depends_on)}
-- message: revision ${number}

-- migrate:up
CREATE TABLE t${number} (id INTEGER NOT NULL PRIMARY KEY, note VARCHAR(100), n INTEGER);
INSERT INTO t${number} (id, note, n) VALUES (1, 'it''s; -- :x ? %', ${number}), (2, NULL, 2);
${parent === undefined ? '' : `CREATE INDEX i${number} ON t${parent} (note);\nDELETE FROM t${parent} WHERE id = 2;`}

-- migrate:down
${parent === undefined ? '' : dropIndex}
DROP TABLE t${number};
`;
}
