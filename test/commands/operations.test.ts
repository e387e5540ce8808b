import { expect, it } from 'vitest';
import { downgrade } from '../../src/commands/downgrade.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import { describeOnEveryDialect } from '../servers.ts';
import { liveProject, revisionSource } from './live-project.ts';

await describeOnEveryDialect('op', (dialect) => {
  const people = `await op.createTable('people', (t) => { t.integer('id').primary(); t.string('name', 50).defaultTo('nobody'); });`;
  const applied = async (upgradeBody: string, downgradeBody = '') => {
    const project = await liveProject(dialect, { 'a.mjs': revisionSource('a', null, upgradeBody, downgradeBody) });
    await upgrade(project.config, 'head');
    return project;
  };

  it('creates, renames and drops tables', async () => {
    const project = await applied(
      `${people} await op.renameTable('people', 'persons');
       await op.createTable('persons', (t) => t.integer('id'), { ifNotExists: true });
       await op.dropTable('nothing', { ifExists: true });`,
      `await op.dropTable('persons');`,
    );
    expect(await project.query('SELECT name FROM persons')).toEqual([]);
    await downgrade(project.config, 'base');
    await expect(project.query('SELECT 1 FROM persons')).rejects.toThrow();
  });

  it('adds and drops columns, keeping the rows', async () => {
    const project = await applied(
      `${people} await op.bulkInsert('people', [{ id: 1, name: 'Ada' }]);
       await op.addColumn('people', (t) => t.integer('age').defaultTo(36));
       await op.alterTable('people', (t) => { t.string('city', 20); });
       await op.dropColumn('people', 'city');`,
    );
    expect(await project.query('SELECT * FROM people')).toEqual([{ id: 1, name: 'Ada', age: 36 }]);
  });

  it('goes on outside the transaction behind an op.autocommit inside another', async () => {
    const insert = (id: number): string => `await op.execute('INSERT INTO people (id) VALUES (${id})');`;
    const body = `await op.autocommit(async () => {
      await op.autocommit(async () => { ${insert(1)} });
      ${insert(2)}
    });
    ${insert(3)} throw new Error('slip');`;
    const project = await liveProject(dialect, {
      'a.mjs': revisionSource('a', null, people),
      'b.mjs': revisionSource('b', 'a', body),
    });
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({ code: 'migration.partial' });
    const stayed = dialect === 'mysql' ? [{ id: 1 }, { id: 2 }, { id: 3 }] : [{ id: 1 }, { id: 2 }];
    expect(await project.query('SELECT id FROM people ORDER BY id')).toEqual(stayed);
  });

  it('does not let op.autocommit commit what op.knex.transaction() has begun', async () => {
    const body = `await op.knex.transaction(async (trx) => {
      await trx('people').insert({ id: 1 });
      await op.autocommit(async () => { await trx('people').insert({ id: 2 }); });
    });`;
    const project = await liveProject(dialect, {
      'a.mjs': revisionSource('a', null, people),
      'b.mjs': revisionSource('b', 'a', body),
    });
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({
      code: 'migration.failed',
      hint: expect.stringContaining('out of op.knex.transaction()') as unknown,
    });
    expect(await project.query('SELECT id FROM people')).toEqual([]);
  });

  it('creates a unique index that holds, and drops it', async () => {
    const project = await liveProject(dialect, {
      'a.mjs': revisionSource('a', null, `${people} await op.createIndex('people', 'name', { unique: true });`),
      'b.mjs': revisionSource('b', 'a', `await op.bulkInsert('people', [{ id: 1, name: 'x' }, { id: 2, name: 'x' }]);`),
    });
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({ code: 'migration.failed' });
    const second = await liveProject(dialect, {
      'a.mjs': revisionSource('a', null, `${people} await op.createIndex('people', 'name', { unique: true });`),
      'c.mjs': revisionSource(
        'c',
        'a',
        `await op.dropIndex('people_name_unique', { table: 'people' });
         await op.bulkInsert('people', [{ id: 1, name: 'x' }, { id: 2, name: 'x' }]);`,
      ),
    });
    await upgrade(second.config, 'head');
    expect(await second.query('SELECT id FROM people ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it('leaves a column out of an insert where a row does not name it, so that it gets its default', async () => {
    const project = await applied(
      `${people} await op.bulkInsert('people', [{ id: 1 }, { id: 2, name: null }, { id: 3, name: 'Ada' }]);`,
    );
    expect(await project.query('SELECT id, name FROM people ORDER BY id')).toEqual([
      { id: 1, name: 'nobody' },
      { id: 2, name: null },
      { id: 3, name: 'Ada' },
    ]);
  });

  it('executes several statements as text, without reading ? or :x inside them', async () => {
    const project = await applied(
      `${people} await op.execute("INSERT INTO people VALUES (1, 'what?'); INSERT INTO people VALUES (2, ':x; $1')");`,
    );
    expect(await project.query('SELECT name FROM people ORDER BY id')).toEqual([{ name: 'what?' }, { name: ':x; $1' }]);
  });

  it('refuses bindings with more than one statement', async () => {
    const project = await liveProject(dialect, {
      'a.mjs': revisionSource('a', null, `await op.execute('SELECT 1; SELECT 2', [1]);`),
    });
    await expect(upgrade(project.config, 'head')).rejects.toThrow('got bindings and 2 statements');
  });

  it('lets op.knex read, write and nest a transaction that rolls back alone', async () => {
    const project = await applied(
      `${people}
       await op.knex('people').insert([{ id: 1, name: 'Ada' }, { id: 2, name: 'Bob' }]);
       await op.knex.transaction(async (trx) => { await trx('people').where({ id: 1 }).update({ name: 'Eve' }); throw new Error('no'); }).catch(() => {});
       await op.knex.transaction(async (trx) => { await trx('people').where({ id: 2 }).update({ name: 'Zoe' }); });
       const names = await op.knex('people').orderBy('id').pluck('name');
       await op.knex('people').insert({ id: 3, name: names.join('+') });`,
    );
    expect(await project.query('SELECT name FROM people ORDER BY id')).toEqual([
      { name: 'Ada' },
      { name: 'Zoe' },
      { name: 'Ada+Zoe' },
    ]);
  });

  it('tells where an await is missing, for operations and for queries of op.knex', async () => {
    for (const call of [`op.execute('SELECT 1');`, `op.knex('people').insert({ id: 1 });`]) {
      const project = await liveProject(dialect, { 'a.mjs': revisionSource('a', null, `${people}\n  ${call}`) });
      await expect(upgrade(project.config, 'head')).rejects.toMatchObject({
        where: 'versions/a.mjs:9',
        message: expect.stringContaining('was not awaited') as string,
      });
    }
  });

  it('refuses BEGIN and COMMIT inside a revision', async () => {
    const project = await liveProject(dialect, { 'a.mjs': revisionSource('a', null, `await op.execute('COMMIT');`) });
    await expect(upgrade(project.config, 'head')).rejects.toThrow('may not begin or end a transaction');
  });
});
