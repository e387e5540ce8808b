import { describe, expect, test } from 'vitest';
import {
  aludel,
  expectError,
  expectRefused,
  projectOf,
  query,
  revision,
  succeed,
  tableRevision,
  tables,
  versionRows,
  type Finished,
} from './project.ts';

const first = { 'a1.ts': tableRevision('a1') };

/** Runs `upgrade head` over a1 <- bad; the first line of `upgrade` is line 8. */
async function upgradeWith(
  upgrade: string,
  ...flags: readonly string[]
): Promise<{ directory: string; run: Finished }> {
  const directory = projectOf({ ...first, 'bad.ts': revision('bad1', { down: 'a1', message: 'spoil it', upgrade }) });
  return { directory, run: await aludel(directory, 'upgrade', 'head', ...flags) };
}

describe('a revision that fails is rolled back, its DDL included, and the ones before it stay', () => {
  const cases: readonly (readonly [string, string, readonly (string | RegExp)[]])[] = [
    [
      'a statement that the database refuses',
      `await op.execute('CREATE TABLE half (id INTEGER)');\nawait op.execute('INSERT INTO nowhere VALUES (1)');`,
      ['bad1', 'spoil it', 'versions/bad.ts:9', 'nowhere', 'INSERT INTO nowhere VALUES (1)'],
    ],
    [
      'a query of op.knex after one that was only compiled',
      `op.knex('half').insert({ id: 1 }).toSQL();\nawait op.knex('nowhere').insert({ id: 1 });`,
      ['bad1', 'versions/bad.ts:9', 'nowhere'],
    ],
    [
      'an error of its own',
      `await op.execute('CREATE TABLE half (id INTEGER)');\nthrow new Error('no luck today');`,
      ['bad1', 'versions/bad.ts:9', 'no luck today'],
    ],
    [
      'something thrown that is no error',
      `await op.execute('CREATE TABLE half (id INTEGER)');\nthrow 'plain text';`,
      ['bad1', 'plain text'],
    ],
    [
      'a call of process.exit',
      `await op.execute('CREATE TABLE half (id INTEGER)');\nprocess.exit(0);`,
      ['bad1', 'process.exit'],
    ],
    [
      'a call of op without await',
      `await op.execute('CREATE TABLE half (id INTEGER)');\nop.execute('INSERT INTO half VALUES (1)');`,
      ['bad1', 'versions/bad.ts:9', 'await'],
    ],
    [
      'a query of op.knex without await',
      `await op.execute('CREATE TABLE half (id INTEGER)');\nop.knex('half').insert({ id: 1 });`,
      ['bad1', 'versions/bad.ts', 'await'],
    ],
    [
      'raw SQL of op.knex without await',
      `await op.execute('CREATE TABLE half (id INTEGER)');\nop.knex.raw('INSERT INTO half VALUES (1)');`,
      ['bad1', 'versions/bad.ts:9', 'await'],
    ],
    [
      'a change by op.knex.schema without await',
      `await op.execute('CREATE TABLE half (id INTEGER)');\nop.knex.schema.dropTable('half');`,
      ['bad1', 'versions/bad.ts:9', 'await'],
    ],
    [
      'a query of op.knex that only its own handler waits for',
      `await op.execute('CREATE TABLE half (id INTEGER)');\nop.knex('half').insert({ id: 1 }).then(() => op.knex('nowhere').insert({ id: 1 }));`,
      ['bad1', 'versions/bad.ts:9', 'await'],
    ],
    [
      'a loop whose asynchronous function nobody awaits',
      `await op.execute('CREATE TABLE half (id INTEGER)');\n[1, 2].forEach(async () => { await op.execute('CREATE TABLE one (id INTEGER)'); });`,
      ['bad1', 'versions/bad.ts:9', 'await'],
    ],
    [
      'a promise that is rejected and that nobody awaits',
      `void Promise.reject(new Error('no luck today'));\nawait op.execute('CREATE TABLE half (id INTEGER)');\nawait op.execute('SELECT 1');`,
      ['bad1', 'versions/bad.ts:8', 'no luck today', 'await every promise'],
    ],
    [
      'a timer that throws',
      `setTimeout(() => { throw new Error('no luck today'); }, 1);\nawait new Promise((resolve) => setTimeout(resolve, 200));`,
      ['bad1', 'versions/bad.ts:8', 'no luck today'],
    ],
    [
      'something thrown that has no text',
      `await op.execute('CREATE TABLE half (id INTEGER)');\nthrow Object.create(null);`,
      ['bad1', 'something that is no error was thrown'],
    ],
    [
      'a commit of its own',
      `await op.execute('CREATE TABLE half (id INTEGER)');\nawait op.execute('COMMIT');`,
      ['bad1', 'versions/bad.ts:9'],
    ],
  ];

  test.each(cases)('%s', async (_, upgrade, mentions) => {
    const { directory, run } = await upgradeWith(upgrade);
    expectError(run, 'migration.failed', ...mentions);
    expect(await tables(directory)).toEqual(['a1']);
    expect(await versionRows(directory)).toEqual(['a1']);
  });

  test('a statement of a SQL revision, with the line of that statement', async () => {
    const sql = `-- revision: bad1\n-- down_revision: a1\n\n-- migrate:up\nCREATE TABLE half (id INTEGER);\nINSERT INTO nowhere\nVALUES (1);\n`;
    const directory = projectOf({ ...first, 'bad.sql': sql });
    const run = await aludel(directory, 'upgrade', 'head');
    expectError(run, 'migration.failed', 'bad1', 'versions/bad.sql:6', 'nowhere');
    expect(await tables(directory)).toEqual(['a1']);
    expect(await versionRows(directory)).toEqual(['a1']);
  });

  test('with --transaction-mode all, nothing of the run stays', async () => {
    const { directory, run } = await upgradeWith(`throw new Error('no luck');`, '--transaction-mode', 'all');
    expectError(run, 'migration.failed', 'bad1', 'no luck', 'whole run');
    expect(await tables(directory)).toEqual([]);
    expect(await versionRows(directory)).toEqual([]);
  });
});

