import { randomUUID } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { downgrade } from '../../src/commands/downgrade.ts';
import type { RunEvent } from '../../src/commands/invocation.ts';
import { log } from '../../src/commands/log.ts';
import { repair } from '../../src/commands/repair.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import type { DialectName } from '../../src/dialects/connection.ts';
import { describeOn, describeOnEveryDialect } from '../servers.ts';
import { liveProject, openedConnection, revisionSource, type LiveProject } from './live-project.ts';

/** A table `item` with this key, filled by the statements given, and a revision whose upgrade is `body`. */
async function projectWith(
  dialect: DialectName,
  definition: string,
  inserts: readonly string[],
  body: string,
): Promise<LiveProject> {
  const project = await liveProject(dialect, { 'a.mjs': revisionSource('a', null, body) });
  const connection = await openedConnection(project.url);
  try {
    await connection.query(`CREATE TABLE item (n INTEGER NOT NULL DEFAULT 0, ${definition})`);
    for (const sql of inserts) await connection.query(sql);
  } finally {
    await connection.close();
  }
  return project;
}

/** Runs the upgrade; answers what was told of the progress. */
async function progressOf(project: LiveProject): Promise<readonly Extract<RunEvent, { kind: 'backfill-progress' }>[]> {
  const told: Extract<RunEvent, { kind: 'backfill-progress' }>[] = [];
  await upgrade(project.config, 'head', {
    onEvent: (event) => {
      if (event.kind === 'backfill-progress') told.push(event);
    },
  });
  return told;
}

/** Puts another text in the place of a revision, in a file of another name: a module that was loaded stays in memory. */
function rewrite(project: LiveProject, source: string, revision = 'a'): void {
  const directory = join(project.directory, 'versions');
  const old = readdirSync(directory).filter((name) => name.startsWith(revision));
  for (const name of old) rmSync(join(directory, name));
  project.write(`${revision}_${randomUUID()}.mjs`, source);
}

const values = (keys: readonly string[]): string => keys.map((key) => `(${key})`).join(', ');
const numbers = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => String(index + 1));
const bump = (more: string): string =>
  `const rows = await op.backfill({ table: 'item', set: { n: { sql: 'n + 1' } }, ${more} });
   await op.execute('CREATE TABLE answer (changed INTEGER)');
   await op.execute(\`INSERT INTO answer VALUES (\${rows})\`);`;

/** Smallest and largest n, and how many rows. */
async function spreadOf(project: LiveProject): Promise<readonly number[]> {
  const [row] = await project.query('SELECT MIN(n) AS low, MAX(n) AS high, COUNT(*) AS rows_ FROM item');
  return [Number(row?.['low']), Number(row?.['high']), Number(row?.['rows_'])];
}

/** Definitions of keys with values in no order: each is told, stored and compared as the database does. */
const keys: Readonly<Record<string, Partial<Record<DialectName, string>> & { readonly values: readonly string[] }>> = {
  integer: {
    sqlite: 'id INTEGER PRIMARY KEY',
    postgresql: 'id INTEGER PRIMARY KEY',
    mysql: 'id INTEGER PRIMARY KEY',
    values: ['-7', '0', '12', '3', '100'],
  },
  'bigint beyond 2^53': {
    sqlite: 'id BIGINT NOT NULL PRIMARY KEY',
    postgresql: 'id BIGINT PRIMARY KEY',
    mysql: 'id BIGINT PRIMARY KEY',
    values: ['9007199254740992', '9007199254740993', '9007199254740994', '9223372036854775807', '-9223372036854775807'],
  },
  'text in a collation': {
    sqlite: 'id TEXT COLLATE NOCASE NOT NULL PRIMARY KEY',
    postgresql: 'id TEXT COLLATE "und-x-icu" PRIMARY KEY',
    mysql: 'id VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci PRIMARY KEY',
    values: ["'b'", "'A'", "'Zoe'", "'a b'", "'ö'", "'it''s ? :x $1 -- */'", "''", "'😀'", "'_'"],
  },
  'text with backslashes': {
    sqlite: 'id TEXT NOT NULL PRIMARY KEY',
    postgresql: 'id TEXT PRIMARY KEY',
    mysql: 'id VARCHAR(50) CHARACTER SET latin1 COLLATE latin1_german1_ci PRIMARY KEY',
    values: [String.raw`'\\'`, String.raw`'a\\b'`, String.raw`'a\\''b'`, "'a'", "'b'", "'ü'"],
  },
  uuid: {
    sqlite: 'id TEXT NOT NULL PRIMARY KEY',
    postgresql: 'id UUID PRIMARY KEY',
    mysql: 'id UUID PRIMARY KEY',
    values: [
      "'f1b3e0a4-6f0e-11ee-8c99-0242ac120002'",
      "'0c7a1d5e-6f0f-11ee-8c99-0242ac120002'",
      "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'",
    ],
  },
  bytes: {
    sqlite: 'id BLOB NOT NULL PRIMARY KEY',
    postgresql: 'id BYTEA PRIMARY KEY',
    mysql: 'id VARBINARY(20) PRIMARY KEY',
    values: ["'b'", "'a'", "''", "'ab'"],
  },
  decimal: {
    sqlite: 'id NUMERIC NOT NULL PRIMARY KEY',
    postgresql: 'id NUMERIC(30, 5) PRIMARY KEY',
    mysql: 'id DECIMAL(30, 5) PRIMARY KEY',
    values: ['1.5', '-2.25', '10', '9'],
  },
  'moment in time': {
    postgresql: 'id TIMESTAMPTZ PRIMARY KEY',
    mysql: 'id DATETIME(6) PRIMARY KEY',
    values: ["'2024-10-27 01:30:00.000001'", "'2024-10-27 01:30:00'", "'1999-01-01 00:00:00'", "'2038-05-05 12:00:00'"],
  },
};

