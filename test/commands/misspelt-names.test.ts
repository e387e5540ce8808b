import { expect, it } from 'vitest';
import { upgrade } from '../../src/commands/upgrade.ts';
import { describeOn, describeOnEveryDialect } from '../servers.ts';
import { liveProject, revisionSource } from './live-project.ts';

await describeOnEveryDialect('a misspelt name', (dialect) => {
  const failing = async (call: string): Promise<unknown> => {
    const project = await liveProject(dialect, {
      'a.mjs': revisionSource('a', null, `await op.createTable('people', (t) => void t.string('name', 9));`),
      'b.mjs': revisionSource('b', 'a', `await ${call};`),
    });
    return await upgrade(project.config, 'head').catch((error: unknown) => error);
  };

  it.each([
    ['of a column to rename', `op.renameColumn('people', 'nmae', 'title')`, 'nmae', 'Did you mean "name"?'],
    ['of a column to drop', `op.dropColumn('people', 'nmae')`, 'nmae', 'Did you mean "name"?'],
    ['of a column to index', `op.createIndex('people', ['nmae'])`, 'nmae', 'Did you mean "name"?'],
    ['of a column to write', `op.knex('people').update({ nmae: 'Ada' })`, 'nmae', 'Did you mean "name"?'],
    ['of a column like no other', `op.execute('UPDATE people SET price = 1')`, 'price', 'It has name.'],
    ['of a table to add a column to', `op.addColumn('poeple', (t) => t.string('x'))`, 'poeple', 'mean "people"?'],
    ['of a table whose column to rename', `op.renameColumn('poeple', 'name', 'x')`, 'poeple', 'mean "people"?'],
    ['of a table to drop', `op.dropTable('poeple')`, 'poeple', 'Did you mean "people"?'],
    ['of a table to rename', `op.renameTable('poeple', 'users')`, 'poeple', 'Did you mean "people"?'],
    ['of a table like no other', `op.dropTable('orders')`, 'orders', 'The only table is people.'],
  ])('%s is answered with what there is', async (_, call, missing, hint) => {
    expect(await failing(call)).toMatchObject({
      code: 'migration.failed',
      message: expect.stringContaining(missing) as string,
      hint: expect.stringContaining(hint) as string,
      where: 'versions/b.mjs:8',
    });
  });

  it('of a table is answered also where there is none', async () => {
    const project = await liveProject(dialect, { 'a.mjs': revisionSource('a', null, `await op.dropTable('orders');`) });
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({
      code: 'migration.failed',
      hint: expect.stringContaining('There is no table yet.') as string,
    });
  });

  it.each([
    ['an operation', `op.createTabel('users', () => {})`, 'There is no op.createTabel', 'Did you mean op.createTable?'],
    ['an operation as Alembic has it', `op.drop_table('people')`, 'no op.drop_table', 'Did you mean op.dropTable?'],
    [
      'a change of a batch',
      `op.batchAlterTable('people', (batch) => batch.dropColum('name'))`,
      'There is no batch.dropColum',
      'Did you mean batch.dropColumn?',
    ],
    ['a question', `op.inspect.hasTabel('people')`, 'There is no op.inspect.hasTabel', 'op.inspect.hasTable?'],
    ['nothing that there is', `op.inspect.whatever()`, 'no op.inspect.whatever', 'op.inspect has hasTable, hasView'],
  ])('of %s is told at its line', async (_, call, message, hint) => {
    expect(await failing(call)).toMatchObject({
      code: 'migration.failed',
      message: expect.stringContaining(message) as string,
      hint: expect.stringContaining(hint) as string,
      where: 'versions/b.mjs:8',
    });
  });
});

await describeOn('mysql', 'a name that the statement takes away itself', () => {
  it('is not answered with itself', async () => {
    const project = await liveProject('mysql', {
      'a.mjs': revisionSource('a', null, `await op.execute('CREATE TABLE people (name INT)');`),
      'b.mjs': revisionSource(
        'b',
        'a',
        `await op.execute('ALTER TABLE people CHANGE name title INT, ADD INDEX (name)');`,
      ),
    });
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({
      message: expect.stringContaining(`Key column 'name' doesn't exist`) as string,
      hint: expect.not.stringContaining('Did you mean') as string,
    });
  });
});
