import { expect, it } from 'vitest';
import { downgrade } from '../../src/commands/downgrade.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import { describeOn, describeOnEveryDialect } from '../servers.ts';
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

  it.each([
    ['threw', `throw new Error('caught');`],
    ['held a statement that failed', `await op.execute('INSERT INTO nowhere VALUES (1)');`],
  ])('is inside the transaction again behind an op.autocommit that %s', async (_, fails) => {
    const insert = (id: number): string => `await op.execute('INSERT INTO people (id) VALUES (${id})');`;
    const body = `${insert(1)}
    try { await op.autocommit(async () => { ${insert(2)} ${fails} }); } catch {}
    ${insert(3)}
    ${insert(4)}`;
    const project = await liveProject(dialect, {
      'a.mjs': revisionSource('a', null, people),
      'b.mjs': revisionSource('b', 'a', `${body} throw new Error('slip');`),
    });
    const ids = async (): Promise<readonly unknown[]> =>
      (await project.query('SELECT id FROM people ORDER BY id')).map(({ id }) => id);
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({ code: 'migration.partial' });
    expect(await ids()).toEqual(dialect === 'mysql' ? [1, 2, 3, 4] : [1, 2]);
    project.write('b.mjs', revisionSource('b', 'a', body));
    await upgrade(project.config, 'head');
    expect(await ids()).toEqual([1, 2, 3, 4]);
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

await describeOn('postgresql', 'a revision whose operation left the transaction and failed', (dialect) => {
  it.each([
    [
      'an index built concurrently',
      `await op.createIndex('people', ['name'], { name: 'one', unique: true, concurrently: true });`,
    ],
    ['a backfill', `await op.backfill({ table: 'people', set: { name: { sql: '1 / 0' } } });`],
  ])('is inside it again when it goes on: %s', async (_, fails) => {
    const project = await liveProject(dialect, {
      'a.mjs': revisionSource(
        'a',
        null,
        `await op.createTable('people', (t) => { t.integer('id').primary(); t.string('name'); });
         await op.bulkInsert('people', [{ id: 1, name: 'Ada' }, { id: 2, name: 'Ada' }]);`,
      ),
      'b.mjs': revisionSource(
        'b',
        'a',
        `let failed = false;
         try { ${fails} } catch { failed = true; }
         await op.execute('INSERT INTO people VALUES (3, $1)', [String(failed)]);
         throw new Error('slip');`,
      ),
    });
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({ facts: { reason: 'slip' } });
    expect(await project.query('SELECT id FROM people ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }]);
  });
});

for (const [dialect, prepare] of [
  ['sqlite', `await op.autocommit(async () => { await op.execute('PRAGMA foreign_keys = ON'); });`],
  ['postgresql', ''],
] as const) {
  await describeOn(dialect, 'a revision whose op.autocommit cannot commit what came before', () => {
    it.each([
      ['ends', ''],
      ['goes on', `await op.execute('INSERT INTO parent VALUES (7)');`],
    ])('fails where it catches that and %s: a part of it was rolled back', async (_, rest) => {
      const project = await liveProject(dialect, {
        'a.mjs': revisionSource(
          'a',
          null,
          `await op.execute('CREATE TABLE parent (id INTEGER PRIMARY KEY)');
           await op.execute('CREATE TABLE child (id INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED)');`,
        ),
        'b.mjs': revisionSource(
          'b',
          'a',
          `${prepare}
           await op.execute('INSERT INTO child VALUES (1)');
           try { await op.autocommit(async () => {}); } catch {}
           ${rest}`,
        ),
      });
      await expect(upgrade(project.config, 'head')).rejects.toMatchObject({
        code: 'migration.failed',
        message: expect.stringMatching(/foreign key/i) as unknown,
      });
      expect(await project.query('SELECT 1 FROM child UNION SELECT 1 FROM parent')).toEqual([]);
      expect(await project.query('SELECT version_num FROM aludel_version')).toEqual([{ version_num: 'a' }]);
    });
  });
}
