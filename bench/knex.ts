import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Command } from './measure.ts';
import { idOf, type BenchProject } from './project.ts';

type Client = 'pg' | 'mysql2';

/** What a client of knex connects to. */
export type KnexConnection = string | Readonly<Record<string, string | number>>;

/** knex migrating the history of the project, a transaction for each migration. */
export function knexMigrate(project: BenchProject, count: number, client: Client, connection: KnexConnection): Command {
  return knexProgram(
    project,
    count,
    `{ client: '${client}', connection: ${JSON.stringify(connection)}, migrations: { directory, loadExtensions: ['.cjs'] } }`,
    'knex.migrate.latest().then(() => knex.destroy(), (error) => { console.error(error); process.exit(1); });',
  );
}

/**
 * A Node that loads the same migrations one after the other and has knex make their statements: what no tool that runs
 * revisions on Node and builds them with knex can do without. Nothing is planned, checked or framed.
 */
export function knexCompile(project: BenchProject, count: number, client: Client): Command {
  return knexProgram(
    project,
    count,
    `{ client: '${client}' }`,
    "for (const name of names) process.stdout.write(require(directory + '/' + name).up(knex).toString() + ';\\n');",
  );
}

/** The same history in plain JavaScript, which has nothing to compile, and a program that does something with it. */
function knexProgram(project: BenchProject, count: number, options: string, program: string): Command {
  const directory = join(project.directory, 'knex');
  mkdirSync(directory, { recursive: true });
  for (let n = 1; n <= count; n++) {
    const name = `${String(n).padStart(5, '0')}_${idOf(n)}.cjs`;
    writeFileSync(join(directory, name), n % 2 === 1 ? createTable(n) : addColumn(n - 1));
  }
  const file = join(project.directory, 'knex.cjs');
  writeFileSync(
    file,
    `const directory = ${JSON.stringify(directory)};
const names = require('fs').readdirSync(directory);
const knex = require(${JSON.stringify(createRequire(import.meta.url).resolve('knex'))})(${options});
${program}
`,
  );
  return { argv: [process.execPath, file], cwd: project.directory };
}

function createTable(n: number): string {
  return `exports.up = (knex) => knex.schema.createTable('t${n}', (table) => {
  table.increments('id');
  table.string('name', 100).notNullable();
  table.integer('amount').defaultTo(0);
  table.text('description');
  table.index(['name'], 'ix_t${n}_name');
});
exports.down = (knex) => knex.schema.dropTable('t${n}');
`;
}

function addColumn(table: number): string {
  return `exports.up = (knex) => knex.schema.alterTable('t${table}', (table) => table.string('note', 200));
exports.down = (knex) => knex.schema.alterTable('t${table}', (table) => table.dropColumn('note'));
`;
}
