import { describe, expect, test } from 'vitest';
import {
  appliedInLog,
  expectRefused,
  projectOf,
  query,
  report,
  revision,
  succeed,
  tableRevision,
  tables,
  versionRows,
} from './project.ts';

const plain = (id: string, down: string | null, module: 'esm' | 'cjs'): string => {
  const names = { revision: id, down_revision: down, branch_labels: null, depends_on: null };
  const header = Object.entries(names).map(([name, value]) =>
    module === 'esm'
      ? `export const ${name} = ${JSON.stringify(value)};`
      : `exports.${name} = ${JSON.stringify(value)};`,
  );
  const apply = `async (op) => { await op.createTable('${id}', (t) => { t.integer('id'); }); }`;
  const revert = `async (op) => { await op.dropTable('${id}'); }`;
  return module === 'esm'
    ? `${header.join('\n')}\nexport const upgrade = ${apply};\nexport const downgrade = ${revert};\n`
    : `${header.join('\n')}\nexports.upgrade = ${apply};\nexports.downgrade = ${revert};\n`;
};

test('revisions of every file kind apply in one history, and revert', async () => {
  const directory = projectOf({
    'r1.ts': tableRevision('r1'),
    'r2.sql':
      '-- revision: r2\n-- down_revision: r1\n-- migrate:up\nCREATE TABLE r2 (id INTEGER);\n-- migrate:down\nDROP TABLE r2;\n',
    'r3.mjs': plain('r3', 'r2', 'esm'),
    'r4.cjs': plain('r4', 'r3', 'cjs'),
    'r5.mts': tableRevision('r5', { down: 'r4' }),
    'r6.cts': tableRevision('r6', { down: 'r5' }),
    'r7.js': plain('r7', 'r6', 'esm'),
  });
  const all = ['r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7'];
  await succeed(directory, 'upgrade', 'head');
  expect(await tables(directory)).toEqual(all);
  expect(await appliedInLog(directory)).toEqual(all);
  await succeed(directory, 'downgrade', 'base');
  expect(await tables(directory)).toEqual([]);
  expect(await versionRows(directory)).toEqual([]);
});

test('what -x says reaches op.context', async () => {
  const upgrade = `
  await op.execute('CREATE TABLE said (revision TEXT, tenant TEXT, spaced TEXT)');
  await op.execute('INSERT INTO said VALUES (?, ?, ?)', [op.context.revision, op.context.x['tenant'], op.context.x['b']]);`;
  const directory = projectOf({ 'a1.ts': revision('a1', { upgrade }) });
  await succeed(directory, '-x', 'tenant=acme', '-x', 'b=c=d e', 'upgrade', 'head');
  expect(await query(directory, 'SELECT * FROM said')).toEqual([{ revision: 'a1', tenant: 'acme', spaced: 'c=d e' }]);
});

test('an upgrade that has nothing to do says so and changes nothing', async () => {
  const directory = projectOf({ 'a1.ts': tableRevision('a1') });
  await succeed(directory, 'upgrade', 'head');
  expect(await report(directory, 'upgrade', 'head')).toMatchObject({
    steps: [],
    heads_before: ['a1'],
    heads_after: ['a1'],
  });
  expect(await appliedInLog(directory)).toEqual(['a1']);
});

test('relative targets go up and down without "--"', async () => {
  const directory = projectOf({
    'a1.ts': tableRevision('a1'),
    'b1.ts': tableRevision('b1', { down: 'a1' }),
    'c1.ts': tableRevision('c1', { down: 'b1' }),
  });
  await succeed(directory, 'upgrade', '+2');
  expect(await versionRows(directory)).toEqual(['b1']);
  await succeed(directory, 'downgrade', '-1');
  expect(await tables(directory)).toEqual(['a1']);
});

describe('stamp', () => {
  const chain = { 'a1.ts': tableRevision('a1'), 'b1.ts': tableRevision('b1', { down: 'a1' }) };

  test('writes the version table and runs nothing', async () => {
    const directory = projectOf(chain);
    await succeed(directory, 'stamp', 'head');
    expect(await versionRows(directory)).toEqual(['b1']);
    expect(await tables(directory)).toEqual([]);
    await succeed(directory, 'stamp', 'base');
    expect(await versionRows(directory)).toEqual([]);
  });

  test('with --purge removes rows that no file has, and without it refuses them', async () => {
    const directory = projectOf(chain);
    await succeed(directory, 'upgrade', 'a1');
    const other = projectOf({ 'z1.ts': tableRevision('z1') });
    const url = ['--url', `sqlite:${directory}/app.db`];
    await expectRefused(other, ['stamp', 'head', ...url], 'database.unknown-revision', 'a1');
    expect(await versionRows(directory)).toEqual(['a1']);
    await succeed(other, 'stamp', '--purge', 'head', ...url);
    expect(await versionRows(directory)).toEqual(['z1']);
  });
});
