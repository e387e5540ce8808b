import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { check } from '../../src/commands/schema/check.ts';
import { diff } from '../../src/commands/schema/diff.ts';
import type { DialectName } from '../../src/dialects/connection.ts';
import type { AludelConfig } from '../../src/environment/config/config.ts';
import { openedConnection } from '../commands/live-project.ts';
import { createDatabase, describeOnEveryDialect, type TestDatabase } from '../servers.ts';

const count = 1000;
const numbers = Array.from({ length: count }, (_, i) => i);

/** Every tenth refers to the one before it, the first to the last. */
const before = (i: number): number => (i + count - 1) % count;

/** MariaDB 10.11.19 itself ends with signal 11 at an ADD FOREIGN KEY among so many tables: without any there. */
const referringOn = (dialect: DialectName): readonly number[] =>
  dialect === 'mysql' ? [] : numbers.filter((i) => i % 10 === 0);

await describeOnEveryDialect('a thousand tables', suite);

function suite(dialect: DialectName): void {
  let directory = '';
  let made: TestDatabase;
  let remade: TestDatabase;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'aludel-thousand-'));
    mkdirSync(join(directory, 'models'));
    mkdirSync(join(directory, 'versions'));
    writeFileSync(join(directory, 'schema.sql'), sqlOf(dialect));
    writeFileSync(join(directory, 'export.js'), `process.stdout.write(${JSON.stringify(sqlOf(dialect))})`);
    for (const i of numbers) writeFileSync(join(directory, 'models', `t${i}.yaml`), modelOf(i, dialect));
    made = await createDatabase(dialect);
    remade = await createDatabase(dialect);
    await run(made.url, sqlOf(dialect));
    // What is compared below has been written by ourselves, from what was read.
    const { changes } = await diff({ database: remade.url }, 'database', made.url);
    await run(remade.url, changes.flatMap(({ statements }) => statements).join(';\n'));
  }, 480_000);
  afterAll(async () => {
    await made.drop();
    await remade.drop();
    rmSync(directory, { recursive: true, force: true });
  });

  const targets: Readonly<Record<string, () => AludelConfig['target']>> = {
    'SQL files': () => join(directory, 'schema.sql'),
    'a function with knex': () => buildWith(dialect),
    'models in YAML': () => join(directory, 'models'),
    'a command': () => ({ command: [process.execPath, join(directory, 'export.js')] }),
    'another database': () => made.url,
  };

  for (const [kind, target] of Object.entries(targets)) {
    test(`made from ${kind} are no difference`, { timeout: 480_000 }, async () => {
      const config = { database: remade.url, versionLocations: [join(directory, 'versions')], target: target() };

      expect((await check(config)).changes).toEqual([]);
    });
  }
}

function sqlOf(dialect: DialectName): string {
  const isSqlite = dialect === 'sqlite';
  const referring = referringOn(dialect);
  const tables = numbers.map((i) => {
    const reference = isSqlite && referring.includes(i) ? ` REFERENCES t${before(i)} (id)` : '';
    return `CREATE TABLE t${i} (id integer NOT NULL PRIMARY KEY, name varchar(40) DEFAULT 'it''s' NOT NULL, other integer${reference});`;
  });
  const indexes = numbers.map((i) => `CREATE INDEX t${i}_name_index ON t${i} (name);`);
  const references = (isSqlite ? [] : referring).map(
    (i) => `ALTER TABLE t${i} ADD CONSTRAINT t${i}_other_foreign FOREIGN KEY (other) REFERENCES t${before(i)} (id);`,
  );
  return [...tables, ...indexes, ...references].join('\n');
}

function modelOf(i: number, dialect: DialectName): string {
  return `table: t${i}
fields:
  id: { type: integer, primary: true, auto_increment: false }
  name: { type: string, max_length: 40, required: true, default: "it's", index: true }
  other: { type: integer${referringOn(dialect).includes(i) ? `, references: t${before(i)}` : ''} }
`;
}

function buildWith(dialect: DialectName): (knex: Knex) => Promise<void> {
  return (knex) => build(knex, dialect);
}

async function build(knex: Knex, dialect: DialectName): Promise<void> {
  const isSqlite = dialect === 'sqlite';
  const referring = referringOn(dialect);
  for (const i of numbers) {
    await knex.schema.createTable(`t${i}`, (t) => {
      t.integer('id').notNullable().primary();
      t.string('name', 40).notNullable().defaultTo("it's").index();
      const other = t.integer('other');
      if (isSqlite && referring.includes(i)) other.references('id').inTable(`t${before(i)}`);
    });
  }
  for (const i of isSqlite ? [] : referring) {
    await knex.schema.alterTable(`t${i}`, (t) => {
      t.foreign('other')
        .references('id')
        .inTable(`t${before(i)}`);
    });
  }
}

async function run(url: string, sql: string): Promise<void> {
  const connection = await openedConnection(url);
  try {
    await connection.script(sql);
  } finally {
    await connection.close();
  }
}
