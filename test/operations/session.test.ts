import { expect, it } from 'vitest';
import { upgrade } from '../../src/commands/upgrade.ts';
import { liveProject, revisionSource } from '../commands/live-project.ts';
import { describeOn, describeOnEveryDialect } from '../servers.ts';

const people = `await op.createTable('people', (t) => { t.integer('id').primary(); t.string('name', 50); });`;

await describeOnEveryDialect('an operation inside a run', (dialect) => {
  it('is refused with the line of its call and what to do instead', async () => {
    const call =
      dialect === 'postgresql' ? `op.createIndex('people', [{ expression: 'id' }])` : `op.createEnum('e', ['a'])`;
    const project = await liveProject(dialect, { 'a.mjs': revisionSource('a', null, `${people}\n  await ${call};`) });
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({
      where: 'versions/a.mjs:9',
      hint: expect.stringMatching(/Give it one|t\.enu/) as string,
    });
  });

  it('may be a pattern of op.knex that runs only as its clones', async () => {
    const project = await liveProject(dialect, {
      'a.mjs': revisionSource(
        'a',
        null,
        `${people}
         const insert = op.knex('people').insert({ id: 1, name: 'Ada' });
         await insert.clone();
         const rename = op.knex('people').update({ name: op.knex.raw("replace (name, 'A', 'I')") });
         await rename.clone().where({ id: 1 });`,
      ),
    });
    await upgrade(project.config, 'head');
    expect(await project.query('SELECT name FROM people')).toEqual([{ name: 'Ida' }]);
  });

  it('asks the database once, and goes the same way when the revision is resumed', async () => {
    const project = await liveProject(dialect, {
      'a.mjs': revisionSource(
        'a',
        null,
        `if (!(await op.inspect.hasTable('people'))) { ${people} }
         if (!(await op.inspect.hasColumn('people', 'age'))) await op.addColumn('people', (t) => t.integer('age'));
         await op.alterColumn('people', 'age', { nullable: false, default: 7 });
         await op.createIndex('people', ['age'], { ifNotExists: true });
         if ((await op.inspect.rowCount('people')) === 0) await op.bulkInsert('people', [{ id: 1 }]);
         await op.execute('SELECT 1 FROM gate');`,
      ),
    });
    await expect(upgrade(project.config, 'head')).rejects.toThrow('gate');
    await project.query('CREATE TABLE gate (id int)');
    await upgrade(project.config, 'head');
    expect(await project.query('SELECT id, age FROM people')).toEqual([{ id: 1, age: 7 }]);
  });
});

await describeOn('postgresql', 'an operation that leaves the transaction', () => {
  it('commits what came before, and the rest is a transaction again', async () => {
    const project = await liveProject('postgresql', {
      'a.mjs': revisionSource(
        'a',
        null,
        `${people} await op.createIndex('people', ['name'], { concurrently: true });
         await op.createTable('later', (t) => t.integer('id')); await op.execute('nonsense');`,
      ),
    });
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({ code: 'migration.partial' });
    expect(
      await project.query(`SELECT indexname AS name FROM pg_indexes WHERE tablename = 'people' ORDER BY 1`),
    ).toEqual([{ name: 'people_name_index' }, { name: 'people_pkey' }]);
    expect(await project.query(`SELECT to_regclass('later') AS later`)).toEqual([{ later: null }]);
  });

  it('leaves no invalid index when it fails, and builds it in the next run', async () => {
    const body = (rows: string): string =>
      `${people} await op.execute("${rows}");
       await op.createIndex('people', ['name'], { unique: true, concurrently: true, ifNotExists: true });`;
    const project = await liveProject('postgresql', {
      'a.mjs': revisionSource('a', null, body(`INSERT INTO people VALUES (1, 'x'), (2, 'x')`)),
    });
    await expect(upgrade(project.config, 'head')).rejects.toThrow('could not create unique index');
    expect(await project.query('SELECT count(*)::int AS invalid FROM pg_index WHERE NOT indisvalid')).toEqual([
      { invalid: 0 },
    ]);
    await project.query(`UPDATE people SET name = 'y' WHERE id = 2`);
    await upgrade(project.config, 'head');
    expect(
      await project.query(`SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = 'people_name_unique'::regclass`),
    ).toEqual([{ valid: true }]);
  });

  it('uses a new enum value at once', async () => {
    const project = await liveProject('postgresql', {
      'a.mjs': revisionSource(
        'a',
        null,
        `await op.createEnum('mood', ['good']);
         await op.createTable('days', (t) => t.specificType('mood', 'mood'));
         await op.addEnumValue('mood', 'bad', { before: 'good' });
         await op.bulkInsert('days', [{ mood: 'bad' }]);`,
      ),
    });
    await upgrade(project.config, 'head');
    expect(await project.query('SELECT mood FROM days')).toEqual([{ mood: 'bad' }]);
  });

  it('makes every safe change in steps that leave nothing behind', async () => {
    const project = await liveProject('postgresql', {
      'a.mjs': revisionSource(
        'a',
        null,
        `await op.createTable('owners', (t) => t.integer('id').primary());
         await op.createTable('pets', (t) => { t.integer('id'); t.integer('owner_id'); t.string('name', 20); });`,
      ),
      'b.mjs': revisionSource(
        'b',
        'a',
        `const safe = { safe: true };
         await op.alterColumn('pets', 'name', { nullable: false, type: 'text' }, safe);
         await op.addConstraint('pets', { kind: 'primaryKey', columns: ['id'] }, safe);
         await op.addConstraint('pets', { kind: 'unique', columns: ['name'], initiallyDeferred: true }, safe);
         await op.addConstraint('pets', { kind: 'check', name: 'has_owner', expression: 'owner_id > 0' }, safe);
         await op.addConstraint('pets', { kind: 'foreignKey', columns: ['owner_id'], references: { table: 'owners', columns: ['id'] }, onDelete: 'cascade' }, safe);`,
      ),
    });
    await upgrade(project.config, 'head');
    expect(
      await project.query(
        `SELECT conname AS name, convalidated AS valid, pg_get_constraintdef(oid) AS text FROM pg_constraint
         WHERE conrelid = 'pets'::regclass AND contype <> 'n' ORDER BY conname`,
      ),
    ).toEqual([
      { name: 'has_owner', valid: true, text: 'CHECK ((owner_id > 0))' },
      { name: 'pets_name_unique', valid: true, text: 'UNIQUE (name) DEFERRABLE INITIALLY DEFERRED' },
      {
        name: 'pets_owner_id_foreign',
        valid: true,
        text: 'FOREIGN KEY (owner_id) REFERENCES owners(id) ON DELETE CASCADE',
      },
      { name: 'pets_pkey', valid: true, text: 'PRIMARY KEY (id)' },
    ]);
    expect(
      await project.query(
        `SELECT column_name AS name, data_type AS type, is_nullable AS nullable FROM information_schema.columns WHERE table_name = 'pets' ORDER BY 1`,
      ),
    ).toEqual([
      { name: 'id', type: 'integer', nullable: 'NO' },
      { name: 'name', type: 'text', nullable: 'NO' },
      { name: 'owner_id', type: 'integer', nullable: 'YES' },
    ]);
  });
});