await describeOnEveryDialect('a backfill', (dialect) => {
  it.each(Object.entries(keys).filter(([, key]) => key[dialect] !== undefined))(
    'changes every row once, in batches of any size, by a key of type %s',
    async (_, key) => {
      const sizes = [1, 2, key.values.length, 100];
      const calls = sizes.map(
        (size) =>
          `await op.backfill({ table: 'item', set: { n: { sql: 'n + 1' } }, batchSize: ${size}, targetMs: null });`,
      );
      const inserts = [`INSERT INTO item (id) VALUES ${values(key.values)}`];
      const project = await projectWith(dialect, key[dialect] ?? '', inserts, calls.join('\n'));
      const told = await progressOf(project);
      expect(await spreadOf(project)).toEqual([sizes.length, sizes.length, key.values.length]);
      const changed = new Map(told.map(({ statement, rows }) => [statement, rows]));
      expect([...changed.values()]).toEqual(sizes.map(() => key.values.length));
    },
  );

  it('takes rows by a composite key in the order of its columns', async () => {
    const pairs = ['a', 'b', 'c'].flatMap((tenant) => numbers(4).map((id) => `'${tenant}', ${id}`));
    const project = await projectWith(
      dialect,
      'id INTEGER NOT NULL, tenant VARCHAR(10) NOT NULL, PRIMARY KEY (tenant, id)',
      [`INSERT INTO item (tenant, id) VALUES ${values(pairs)}`],
      bump('batchSize: 5, targetMs: null'),
    );
    expect((await progressOf(project)).map(({ rows }) => rows)).toEqual([5, 10, 12]);
    expect(await spreadOf(project)).toEqual([1, 1, 12]);
    expect(await project.query('SELECT changed FROM answer')).toEqual([{ changed: 12 }]);
  });

  it('takes a key that is not unique, with all rows that share it in one batch', async () => {
    const project = await projectWith(
      dialect,
      'id INTEGER PRIMARY KEY, day INTEGER NOT NULL',
      [`INSERT INTO item (id, day) VALUES ${values(numbers(20).map((id) => `${id}, ${Number(id) % 3}`))}`],
      bump(`key: 'day', batchSize: 2, targetMs: null`),
    );
    await progressOf(project);
    expect(await spreadOf(project)).toEqual([1, 1, 20]);
  });

  it('changes only what "where" says, and says about how many rows that is', async () => {
    const project = await projectWith(
      dialect,
      'id INTEGER PRIMARY KEY, note VARCHAR(20)',
      [
        `INSERT INTO item (id, note) VALUES ${values(numbers(30).map((id) => `${id}, ${Number(id) % 2 ? "'?'" : 'NULL'}`))}`,
      ],
      bump(`where: "note = '?' -- not all", batchSize: 4, targetMs: null`),
    );
    const told = await progressOf(project);
    expect(told.map(({ rows }) => rows)).toEqual([4, 8, 12, 15]);
    expect(told[0]?.total).toBeGreaterThan(0);
    expect(await project.query('SELECT n, COUNT(*) AS c FROM item GROUP BY n ORDER BY n')).toEqual(
      [
        [0, 15],
        [1, 15],
      ].map(([n, c]) => ({ n, c: dialect === 'postgresql' ? String(c) : c })),
    );
  });

  it('sets values of every type as well as SQL', async () => {
    const project = await projectWith(
      dialect,
      'id INTEGER PRIMARY KEY, a VARCHAR(40), b INTEGER, c VARCHAR(40)',
      [`INSERT INTO item (id, a, b) VALUES (1, 'x', 1)`],
      String.raw`await op.backfill({ table: 'item', set: { a: "it's ? \\ :x", b: null, c: { sql: "'-- ' -- a comment" }, n: 7 } });`,
    );
    await upgrade(project.config, 'head');
    expect(await project.query('SELECT a, b, c, n FROM item')).toEqual([
      { a: String.raw`it's ? \ :x`, b: null, c: '-- ', n: 7 },
    ]);
  });

  it('does nothing to an empty table', async () => {
    const project = await projectWith(dialect, 'id INTEGER PRIMARY KEY', [], bump(''));
    expect((await progressOf(project)).map(({ rows }) => rows)).toEqual([0]);
  });

  it('commits what came before it, and each batch by itself', async () => {
    const project = await projectWith(
      dialect,
      'id INTEGER PRIMARY KEY',
      [`INSERT INTO item (id) VALUES ${values(numbers(10))}`],
      `await op.execute('CREATE TABLE before_it (id INTEGER)');
       ${bump('batchSize: 3, targetMs: null')}
       throw new Error('no');`,
    );
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({ code: 'migration.partial' });
    expect(await spreadOf(project)).toEqual([1, 1, 10]);
    expect(await project.query('SELECT * FROM before_it')).toEqual([]);
  });

  it('goes on behind its last batch after one that failed, and shows how it stands meanwhile', async () => {
    const project = await projectWith(
      dialect,
      'id INTEGER PRIMARY KEY, text VARCHAR(10)',
      [`INSERT INTO item (id, text) VALUES ${values(numbers(10).map((id) => `${id}, '${id === '8' ? 'bad' : id}'`))}`],
      `await op.backfill({ table: 'item', set: { n: { sql: "n + 1 + CASE text WHEN 'bad' THEN NULL ELSE 0 END" } }, batchSize: 3, targetMs: null });`,
    );
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({
      code: 'migration.partial',
      where: 'versions/a.mjs:8',
    });
    expect(await spreadOf(project)).toEqual([0, 1, 10]);
    expect(await repair(project.config)).toMatchObject({ half_done: { statements: [{ state: 'in-progress' }] } });
    await project.query(`UPDATE item SET text = '8' WHERE id = 8`);
    // Somebody else inserts a row behind the last batch, and one ahead of it.
    await project.query(`INSERT INTO item (id, text) VALUES (0, '0'), (11, '11')`);
    // What decides nothing may be changed before it goes on.
    rewrite(
      project,
      revisionSource(
        'a',
        null,
        `await op.backfill({ table: 'item', set: { n: { sql: "n + 1 + CASE text WHEN 'bad' THEN NULL ELSE 0 END" } }, batchSize: 100, pauseMs: 1 });`,
      ),
    );
    expect((await progressOf(project)).map(({ rows }) => rows)).toEqual([11]);
    expect(await project.query('SELECT id FROM item WHERE n <> 1')).toEqual([{ id: 0 }]);
    expect(await spreadOf(project)).toEqual([0, 1, 12]);
  });

  it('does not go on as another backfill', async () => {
    const source = (step: number): string =>
      revisionSource(
        'a',
        null,
        `await op.backfill({ table: 'item', set: { n: { sql: 'n + ${step}' } }, batchSize: 2, targetMs: null, key: 'id' });
         throw new Error('no');`,
      );
    const project = await projectWith(
      dialect,
      'id INTEGER PRIMARY KEY',
      [`INSERT INTO item (id) VALUES ${values(numbers(5))}`],
      '',
    );
    project.write('a.mjs', source(1));
    const stop = new AbortController();
    await expect(
      upgrade(project.config, 'head', {
        signal: stop.signal,
        onEvent: (event) => {
          if (event.kind === 'backfill-progress') stop.abort('SIGINT');
        },
      }),
    ).rejects.toMatchObject({ code: 'migration.partial' });
    expect(await spreadOf(project)).toEqual([0, 1, 5]);
    rewrite(project, source(10));
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({ code: 'migration.changed' });
    rewrite(project, revisionSource('a', null, ''));
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({ code: 'migration.changed' });
  });

  it('is one row of the log, and none of its batches', async () => {
    const project = await projectWith(
      dialect,
      'id INTEGER PRIMARY KEY',
      [`INSERT INTO item (id) VALUES ${values(numbers(9))}`],
      `await op.backfill({ table: 'item', set: { n: 1 }, batchSize: 2, targetMs: null });`,
    );
    await upgrade(project.config, 'head');
    const { entries } = await log(project.config);
    expect(entries.map(({ event }) => event)).toEqual(['applied', 'done']);
    expect(entries[1]?.sql).toContain('in batches by the primary key');
    expect(await project.query(`SELECT COUNT(*) AS c FROM aludel_log WHERE event = 'progress'`)).toEqual([
      { c: dialect === 'postgresql' ? '4' : 4 },
    ]);
  });

  it('makes batches larger while they are faster than wanted', async () => {
    const project = await projectWith(
      dialect,
      'id INTEGER PRIMARY KEY',
      [`INSERT INTO item (id) VALUES ${values(numbers(100))}`],
      bump('batchSize: 4, targetMs: 60000'),
    );
    expect((await progressOf(project)).map(({ rows }) => rows)).toEqual([4, 12, 28, 60, 100]);
  });

  it('rests between two batches', async () => {
    const project = await projectWith(
      dialect,
      'id INTEGER PRIMARY KEY',
      [`INSERT INTO item (id) VALUES ${values(numbers(5))}`],
      bump('batchSize: 2, targetMs: null, pauseMs: 150'),
    );
    const startedAt = performance.now();
    await progressOf(project);
    expect(performance.now() - startedAt).toBeGreaterThan(300);
  });

  it.each([
    ['a table that is not there', `table: 'nowhere', set: { n: 1 }`, 'There is no table nowhere'],
    ['a column that is not there', `table: 'item', set: { n: 1 }, key: 'nothing'`, 'has no column "nothing"'],
    ['a table without a primary key', `table: 'item', set: { n: 1 }`, 'has no primary key'],
    ['a key that it changes', `table: 'item', set: { a: 1 }, key: ['a', 'n']`, 'would change "a"'],
    ['a key with NULL', `table: 'item', set: { n: 1 }, key: ['b', 'a']`, 'NULL in'],
    ['nothing to set', `table: 'item', set: {}`, '"set" names no column'],
    ['a misspelt key', `table: 'item', set: { n: 1 }, wher: 'id = 1'`, 'op.backfill: there is no option "wher"'],
    ['batches of no rows', `table: 'item', set: { n: 1 }, batchSize: 0`, '"batchSize"'],
  ])('refuses %s', async (_, options, message) => {
    const project = await projectWith(
      dialect,
      'a INTEGER NOT NULL, b INTEGER',
      ['INSERT INTO item (a, b) VALUES (1, NULL)'],
      `await op.backfill({ ${options} });`,
    );
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({
      code: 'migration.failed',
      message: expect.stringContaining(message) as string,
      where: 'versions/a.mjs:8',
    });
    expect(await spreadOf(project)).toEqual([0, 0, 1]);
  });

  it('is refused inside op.knex.transaction() where that is a transaction of its own', async () => {
    const project = await projectWith(
      dialect,
      'id INTEGER PRIMARY KEY',
      [],
      `await op.autocommit(async () => { await op.knex.transaction(async () => { await op.backfill({ table: 'item', set: { n: 1 } }); }); });`,
    );
    await expect(upgrade(project.config, 'head')).rejects.toThrow(
      'op.backfill cannot run inside op.knex.transaction()',
    );
  });

  it('runs again in a downgrade', async () => {
    const project = await projectWith(
      dialect,
      'id INTEGER PRIMARY KEY',
      [`INSERT INTO item (id) VALUES ${values(numbers(5))}`],
      '',
    );
    const body = (step: string): string =>
      `await op.backfill({ table: 'item', set: { n: { sql: 'n ${step} 1' } }, batchSize: 2 });`;
    project.write('a.mjs', revisionSource('a', null, body('+'), body('-')));
    await upgrade(project.config, 'head');
    expect(await spreadOf(project)).toEqual([1, 1, 5]);
    await downgrade(project.config, 'base');
    expect(await spreadOf(project)).toEqual([0, 0, 5]);
  });

  it('tells where its await is missing', async () => {
    const project = await projectWith(
      dialect,
      'id INTEGER PRIMARY KEY',
      [],
      `op.backfill({ table: 'item', set: { n: 1 } });`,
    );
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({
      where: 'versions/a.mjs:8',
      message: expect.stringContaining('was not awaited') as string,
    });
  });
});

