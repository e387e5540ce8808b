import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunEvent } from '../../src/commands/invocation.ts';
import { testRevisions } from '../../src/commands/trial/test-revisions.ts';
import type { DialectName } from '../../src/dialects/connection.ts';
import { describeOn, describeOnEveryDialect } from '../servers.ts';
import { repository } from '../docs/run-document.ts';
import { liveProject, revisionSource, type LiveProject } from './live-project.ts';

const users = running(
  'a1',
  null,
  'CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL)',
  'DROP TABLE users',
);

/** A revision that runs these statements. */
function running(
  id: string,
  down: string | null,
  up: string | readonly string[],
  undo: string | readonly string[],
): string {
  return revisionSource(id, down, calls(up), calls(undo));
}

function calls(sql: string | readonly string[]): string {
  return [sql]
    .flat()
    .map((one) => `  await op.execute(${JSON.stringify(one)});`)
    .join('\n');
}

/** One that cannot be undone. */
function withoutDowngrade(id: string, down: string, sql: string): string {
  return running(id, down, sql, []).replace(/export async function downgrade[^]*$/, '');
}

await describeOnEveryDialect('test', (dialect) => {
  const dropIndex = (name: string, table: string) =>
    dialect === 'mysql' ? `DROP INDEX ${name} ON ${table}` : `DROP INDEX ${name}`;

  test('takes every revision up, down and up again, of branches and merge points, TypeScript and SQL', async () => {
    const { config } = await liveProject(dialect, {
      'a1.ts': users,
      'b1.sql': `-- revision: b1
-- down_revision: a1

-- migrate:up
CREATE INDEX users_name ON users (name);

-- migrate:down
${dropIndex('users_name', 'users')};
`,
      'c1.ts': running('c1', 'a1', 'ALTER TABLE users ADD COLUMN age INTEGER', 'ALTER TABLE users DROP COLUMN age'),
      'd1.ts': "export const revision = 'd1';\nexport const down_revision = ['b1', 'c1'];\n",
    });
    const events: RunEvent[] = [];

    const report = await testRevisions(config, 'heads', { onEvent: (event) => events.push(event) });

    expect(report.is_ok).toBe(true);
    expect(report.revisions.map(({ revision, outcome }) => `${revision} ${outcome}`)).toEqual([
      'a1 ok',
      'b1 ok',
      'c1 ok',
      'd1 ok',
    ]);
    expect(
      events.map((event) => (event.kind === 'revision-tested' ? `${event.number}/${event.of}` : event.kind)),
    ).toEqual(['1/4', '2/4', '3/4', '4/4']);
  });

  test('touches nothing of the database itself', async () => {
    const { config, query } = await liveProject(dialect, { 'a1.ts': users });
    await query('CREATE TABLE users (mine INTEGER)');

    expect(await testRevisions(config)).toMatchObject({ is_ok: true });
    await expect(query('SELECT * FROM aludel_version')).rejects.toThrow();
    expect(await query('SELECT mine FROM users')).toEqual([]);
  });

  test('finds a downgrade that forgets an index, and tests what comes after it all the same', async () => {
    const { config } = await liveProject(dialect, {
      'a1.ts': users,
      'b1.ts': running(
        'b1',
        'a1',
        ['CREATE TABLE tags (id INTEGER PRIMARY KEY)', 'CREATE INDEX by_name ON users (name)'],
        'DROP TABLE tags',
      ),
      'c1.ts': running('c1', 'b1', 'CREATE TABLE notes (id INTEGER PRIMARY KEY)', 'DROP TABLE notes'),
    });

    const { is_ok, revisions } = await testRevisions(config);

    expect(is_ok).toBe(false);
    expect(revisions.map(({ outcome }) => outcome)).toEqual(['ok', 'failed', 'ok']);
    expect(revisions[1]?.failure).toMatchObject({
      at: 'downgrade',
      reason: 'The schema is not what it was before the upgrade.',
      where: null,
      changes: [
        dialect === 'mysql'
          ? { kind: 'alter' }
          : { kind: 'create', object: expect.stringMatching(/^index .*by_name$/) as string },
      ],
    });
  });

  test('finds a second upgrade that fails over the rows which the downgrade left', async () => {
    const { config } = await liveProject(dialect, {
      'a1.ts': users,
      'b1.ts': running('b1', 'a1', "INSERT INTO users VALUES (1, 'admin')", []),
    });

    const { revisions } = await testRevisions(config);

    expect(revisions[1]).toMatchObject({
      outcome: 'failed',
      failure: { at: 'second-upgrade', where: 'versions/b1.ts:8', changes: [] },
    });
  });

  test('finds a second upgrade that makes something else than the first', async () => {
    const { config } = await liveProject(dialect, {
      'a1.ts': users,
      'b1.ts': revisionSource(
        'b1',
        'a1',
        `const rows = await op.execute('SELECT id FROM users');
         await op.execute(rows.length === 0 ? 'CREATE TABLE t (a INTEGER)' : 'CREATE TABLE t (b INTEGER)');
         if (rows.length === 0) await op.execute("INSERT INTO users VALUES (1, 'ada')");`,
        "await op.execute('DROP TABLE t');",
      ),
    });

    const { revisions } = await testRevisions(config);

    expect(revisions[1]?.failure).toMatchObject({
      at: 'second-upgrade',
      reason: 'The schema is not what it was after the first upgrade.',
      changes: [{ object: expect.stringMatching(/^table .*t$/) as string }],
    });
  });

  test('finds a downgrade that fails, with its file and line', async () => {
    const { config } = await liveProject(dialect, {
      'a1.ts': users,
      'b1.ts': running('b1', 'a1', 'CREATE TABLE tags (id INTEGER)', 'DROP TABLE taggs'),
      'c1.ts': running('c1', 'b1', 'CREATE TABLE notes (id INTEGER)', 'DROP TABLE notes'),
    });

    const { revisions } = await testRevisions(config);

    expect(revisions.map(({ outcome }) => outcome)).toEqual(['ok', 'failed', 'ok']);
    expect(revisions[1]?.failure).toMatchObject({
      at: 'downgrade',
      reason: expect.stringMatching(/^It fails: .*taggs/) as string,
      where: 'versions/b1.ts:11',
    });
  });

  test('reaches no revision that needs one which cannot be applied, and every other', async () => {
    const { config } = await liveProject(dialect, {
      'a1.ts': users,
      'b1.ts': running('b1', 'a1', ['CREATE TABLE half (id INTEGER)', 'CREATE TABLE half (id INTEGER)'], []),
      'b2.ts': running('b2', 'b1', 'CREATE TABLE never (id INTEGER)', 'DROP TABLE never'),
      'c1.ts': running('c1', 'a1', 'CREATE TABLE half (id INTEGER)', 'DROP TABLE half'),
      'd1.ts': "export const revision = 'd1';\nexport const down_revision = ['b2', 'c1'];\n",
    });

    const { revisions } = await testRevisions(config);

    expect(Object.fromEntries(revisions.map(({ revision, outcome }) => [revision, outcome]))).toEqual({
      a1: 'ok',
      b1: 'failed',
      b2: 'not-reached',
      c1: 'ok',
      d1: 'not-reached',
    });
    expect(revisions.find(({ revision }) => revision === 'b1')?.failure).toMatchObject({ at: 'upgrade' });
  });

  test('states a revision without a downgrade, and counts it as a failure only when it is strict', async () => {
    const { config } = await liveProject(dialect, {
      'a1.ts': users,
      'b1.ts': withoutDowngrade('b1', 'a1', 'ALTER TABLE users DROP COLUMN name'),
      'c1.ts': running('c1', 'b1', 'CREATE TABLE tags (id INTEGER)', 'DROP TABLE tags'),
    });

    const outcomes = ['ok', 'irreversible', 'ok'].map((outcome) => ({ outcome, failure: null }));
    expect(await testRevisions(config)).toMatchObject({ is_ok: true, revisions: outcomes });
    expect(await testRevisions(config, 'heads', { strict: true })).toMatchObject({ is_ok: false, revisions: outcomes });
  });

  test('tests the revisions up to a target', async () => {
    const { config } = await liveProject(dialect, {
      'a1.ts': users,
      'b1.ts': running('b1', 'a1', 'CREATE TABLE tags (id INTEGER)', []),
    });

    expect(await testRevisions(config, 'a1')).toMatchObject({ is_ok: true, revisions: [{ revision: 'a1' }] });
    await expect(testRevisions(config, 'z9')).rejects.toMatchObject({ code: 'target.unknown' });
  });

  test('runs the functions of a test file with the op of its revision, on rows that stay for what comes after', async () => {
    const project = await liveProject(dialect, {
      'a1.ts': users,
      'b1.ts': running(
        'b1',
        'a1',
        ['ALTER TABLE users ADD COLUMN greeting VARCHAR(30)', "UPDATE users SET greeting = CONCAT('hello ', name)"].map(
          (sql) => (dialect === 'sqlite' ? sql.replace(/CONCAT\((.*), (.*)\)/, '$1 || $2') : sql),
        ),
        'ALTER TABLE users DROP COLUMN greeting',
      ),
      'c1.ts': running('c1', 'b1', 'CREATE TABLE tags (id INTEGER)', 'DROP TABLE tags'),
    });
    writeTests(project, {
      'b1.ts': `
        export const before = async (op) => {
          await op.execute("INSERT INTO users VALUES (7, 'ada')");
        };
        export async function after(op) {
          const [row] = await op.knex('users').where('id', 7);
          if (row.greeting !== 'hello ada') throw new Error('found ' + row.greeting);
        }
        export async function afterDowngrade(op) {
          if (await op.inspect.hasColumn('users', 'greeting')) throw new Error('still there');
        }`,
      'c1.mjs': `
        export async function after(op) {
          const rows = await op.execute('SELECT name, greeting FROM users');
          const { dialect, revision, direction, offline } = op.context;
          throw new Error(JSON.stringify({ rows, dialect, revision, direction, offline }));
        }`,
    });

    const { revisions } = await testRevisions(project.config);

    expect(revisions.slice(0, 2)).toMatchObject([
      { outcome: 'ok', test_file: null },
      { outcome: 'ok', test_file: 'versions-test/b1.ts' },
    ]);
    const seen = {
      rows: [{ name: 'ada', greeting: 'hello ada' }],
      dialect,
      revision: 'c1',
      direction: 'upgrade',
      offline: false,
    };
    expect(revisions[2]?.failure).toMatchObject({ at: 'after', reason: `It fails: ${JSON.stringify(seen)}.` });
  });

  for (const hook of ['before', 'after', 'afterDowngrade'] as const) {
    test(`tells that ${hook}() of a test file fails, where, and goes on with the next revision`, async () => {
      const project = await liveProject(dialect, {
        'a1.ts': users,
        'b1.ts': running('b1', 'a1', 'CREATE TABLE tags (id INTEGER)', 'DROP TABLE tags'),
      });
      writeTests(project, { 'a1.ts': `\nexport async function ${hook}(op) {\n  throw new Error('not so');\n}\n` });

      const { revisions } = await testRevisions(project.config);

      expect(revisions).toMatchObject([
        {
          outcome: 'failed',
          failure: { at: hook, reason: 'It fails: not so.', where: 'versions-test/a1.ts:3', changes: [] },
        },
        { outcome: 'ok' },
      ]);
    });
  }

  test('goes on behind a revision whose before() fails and whose upgrade fails without it', async () => {
    const project = await liveProject(dialect, {
      'a1.ts': users,
      'b1.ts': running('b1', 'a1', 'INSERT INTO nowhere VALUES (1)', []),
      'c1.ts': running('c1', 'a1', 'CREATE TABLE tags (id INTEGER)', 'DROP TABLE tags'),
      'd1.ts': "export const revision = 'd1';\nexport const down_revision = ['b1', 'c1'];\n",
      'e1.ts': running('e1', 'c1', 'CREATE TABLE notes (id INTEGER)', 'DROP TABLE notes'),
    });
    writeTests(project, { 'b1.ts': `export const before = (op) => op.execute('INSERT INTO aa VALUES (1)');` });

    const { is_ok, revisions } = await testRevisions(project.config);

    expect(is_ok).toBe(false);
    expect(Object.fromEntries(revisions.map(({ revision, outcome }) => [revision, outcome]))).toEqual({
      a1: 'ok',
      b1: 'failed',
      c1: 'ok',
      d1: 'not-reached',
      e1: 'ok',
    });
    expect(revisions.find(({ revision }) => revision === 'b1')?.failure).toMatchObject({ at: 'before' });
  });

  test('finds rows that do not come back, unless the test file says that they are lost', async () => {
    const project = await liveProject(dialect, {
      'a1.ts': users,
      'b1.ts': running('b1', 'a1', "UPDATE users SET name = 'ADA' WHERE id = 1", []),
    });
    const rows = `export const before = (op) => op.execute("INSERT INTO users VALUES (1, 'ada'), (2, 'grace')");`;
    writeTests(project, { 'b1.ts': rows });

    const { revisions } = await testRevisions(project.config);
    expect(revisions[1]?.failure).toMatchObject({
      at: 'downgrade',
      reason: expect.stringMatching(
        /^Rows are not what they were before the upgrade: in table .*users 1 row is gone, such as \{"id":1,"name":"ada"\} and 1 row is new, such as \{"id":1,"name":"ADA"\}\.$/,
      ) as string,
    });

    const losing = await liveProject(dialect, {
      'a1.ts': users,
      'b1.ts': running('b1', 'a1', 'DELETE FROM users', []),
    });
    writeTests(losing, { 'b1.ts': `${rows}\nexport const loses = ['users'];` });
    expect(await testRevisions(losing.config)).toMatchObject({ is_ok: true });
  });

  test('passes the sample of this repository', { timeout: 60_000 }, async () => {
    const { url } = await liveProject(dialect, {});

    const report = await testRevisions({ database: url, versionLocations: [join(repository, 'versions')] });

    expect(report.revisions.filter(({ outcome }) => outcome !== 'ok')).toEqual([]);
    expect(report.revisions.filter(({ test_file }) => test_file !== null)).toHaveLength(1);
    expect(report.is_ok).toBe(true);
  });
});

