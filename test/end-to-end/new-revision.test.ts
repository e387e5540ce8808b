import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  appliedInLog,
  directoryOf,
  expectError,
  expectRefused,
  projectOf,
  report,
  start,
  succeed,
  tableRevision,
  tables,
  versionRows,
} from './project.ts';

test.each([
  ['a reserved word', ['--rev-id', 'head'], '"head"'],
  ['another reserved word', ['--rev-id', 'base'], '"base"'],
  ['a slash', ['--rev-id', 'a/b'], 'a/b'],
  ['a way out of the directory', ['--rev-id', '../up'], '../up'],
  ['a quote', ['--rev-id', "a'b"], "a'b"],
  ['a double quote', ['--rev-id', 'a"b'], 'a"b'],
  ['an id that exists', ['--rev-id', 'a1', '-m', 'other'], 'versions/a1_x.ts'],
  ['an id and a message that exist', ['--rev-id', 'a1', '-m', 'x'], 'versions/a1_x.ts'],
  ['a label that exists', ['--branch-label', 'shop'], 'shop'],
])('a revision with %s is not written', async (_, args, ...mentions) => {
  const directory = projectOf({ 'a1_x.ts': tableRevision('a1', { message: 'x', labels: 'shop' }) });
  await expectRefused(directory, ['revision', ...args], 'revision.invalid', ...mentions);
});

test('a merge point with an id that exists is not written', async () => {
  const directory = projectOf({ 'a1.ts': tableRevision('a1'), 'b1.ts': tableRevision('b1') });
  await expectRefused(directory, ['merge', 'a1', 'b1', '--rev-id', 'a1'], 'revision.invalid', 'versions/a1.ts');
});

/** What ends a comment, a string, a template or a line where it should not. */
const messages = [
  'a */ b',
  'a ${process.exit(7)} `b`',
  `it's "quoted"`,
  'a \\ b \\u0041',
  'first line\nsecond line',
  'ship it 🚀 naïve',
  'word '.repeat(60).trim(),
  '<% process.exit(7) %>',
  '-- migrate:down',
] as const;

test.each(['ts', 'sql'])('any message makes a .%s file that loads and shows it', async (format) => {
  const directory = projectOf({});
  for (const message of messages) {
    await succeed(directory, 'revision', '-m', message, ...(format === 'sql' ? ['--sql-file'] : []));
  }
  await succeed(directory, 'upgrade', 'head');
  // A message is one line.
  const shown = messages.map((message) => message.replace('\n', ' '));
  expect(await report(directory, 'history')).toMatchObject({
    revisions: shown.toReversed().map((message) => ({ message })),
  });
  expect(await versionRows(directory)).toHaveLength(1);
  expect(await appliedInLog(directory)).toHaveLength(messages.length);
});

test('init, revision and upgrade work in an empty directory', async () => {
  const directory = directoryOf({});
  await succeed(directory, 'init');
  await succeed(directory, 'revision', '-m', 'create users');
  const { stdout } = await succeed(directory, 'upgrade', 'head');
  expect(stdout).toContain('Upgraded 1 revision');
  expect(await versionRows(directory)).toHaveLength(1);
  const [file] = readdirSync(join(directory, 'versions'));
  expect(readFileSync(join(directory, 'versions', file!), 'utf8')).toContain('create users');
});

test('with no configuration at all a SQLite file and versions/ serve', async () => {
  const directory = directoryOf({ 'versions/a1.ts': tableRevision('a1') });
  await succeed(directory, 'upgrade', 'head');
  expect(readdirSync(directory)).toContain('aludel.db');
});

test('merge heads joins every head, and the merge point applies', async () => {
  const directory = projectOf({
    'a1.ts': tableRevision('a1'),
    'b1.ts': tableRevision('b1', { down: 'a1' }),
    'c1.ts': tableRevision('c1', { down: 'a1' }),
  });
  await succeed(directory, 'merge', 'heads', '-m', 'join', '--rev-id', 'm1');
  await succeed(directory, 'upgrade', 'head');
  expect(await versionRows(directory)).toEqual(['m1']);
  expect(await tables(directory)).toEqual(['a1', 'b1', 'c1']);
  await succeed(directory, 'downgrade', 'base');
  expect(await tables(directory)).toEqual([]);
});

test('edit without an editor and without a terminal fails at once', async () => {
  const directory = projectOf({ 'a1.ts': tableRevision('a1') });
  const env = { VISUAL: '', EDITOR: '', TERM: 'xterm' };
  expectError(
    await start(directory, ['edit', 'head'], { env }).finished,
    'editor.failed',
    'No editor is set',
    'EDITOR',
  );
});