for (const dialect of ['sqlite', 'postgresql'] as const) {
  await describeOn(dialect, 'a backfill in a transaction that spans the run', () => {
    it('is part of it, and is rolled back with it', async () => {
      const project = await projectWith(
        dialect,
        'id INTEGER PRIMARY KEY',
        [`INSERT INTO item (id) VALUES ${values(numbers(9))}`],
        bump('batchSize: 2, targetMs: null, pauseMs: 100000'),
      );
      project.write('b.mjs', revisionSource('b', 'a', `throw new Error('no');`));
      await expect(upgrade(project.config, 'head', { transactionMode: 'all' })).rejects.toMatchObject({ exitCode: 1 });
      expect(await spreadOf(project)).toEqual([0, 0, 9]);
      expect(await repair(project.config)).toMatchObject({ half_done: null });
      rewrite(project, revisionSource('b', 'a', ''), 'b');
      await upgrade(project.config, 'head', { transactionMode: 'all' });
      expect(await spreadOf(project)).toEqual([1, 1, 9]);
    });
  });
}

for (const dialect of ['postgresql', 'mysql'] as const) {
  await describeOn(dialect, 'a batch that meets a row somebody else has locked', () => {
    it('is tried again once the row is free', async () => {
      const project = await projectWith(
        dialect,
        'id INTEGER PRIMARY KEY',
        [`INSERT INTO item (id) VALUES ${values(numbers(9))}`],
        bump('batchSize: 4, targetMs: null'),
      );
      const other = await openedConnection(project.url);
      onTestFinished(() => other.close());
      await other.query('BEGIN');
      await other.query('UPDATE item SET n = n + 10 WHERE id = 6');
      const told: string[] = [];
      await upgrade(project.config, 'head', {
        tableLockTimeoutMs: 1000,
        onEvent: (event) => {
          if (event.kind === 'backfill-progress' || event.kind === 'retrying') told.push(event.kind);
          if (event.kind === 'retrying') void other.query('ROLLBACK');
        },
      });
      expect(told.slice(0, 2)).toEqual(['backfill-progress', 'retrying']);
      expect(await spreadOf(project)).toEqual([1, 1, 9]);
    });
  });
}