/** What `test` says of the rows when the downgrade of a revision runs `damage` on a table with `values`. */
async function damaged(
  dialect: DialectName,
  table: string,
  values: string,
  damage: string,
): Promise<string | undefined> {
  const project = await liveProject(dialect, {
    'a1.ts': running('a1', null, `CREATE TABLE t (${table})`, 'DROP TABLE t'),
    'b1.ts': running('b1', 'a1', 'SELECT 1', damage),
  });
  writeTests(project, { 'b1.ts': `export const before = (op) => op.execute("INSERT INTO t ${values}");` });
  return (await testRevisions(project.config)).revisions[1]?.failure?.reason;
}

await describeOn('postgresql', 'a row', (dialect) => {
  test('with NaN or an infinity is another one than with NULL', async () => {
    const columns = 'a float8, b float8, c float8';
    const values = "VALUES ('NaN', 'Infinity', '-Infinity')";
    expect(await damaged(dialect, columns, values, 'UPDATE t SET a = NULL, b = NULL, c = NULL')).toContain(
      '1 row is gone, such as {"a":"NaN","b":"Infinity","c":"-Infinity"} and 1 row is new, such as {"a":null,"b":null,"c":null}',
    );
  });
});

await describeOn('sqlite', 'a row', (dialect) => {
  test('with an infinity is another one than with NULL', async () => {
    expect(await damaged(dialect, 'x REAL', 'VALUES (9e999)', 'UPDATE t SET x = NULL')).toContain('{"x":"Infinity"}');
  });
});

