import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { liveProject } from '../commands/live-project.ts';
import { describeOn, describeOnEveryDialect } from '../servers.ts';
import {
  addFiles,
  aludel,
  directoryOf,
  expectError,
  expectRefused,
  fileExists,
  projectOf,
  query,
  revision,
  start,
  succeed,
  tableRevision,
  untilToldToGoOn,
} from './project.ts';

describe('in a directory without a project', () => {
  it.each([
    ['upgrade', 'head'],
    ['upgrade', 'head', '--url', 'sqlite:./app.db'],
    ['status'],
    ['current'],
    ['log'],
    ['ensure_version'],
    ['revision', '-m', 'first'],
  ])('%s %s %s says that there is none, and how one begins', async (...args) => {
    const given = args.filter((arg) => arg !== undefined);
    await expectRefused(directoryOf({}), given, 'config.not-loadable', 'no project here', 'aludel init');
  });

  it('versions/ alone makes one, with a SQLite file', async () => {
    const directory = directoryOf({ 'versions/a1.ts': tableRevision('a1') });
    expect((await succeed(directory, 'upgrade', 'head')).stdout).toContain('Upgraded 1 revision: base -> a1');
  });
});

test('what stands in the way of a new project is named', async () => {
  const directory = directoryOf({ notes: 'mine' });
  for (const path of ['notes', 'notes/sub']) {
    await expectRefused(
      directory,
      ['init', path],
      'file.not-writable',
      /notes\S* is a file|it is a file/,
      'Name a directory',
    );
  }
});

test('the journal says of which revision it knows nothing, and a limit of no rows is refused', async () => {
  const directory = projectOf({ 'a1.ts': tableRevision('a1') });
  expect((await succeed(directory, 'log')).stdout).toContain('is empty.');
  await succeed(directory, 'upgrade', 'head');
  expect((await succeed(directory, 'log', '--revision', 'nope')).stdout).toBe(
    'The journal of sqlite:./app.db has nothing about revision nope; it knows revisions by their full ids.\n',
  );
  await expectRefused(directory, ['log', '--limit', '0'], 'usage.invalid', '--limit takes a whole number from 1');
});

test.each(['foo', '=bar'])('-x %j, which is no pair, is refused', async (pair) => {
  const args = ['heads', `-x=${pair}`];
  await expectRefused(projectOf({}), args, 'usage.invalid', '-x takes key=value', 'Write -x');
});

test('what is no SQLite database is called what it is', async () => {
  const directory = projectOf({ 'a1.ts': tableRevision('a1') });
  mkdirSync(join(directory, 'folder'));
  addFiles(directory, { 'diary.txt': 'Dear diary, this is no database.\n' });
  for (const command of [['status'], ['upgrade', 'head']]) {
    await expectRefused(directory, [...command, '--url', 'sqlite:folder'], 'database.unreachable', 'it is a directory');
    await expectRefused(
      directory,
      [...command, '--url', 'sqlite:diary.txt'],
      'database.unreachable',
      'it is a file of another kind, not a database',
      'Check the path',
    );
  }
  addFiles(directory, { 'empty.db': '' });
  await succeed(directory, 'upgrade', 'head', '--url', 'sqlite:empty.db');
});

test('a configuration that throws is told with the line that threw', async () => {
  const directory = directoryOf({
    'migrate.config.ts': `export default () => {\n  const settings: { shop: { url: string } } | undefined = undefined;\n  return settings!.shop;\n};\n`,
  });
  await expectRefused(directory, ['heads'], 'config.not-loadable', 'migrate.config.ts:3', '--raiseerr');
});

await describeOn('mysql', 'a URL', () => {
  it('with a user that the server does not know says what to check', async () => {
    const { directory, url } = await liveProject('mysql', {});
    for (const database of [new URL(url).pathname, '/mysql']) {
      const wrong = Object.assign(new URL(url), { username: 'nobody', password: 'x', pathname: database }).href;
      const run = await aludel(directory, 'current', '--url', wrong);
      expectError(run, 'database.unreachable', 'Access denied', 'Check the user name and the password');
    }
  });

  it('without the name of a database says so', async () => {
    const { directory, url } = await liveProject('mysql', {});
    const { origin } = new URL(url.replace('mysql:', 'http:'));
    const run = await aludel(directory, 'current', '--url', origin.replace('http:', 'mysql:'));
    expectError(run, 'config.invalid', 'names no database', 'mysql://user@host/name');
  });
});

await describeOnEveryDialect('repair', (dialect) => {
  it('says who is at work when a run holds the lock', async () => {
    const { directory, url } = await liveProject(dialect, {
      'a1.ts': revision('a1', {
        upgrade: `await op.autocommit(() => op.execute('CREATE TABLE one (id INTEGER)'));${untilToldToGoOn}`,
      }),
    });
    const holder = start(directory, ['upgrade', 'head', '--url', url]);
    await fileExists(join(directory, 'reached'));
    const looked = await aludel(directory, 'repair', '--url', url);
    const status = await aludel(directory, 'status', '--url', url);
    writeFileSync(join(directory, 'go-on'), '');
    expect(await holder.finished).toMatchObject({ code: 0 });
    expect(looked).toMatchObject({ code: 0 });
    expect(looked.stdout).toContain('A run holds the migration lock and may be at work on it: ');
    expect(looked.stdout).toContain(`pid ${holder.child.pid}`);
    expect(looked.stdout).not.toContain('--resume');
    expect(status.stderr).toMatch(/The upgrade of revision a1, begun on .*, is half done, or under way: aludel repair/);
  });
});

test('a backfill that is stopped says what stays and how it goes on', async () => {
  const directory = projectOf({
    'a1.ts': revision('a1', {
      upgrade: `await op.createTable('people', (t) => { t.increments('id'); t.integer('n'); });
  await op.bulkInsert('people', Array.from({ length: 400 }, () => ({ n: 1 })));`,
    }),
    'b1.ts': revision('b1', {
      down: 'a1',
      upgrade: `await op.backfill({ table: 'people', set: { n: 2 }, batchSize: 1, targetMs: null, pauseMs: 50 });`,
    }),
  });
  await succeed(directory, 'upgrade', 'a1');
  const run = start(directory, ['upgrade', 'head']);
  await expect.poll(() => query(directory, 'SELECT 1 FROM people WHERE n = 2'), { timeout: 30_000 }).not.toEqual([]);
  run.child.kill('SIGINT');
  const { stderr } = await run.finished;
  expect(stderr).toContain(
    '1 statement of it has taken effect and will not run again; a backfill goes on behind its last batch.',
  );
  expect(stderr).not.toContain('Fix the rest');
});
