import { expect, test } from 'vitest';
import { aludel, directoryOf, projectOf, report, succeed, tableRevision } from './project.ts';

/** a1 <- b1, a1 <- c1, with a1 and b1 applied. */
async function branched(): Promise<string> {
  const directory = projectOf({
    'a1.ts': tableRevision('a1'),
    'b1.ts': tableRevision('b1', { down: 'a1', labels: 'shop' }),
    'c1.ts': tableRevision('c1', { down: 'a1' }),
  });
  await succeed(directory, 'upgrade', 'b1');
  return directory;
}

const a1 = {
  revision: 'a1',
  down_revision: [],
  depends_on: [],
  message: 'create a1',
  path: 'versions/a1.ts',
  is_head: false,
  is_base: true,
  is_branch_point: true,
  is_merge_point: false,
};
const b1 = { revision: 'b1', down_revision: ['a1'], branch_labels: ['shop'], is_head: true, is_base: false };
const c1 = { revision: 'c1', down_revision: ['a1'], branch_labels: [], is_head: true };

test('what reports about a history has its shape under --json', async () => {
  const directory = await branched();
  expect(await report(directory, 'heads')).toMatchObject({ revisions: [b1, c1] });
  expect(await report(directory, 'history', '-i')).toMatchObject({
    revisions: expect.arrayContaining([
      expect.objectContaining({ ...a1, is_current: false, children: ['b1', 'c1'] }),
      expect.objectContaining({ ...b1, is_current: true }),
      expect.objectContaining({ ...c1, is_current: false }),
    ]) as unknown,
  });
  expect(await report(directory, 'show', 'a1')).toMatchObject({ revisions: [{ ...a1, doc: 'create a1' }] });
  expect(await report(directory, 'branches')).toMatchObject({ branches: [{ revision: a1, children: [b1, c1] }] });
  expect(await report(directory, 'current')).toMatchObject({ revisions: [b1], unknown: [], is_at_heads: false });
  expect(await report(directory, 'status')).toMatchObject({
    current: ['b1'],
    heads: ['b1', 'c1'],
    pending: ['c1'],
    revisions: expect.arrayContaining([
      expect.objectContaining({ id: 'a1', state: 'applied' }),
      expect.objectContaining({ id: 'c1', state: 'pending' }),
    ]) as unknown,
  });
  const checked = await aludel(directory, 'current', '--check-heads', '--json');
  expect(checked.code).toBe(5);
  expect(JSON.parse(checked.stdout)).toMatchObject({ is_at_heads: false });
});

test('what changes a database has its shape under --json', async () => {
  const directory = await branched();
  const step = { direction: 'upgrade', revision: 'c1', down_revision: ['a1'], message: 'create c1' };
  const run = { heads_before: ['b1'], heads_after: ['b1', 'c1'], warnings: [], half_done: null };
  expect(await report(directory, 'upgrade', 'heads', '--plan')).toEqual({ ...run, plan: true, steps: [step] });
  expect(await report(directory, 'upgrade', 'heads')).toEqual({
    ...run,
    plan: false,
    steps: [{ ...step, duration_ms: expect.any(Number) as unknown }],
  });
  expect(await report(directory, 'downgrade', 'shop@a1')).toMatchObject({ steps: [{ direction: 'downgrade' }] });
  expect(await report(directory, 'stamp', 'base')).toMatchObject({ heads_after: [] });
  expect(await report(directory, 'ensure_version')).toEqual({
    database: 'sqlite:./app.db',
    version_table: 'aludel_version',
  });
});

test('what writes files has its shape under --json', async () => {
  const directory = directoryOf({});
  expect(await report(directory, 'init')).toMatchObject({
    template: 'default',
    created: ['.gitignore', 'migrate.config.ts', 'versions'],
  });
  expect(await report(directory, 'revision', '-m', 'one', '--rev-id', 'o1')).toEqual({
    revision: 'o1',
    down_revision: [],
    depends_on: [],
    branch_labels: [],
    message: 'one',
    path: 'versions/o1_one.ts',
  });
  await succeed(directory, 'revision', '-m', 'two', '--rev-id', 't1', '--head', 'base');
  expect(await report(directory, 'merge', 'heads', '--rev-id', 'm1')).toMatchObject({
    revision: 'm1',
    down_revision: ['o1', 't1'],
  });
  expect(await report(directory, 'list_templates')).toContainEqual(expect.objectContaining({ name: 'default' }));
});
