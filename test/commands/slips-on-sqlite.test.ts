import { expect, it } from 'vitest';
import { upgrade } from '../../src/commands/upgrade.ts';
import { liveProject, revisionSource } from './live-project.ts';

it.each([
  ['an index on a column that is not there', `op.createIndex('people', ['nmae'])`, /: no such column: nmae\.$/, ''],
  [
    'an index on such a column in an order',
    `op.createIndex('people', [{ column: 'nmae', order: 'desc' }])`,
    /: no such column: nmae\.$/,
    '',
  ],
  [
    'NOT NULL for a column that holds NULL',
    `op.alterColumn('people', 'name', { nullable: false })`,
    /: Column name of table people cannot be NOT NULL: it is NULL in 2 of its rows, which have to get a value first\.$/,
    '',
  ],
  [
    'NOT NULL for values that become NULL',
    `op.alterColumn('people', 'id', { nullable: false, using: 'NULL' })`,
    /: Column id of table people cannot be NOT NULL: it is NULL in 3 of its rows/,
    '',
  ],
  [
    'a change of a column that is not there',
    `op.alterColumn('people', 'nmae', { nullable: true })`,
    /: Table "people" has no column "nmae"\.$/,
    'Did you mean "name"?',
  ],
  [
    'a change of a table that is not there',
    `op.alterColumn('poeple', 'name', { nullable: true })`,
    /: There is no table "poeple"\.$/,
    'Did you mean "people"?',
  ],
  [
    'a change of a table that is like none',
    `op.dropColumn('orders', 'name')`,
    /: There is no table "orders"\.$/,
    'The only table is people.',
  ],
])('%s is refused in words that help to mend it', async (_, call, message, hint) => {
  const project = await liveProject('sqlite', {
    'a.mjs': revisionSource(
      'a',
      null,
      `await op.createTable('people', (t) => { t.integer('id'); t.string('name', 9); });
  await op.bulkInsert('people', [{ id: 1 }, { id: 2, name: 'Ada' }, { id: 3 }]);`,
    ),
    'b.mjs': revisionSource('b', 'a', `await ${call};`),
  });
  await expect(upgrade(project.config, 'head')).rejects.toMatchObject({
    code: 'migration.failed',
    message: expect.stringMatching(message) as string,
    hint: expect.stringContaining(hint) as string,
    where: 'versions/b.mjs:8',
  });
});

it('an index on expressions may have texts in them', async () => {
  const project = await liveProject('sqlite', {
    'a.mjs': revisionSource(
      'a',
      null,
      `await op.createTable('people', (t) => { t.string('na\`me', 9); });
  await op.createIndex('people', ['na\`me', { expression: "coalesce(\\"na\`me\\", '')" }], { name: 'by_name' });`,
    ),
  });
  await upgrade(project.config, 'head');
  expect(await project.query(`SELECT name FROM pragma_index_info('by_name')`)).toEqual([
    { name: 'na`me' },
    { name: null },
  ]);
});
