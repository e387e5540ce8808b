import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface BenchProject {
  readonly directory: string;
  readonly database: string;
  /** The cache of compiled TypeScript: the nearest node_modules is the project's own. */
  readonly transformCache: string;
  remove(): void;
}

/**
 * A project of `count` revisions in a line; odd ones create a table and an index, even ones add a column to it.
 * `url` is the database, a SQLite file of the project's own unless given.
 */
export function createProject(count: number, url = 'sqlite:./bench.db'): BenchProject {
  const directory = mkdtempSync(join(tmpdir(), 'aludel-bench-'));
  mkdirSync(join(directory, 'versions'));
  mkdirSync(join(directory, 'node_modules'));
  writeFileSync(
    join(directory, 'migrate.config.ts'),
    `import { defineConfig } from 'aludel';\n\nexport default defineConfig({ database: ${JSON.stringify(url)} });\n`,
  );
  for (let n = 1; n <= count; n++) {
    writeFileSync(join(directory, 'versions', `${idOf(n)}_${slugOf(n)}.ts`), revisionText(n));
  }
  return {
    directory,
    database: join(directory, 'bench.db'),
    transformCache: join(directory, 'node_modules', '.cache'),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

export function removeDatabase({ database }: BenchProject): void {
  for (const suffix of ['', '-journal', '-aludel-lock']) rmSync(`${database}${suffix}`, { force: true });
}

/** The statement that moves the version table to revision `index`, from 0, as an upgrade writes it. */
export function versionWrite(index: number): string {
  return index === 0
    ? `INSERT INTO aludel_version (version_num) VALUES ('${idOf(1)}')`
    : `UPDATE aludel_version SET version_num = '${idOf(index + 1)}' WHERE version_num = '${idOf(index)}'`;
}

/** Twelve hexadecimal digits without an order of their own, as real ids are. */
export function idOf(n: number): string {
  return ((n * 0x9e3779b1) >>> 0).toString(16).padStart(8, '0') + n.toString(16).padStart(4, '0');
}

function slugOf(n: number): string {
  return n % 2 === 1 ? `create_t${n}` : `add_note_to_t${n - 1}`;
}

function revisionText(n: number): string {
  const down = n === 1 ? 'null' : `'${idOf(n - 1)}'`;
  return `/** ${slugOf(n).replaceAll('_', ' ')} */
import type { Operations } from 'aludel';

export const revision = '${idOf(n)}';
export const down_revision = ${down};
export const branch_labels = null;
export const depends_on = null;

export async function upgrade(op: Operations): Promise<void> {
${n % 2 === 1 ? createTable(n) : addColumn(n - 1)}
}

export async function downgrade(op: Operations): Promise<void> {
  await ${n % 2 === 1 ? `op.dropTable('t${n}')` : `op.dropColumn('t${n - 1}', 'note')`};
}
`;
}

function createTable(n: number): string {
  return `  await op.createTable('t${n}', (table) => {
    table.increments('id');
    table.string('name', 100).notNullable();
    table.integer('amount').defaultTo(0);
    table.text('description');
  });
  await op.createIndex('t${n}', 'name');`;
}

function addColumn(table: number): string {
  return `  await op.addColumn('t${table}', (table) => table.string('note', 200));`;
}
