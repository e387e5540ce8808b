import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { directoryOf, expectRefused, projectOf, report, succeed, tableRevision, tables, versionRows } from './project.ts';

describe('a revision that would break the history is not written', () => {
  test.each([
    ['a reserved word', ['revision', '--rev-id', 'head'], '"head"'],
    ['another reserved word', ['revision', '--rev-id', 'base'], '"base"'],
    ['a slash', ['revision', '--rev-id', 'a/b'], 'a/b'],
    ['a way out of the directory', ['revision', '--rev-id', '../up'], '../up'],
    ['a quote', ['revision', '--rev-id', "a'b"], "a'b"],
    ['a double quote', ['revision', '--rev-id', 'a"b'], 'a"b'],
    ['an id that exists', ['revision', '--rev-id', 'a1', '-m', 'other'], 'versions/a1_x.ts'],
    ['an id that exists, in a merge', ['merge', 'a1', 'b1', '--rev-id', 'a1'], 'versions/a1_x.ts'],
    ['a label that exists', ['revision', '--head', 'a1', '--branch-label', 'shop'], 'shop'],
  ])('%s', async (_, args, ...mentions) => {
    const directory = projectOf({
      'a1_x.ts': tableRevision('a1', { message: 'x' }),
      'b1.ts': tableRevision('b1', { labels: 'shop' }),
    });
    await expectRefused(directory, [...args, ...(args.includes('--head') || args[0] === 'merge' ? [] : ['--head', 'a1'])], 'revision.invalid', ...mentions);
  });

  test('an id that exists is refused before its file would be overwritten, whatever the message', async () => {
    const directory = projectOf({ 'a1_x.ts': tableRevision('a1', { message: 'x' }) });
    await expectRefused(directory, ['revision', '--rev-id', 'a1', '-m', 'x'], 'revision.invalid', 'versions/a1_x.ts');
  });
});

describe('any message makes a file that loads and shows it', () => {
  const messages: readonly (readonly [string, string])[] = [
    ['the end of a comment', 'a */ b'],
    ['a template literal', 'a ${process.exit(7)} `b`'],
    ['quotes', `it's "quoted"`],
    ['a backslash', 'a \\ b \\u0041'],
    ['line breaks', 'first line\nsecond line'],
    ['an emoji', 'ship it 🚀 naïve'],
    ['300 characters', 'word '.repeat(60).trim()],
    ['template tags', '<% process.exit(7) %>'],
    ['SQL comment and section marks', '-- migrate:down'],
  ];

  test.each(messages.flatMap(([what, message]) => [[what, 'ts', message] as const, [what, 'sql', message] as const]))(
    '%s in a .%s revision',
    async (_, format, message) => {
      const directory = projectOf({});
      await succeed(directory, 'revision', '-m', message, '--rev-id', 'a1', ...(format === 'sql' ? ['--sql-file'] : []));
      await succeed(directory, 'upgrade', 'head');
      const shown = await report(directory, 'show', 'a1');
      const words = message.replaceAll('*/', '* /').split(/\s+/).join(' ');
      expect(shown).toMatchObject({ revisions: [{ revision: 'a1' }] });
      const [first] = (shown as { revisions: readonly { message: string; doc: string }[] }).revisions;
      expect(first!.message.split(/\s+/).join(' ')).toBe(words);
      expect(await versionRows(directory)).toEqual(['a1']);
    },
  );
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
  await succeed(directory, 'downgrade', '-1');
  expect(await versionRows(directory)).toEqual(['b1', 'c1']);
});