await describeOn('mysql', 'a row', (dialect) => {
  test('is compared with its invisible columns', async () => {
    expect(await damaged(dialect, 'a INT, b INT INVISIBLE', '(a, b) VALUES (1, 2)', 'UPDATE t SET b = 3')).toContain(
      '{"a":1,"b":2}',
    );
  });
});

await describeOn('sqlite', 'a test file', (dialect) => {
  test('that cannot be used is told with every other one, before anything runs', async () => {
    const project = await liveProject(dialect, { 'a1_create_users.ts': users, 'b1.ts': running('b1', 'a1', [], []) });
    writeTests(project, {
      'a1.ts': 'export const befor = () => {};',
      'a1_create_users.ts': 'export const loses = true;',
      'b1.ts': 'export const after = 1;',
      'b1.mts': 'export const before = (op) => {',
      'b2.ts': 'export const after = () => {};',
      'c1.TS': 'export const after = () => {};',
      '_helper.ts': 'export const anything = 1;',
      'types.d.ts': 'export type Anything = 1;',
      'rows.json': '[]',
    });

    const refused: unknown = await testRevisions(project.config).catch((error: unknown) => error);

    expect(refused).toMatchObject({ code: 'test.invalid-file' });
    const { message } = refused as Error;
    expect(message.split('\n')).toEqual([
      '6 test files cannot be used:',
      '  versions-test/a1.ts: it exports befor; known are before, after, afterDowngrade and loses',
      "  versions-test/a1_create_users.ts: loses must be a list of tables, such as ['users']",
      expect.stringMatching(/^ {2}versions-test\/b1\.mts: .*\(versions-test\/b1\.mts:1:\d+\)$/),
      '  versions-test/b1.ts: after must be a function; it is of type number',
      '  versions-test/b2.ts: no revision is called b2; did you mean b1?',
      '  versions-test/c1.TS: its ending has capitals, which is not read as a module; rename it',
    ]);
  });

  test('stands where the configuration says, which must be there', async () => {
    const { directory, url } = await liveProject(dialect, { 'a1.ts': users });
    const config = {
      database: url,
      versionLocations: [join(directory, 'versions')],
      testLocation: join(directory, 'rows'),
    };

    await expect(testRevisions(config)).rejects.toMatchObject({ code: 'test.invalid-file' });

    mkdirSync(join(directory, 'rows'));
    writeFileSync(join(directory, 'rows', 'a1.ts'), 'export const after = () => { throw new Error("it ran"); };');
    expect(await testRevisions(config)).toMatchObject({ revisions: [{ failure: { reason: 'It fails: it ran.' } }] });
  });

  test('belongs to one revision alone', async () => {
    const project = await liveProject(dialect, { 'a1_create_users.ts': users });
    writeTests(project, { 'a1.ts': '', 'a1_create_users.ts': '' });

    await expect(testRevisions(project.config)).rejects.toThrow('revision a1 has versions-test/a1.ts already');
  });
});

function writeTests({ directory }: LiveProject, files: Readonly<Record<string, string>>): void {
  mkdirSync(join(directory, 'versions-test'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, 'versions-test', name), text);
}