await describeOn('postgresql', 'a batch that takes longer than statements may', () => {
  it('is tried again with half the rows', async () => {
    const project = await projectWith(
      'postgresql',
      'id INTEGER PRIMARY KEY',
      [`INSERT INTO item (id) VALUES ${values(numbers(16))}`],
      `await op.backfill({ table: 'item', set: { n: { sql: "n + 1 + length(pg_sleep(0.1)::text)" } }, batchSize: 16, targetMs: null });`,
    );
    const told: number[] = [];
    await upgrade(project.config, 'head', {
      statementTimeoutMs: 700,
      onEvent: (event) => {
        if (event.kind === 'backfill-progress') told.push(event.rows);
      },
    });
    expect(told[0]).toBeLessThan(8);
    expect(await spreadOf(project)).toEqual([1, 1, 16]);
  });
});

await describeOn('mysql', 'a backfill on MySQL', () => {
  it('refuses a table whose engine has no transactions, and keys it cannot compare', async () => {
    const project = await projectWith(
      'mysql',
      'id INTEGER PRIMARY KEY',
      [],
      `await op.backfill({ table: 'item', set: { n: 1 } });`,
    );
    await project.query('ALTER TABLE item ENGINE = MyISAM');
    await expect(upgrade(project.config, 'head')).rejects.toThrow('is kept by MyISAM');
    for (const type of [`ENUM('z', 'a')`, 'DOUBLE', 'TIMESTAMP']) {
      const other = await projectWith(
        'mysql',
        `id ${type} NOT NULL PRIMARY KEY`,
        [],
        `await op.backfill({ table: 'item', set: { n: 1 } });`,
      );
      await expect(upgrade(other.config, 'head')).rejects.toThrow('which cannot be a key');
    }
  });
});

describe('a checkpoint whose key looks like a secret', () => {
  it('is kept as it is', async () => {
    const project = await projectWith(
      'sqlite',
      'id TEXT NOT NULL PRIMARY KEY',
      [`INSERT INTO item (id) VALUES ('password=a'), ('password=b'), ('password=c'), ('password=d')`],
      `await op.backfill({ table: 'item', set: { n: { sql: 'n + 1' } }, batchSize: 2, targetMs: null });`,
    );
    const stop = new AbortController();
    await expect(
      upgrade(project.config, 'head', {
        signal: stop.signal,
        onEvent: (event) => {
          if (event.kind === 'backfill-progress') stop.abort('SIGINT');
        },
      }),
    ).rejects.toMatchObject({ code: 'migration.partial' });
    await upgrade(project.config, 'head');
    expect(await spreadOf(project)).toEqual([1, 1, 4]);
  });
});
