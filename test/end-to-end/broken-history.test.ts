import { expect, test } from 'vitest';
import { aludel, expectRefused, projectOf, revision, tableRevision } from './project.ts';

/** Histories that are no graph, and what must be said of each. Line 3 holds the id, 4 the parents, 5 labels, 6 depends_on. */
const broken: readonly (readonly [string, Readonly<Record<string, string>>, readonly (string | RegExp)[]])[] = [
  [
    'a cycle',
    { 'a.ts': revision('a1', { down: 'b1' }), 'b.ts': revision('b1', { down: 'a1' }) },
    ['versions/a.ts', 'versions/b.ts', /cycle|circle|loop/i],
  ],
  ['a self loop', { 'a.ts': revision('a1', { down: 'a1' }) }, ['versions/a.ts:4', 'itself']],
  ['a dependency on itself', { 'a.ts': revision('a1', { dependsOn: 'a1' }) }, ['versions/a.ts:6', 'itself']],
  [
    'two files with one id',
    { 'a.ts': revision('a1'), 'b.ts': revision('a1') },
    ['versions/a.ts:3', 'versions/b.ts:3', '"a1"'],
  ],
  [
    'two files with one label',
    { 'a.ts': revision('a1', { labels: 'shop' }), 'b.ts': revision('b1', { labels: 'shop' }) },
    ['versions/a.ts:5', 'versions/b.ts:5', '"shop"'],
  ],
  [
    'a misspelt down_revision',
    { 'a.ts': revision('a1').replace('down_revision', 'down_revison') },
    ['versions/a.ts:4', 'there is no down_revision', '"down_revison"'],
  ],
  [
    'a misspelt down_revision in SQL',
    { 'a.sql': '-- revision: a1\n-- downrevision: b1\n-- migrate:up\n' },
    ['versions/a.sql:2', 'there is no down_revision', '"downrevision"'],
  ],
  ['a missing parent', { 'a.ts': revision('a1', { down: 'ghost' }) }, ['versions/a.ts:4', '"ghost"']],
  ['a missing dependency', { 'a.ts': revision('a1', { dependsOn: 'ghost' }) }, ['versions/a.ts:6', '"ghost"']],
  [
    'two defects at once',
    { 'a.ts': revision('a1', { down: 'ghost' }), 'b.ts': revision('b1'), 'c.ts': revision('b1') },
    ['versions/a.ts:4', '"ghost"', 'versions/b.ts:3', 'versions/c.ts:3'],
  ],
  ['a reserved word as id', { 'a.ts': revision('head') }, ['versions/a.ts:3', '"head"']],
];

test.each(broken)('%s is refused with its place', async (_, files, mentions) => {
  await expectRefused(projectOf(files), ['upgrade', 'heads'], 'history.broken', ...mentions);
});

test('a broken history is refused by what only reads as well', async () => {
  await expectRefused(
    projectOf({ 'a.ts': revision('a1', { down: 'a1' }) }),
    ['heads'],
    'history.broken',
    'versions/a.ts:4',
  );
});

test('a database that holds a revision no file has is told by name', async () => {
  const directory = projectOf({ 'a.ts': tableRevision('a1') });
  await aludel(directory, 'upgrade', 'head');
  const renamed = projectOf({ 'b.ts': tableRevision('b1') });
  const args = ['upgrade', 'head', '--url', `sqlite:${directory}/app.db`];
  await expectRefused(renamed, args, 'database.unknown-revision', 'revision a1');
  const { stdout } = await aludel(renamed, 'current', '--json', '--url', `sqlite:${directory}/app.db`);
  expect(JSON.parse(stdout)).toMatchObject({ unknown: ['a1'], is_at_heads: false });
});