test.each([
  ['a timer that throws', `setTimeout(() => { throw new Error('no luck today'); }, 100);`],
  ['an operation', `setTimeout(async () => { await op.execute('SELECT 1'); }, 100);`],
])('what a revision left running and fails during the next one is told with its own line: %s', async (_, left) => {
  const directory = projectOf({
    'left.ts': revision('left1', { upgrade: left }),
    'next.ts': revision('next1', {
      down: 'left1',
      upgrade: 'await new Promise((resolve) => setTimeout(resolve, 2000));',
    }),
  });
  const live = await aludel(directory, 'upgrade', 'head');
  expectError(live, 'migration.failed', 'next1', 'What failed is at versions/left.ts:8', /await every promise/i);
  const script = await aludel(directory, 'upgrade', 'base:head', '--sql');
  expectError(script, 'migration.failed', 'next1', 'What failed is at versions/left.ts:8', 'Nothing was written');
});

test('the facts of a failure are in its JSON record', async () => {
  const { run } = await upgradeWith(`await op.execute('INSERT INTO nowhere VALUES (1)');`, '--json');
  expect(run.code).toBe(1);
  expect(JSON.parse(run.stdout)).toMatchObject({
    error: {
      code: 'migration.failed',
      where: 'versions/bad.ts:8',
      facts: {
        revision: 'bad1',
        direction: 'upgrade',
        line: 8,
        statement: 'INSERT INTO nowhere VALUES (1)',
        completed: ['a1'],
      },
    },
  });
});

test('a revision that never settles does not end in success', async () => {
  const { directory, run } = await upgradeWith('await new Promise(() => undefined);');
  expectError(run, 'migration.failed', 'bad1', 'versions/bad.ts', 'waits for something that can no longer happen');
  expect(await versionRows(directory)).toEqual(['a1']);
});

test('a revision that does not load is found before any runs', async () => {
  const directory = projectOf({
    ...first,
    'bad.ts': `${revision('bad1', { down: 'a1' })}\nthrow new Error('at load');\n`,
  });
  const run = await aludel(directory, 'upgrade', 'head');
  expectError(run, 'revision.not-loadable', 'versions/bad.ts', 'at load');
  expect(await tables(directory)).toEqual([]);
});

test('a revision that ends the process when it loads does not end in success', async () => {
  const directory = projectOf({ ...first, 'bad.ts': `${revision('bad1', { down: 'a1' })}\nprocess.exit(0);\n` });
  const run = await aludel(directory, 'upgrade', 'head');
  expectError(run, 'revision.not-loadable', 'versions/bad.ts', 'process.exit(0) was called');
  expect(await tables(directory)).toEqual([]);
});

test('a revision that never finishes loading does not end in success', async () => {
  const text = `${revision('bad1', { down: 'a1' })}\nawait new Promise(() => undefined);\n`;
  const directory = projectOf({
    ...first,
    'bad.mjs': text.replace(/^import type.*$/m, '').replaceAll(/: (Operations|Promise<void>)/g, ''),
  });
  const run = await aludel(directory, 'upgrade', 'head');
  expectError(
    run,
    'revision.not-loadable',
    'bad1',
    'versions/bad.mjs',
    'waits for something that can no longer happen',
  );
  expect(await tables(directory)).toEqual([]);
});

test('a revision without a downgrade refuses the way down before anything runs', async () => {
  const directory = projectOf({
    'a1.ts': tableRevision('a1', { downgrade: null }),
    'b1.ts': tableRevision('b1', { down: 'a1' }),
  });
  await succeed(directory, 'upgrade', 'head');
  await expectRefused(directory, ['downgrade', 'base'], 'revision.no-downgrade', 'a1', 'versions/a1.ts');
  expect(await tables(directory)).toEqual(['a1', 'b1']);
});

test('after the failure is mended, the same command completes', async () => {
  const { directory } = await upgradeWith('await op.execute("SELECT * FROM " + (op.context.x["table"] ?? "nowhere"));');
  await succeed(directory, 'upgrade', 'head', '-x', 'table=a1');
  expect(await versionRows(directory)).toEqual(['bad1']);
  expect(await query(directory, "SELECT event FROM aludel_log WHERE revision = 'bad1' ORDER BY id")).toEqual([
    'failed',
    'applied',
  ]);
});
