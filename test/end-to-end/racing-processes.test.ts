import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  aludel,
  appliedInLog,
  expectError,
  fileExists,
  projectOf,
  query,
  revision,
  start,
  succeed,
  tableRevision,
  tables,
  versionRows,
} from './project.ts';

test('ten processes that upgrade one new database at once apply each revision once, and all succeed', async () => {
  const directory = projectOf({
    'a1.ts': tableRevision('a1'),
    'b1.ts': tableRevision('b1', { down: 'a1' }),
    'c1.sql':
      '-- revision: c1\n-- down_revision: b1\n-- migrate:up\nCREATE TABLE c1 (id INTEGER);\n-- migrate:down\nDROP TABLE c1;\n',
  });
  const runs = await Promise.all(Array.from({ length: 10 }, () => aludel(directory, 'upgrade', 'head')));
  expect(runs.map(({ code, stderr }) => (code === 0 ? 0 : stderr))).toEqual(runs.map(() => 0));
  expect(await appliedInLog(directory)).toEqual(['a1', 'b1', 'c1']);
  expect(await versionRows(directory)).toEqual(['c1']);
  expect(await tables(directory)).toEqual(['a1', 'b1', 'c1']);
});

/** Creates a table and a row, writes the file `reached`, then waits for the file `go-on`. */
const waiting = `
  const { existsSync, writeFileSync } = await import('node:fs');
  await op.execute('CREATE TABLE b1 (id INTEGER PRIMARY KEY); INSERT INTO b1 VALUES (1)');
  writeFileSync('reached', '');
  for (let waited = 0; !existsSync('go-on') && waited < 60_000; waited += 20) await new Promise((done) => setTimeout(done, 20));
  await op.execute('INSERT INTO b1 VALUES (2)');`;

function waitingProject(): string {
  return projectOf({
    'a1.ts': tableRevision('a1'),
    'b1.ts': revision('b1', { down: 'a1', upgrade: waiting }),
    'c1.ts': tableRevision('c1', { down: 'b1' }),
  });
}

test('a process killed in the middle of a revision leaves the state before it, and the next upgrade completes', async () => {
  const directory = waitingProject();
  const { child, finished } = start(directory, ['upgrade', 'head']);
  await fileExists(join(directory, 'reached'));
  child.kill('SIGKILL');
  expect((await finished).code).toBe(null);
  expect(await versionRows(directory)).toEqual(['a1']);
  expect(await tables(directory)).toEqual(['a1']);

  writeFileSync(join(directory, 'go-on'), '');
  await succeed(directory, 'upgrade', 'head');
  expect(await versionRows(directory)).toEqual(['c1']);
  expect(await appliedInLog(directory)).toEqual(['a1', 'b1', 'c1']);
  expect(await query(directory, 'SELECT id FROM b1 ORDER BY id')).toEqual([1, 2]);
});

test('a lock that is not given in time ends with 3 and names its holder, who goes on undisturbed', async () => {
  const directory = waitingProject();
  const { child, finished } = start(directory, ['upgrade', 'head']);
  await fileExists(join(directory, 'reached'));
  const refused = await aludel(directory, 'upgrade', 'head', '--lock-timeout', '300ms');
  const stamped = await aludel(directory, 'stamp', 'a1', '--lock-timeout', '0');
  const reading = await aludel(directory, 'current');
  expect(existsSync(join(directory, 'go-on'))).toBe(false);
  writeFileSync(join(directory, 'go-on'), '');

  expect(refused.code).toBe(3);
  expectError(refused, 'database.locked', `pid ${child.pid}`);
  expectError(stamped, 'database.locked', `pid ${child.pid}`);
  expect(reading).toMatchObject({ code: 0 });
  expect(await finished).toMatchObject({ code: 0 });
  expect(await versionRows(directory)).toEqual(['c1']);
});
