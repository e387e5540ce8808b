import { describe, expect, it } from 'vitest';
import { downgrade } from '../../src/commands/downgrade.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import { liveProject, revisionSource, type LiveProject } from '../commands/live-project.ts';
import { describeOn, describeOnEveryDialect } from '../servers.ts';

const people = `
  await op.createTable('teams', (t) => { t.integer('id').primary(); });
  await op.createTable('people', (t) => {
    t.integer('id').primary();
    t.string('name', 20);
    t.integer('age');
    t.integer('team');
  });
  await op.bulkInsert('teams', [{ id: 1 }]);
  await op.bulkInsert('people', [{ id: 1, name: 'Ada', age: 36, team: 1 }, { id: 2, name: 'Bob', age: 7, team: null }]);`;

await describeOnEveryDialect('a batch', (dialect) => {
  it('changes a table in several ways at once, and another one takes that back', async () => {
    const project = await liveProject(dialect, {
      'a.mjs': revisionSource('a', null, people),
      'b.mjs': revisionSource(
        'b',
        'a',
        `await op.batchAlterTable('people', (batch) => {
           batch.alterColumn('name', { type: (t) => t.string('name', 50), nullable: false, default: "it's nobody" });
           batch.addColumn((t) => t.string('city', 30));
           batch.addConstraint({ kind: 'unique', name: 'people_name_key', columns: ['name'] });
           batch.addConstraint({ kind: 'foreignKey', name: 'people_team_fkey', columns: ['team'],
             references: { table: 'teams', columns: ['id'] }, onDelete: 'cascade' });
           batch.addConstraint({ kind: 'check', name: 'people_age_positive', expression: 'age > 0' });
         });
         await op.execute("INSERT INTO people (id, age) VALUES (3, 3)");`,
        `await op.execute("DELETE FROM people WHERE id = 3");
         await op.batchAlterTable('people', (batch) => {
           batch.dropConstraint('people_age_positive', { type: 'check' });
           batch.dropConstraint('people_team_fkey', { type: 'foreignKey' });
           batch.dropConstraint('people_name_key', { type: 'unique' });
           batch.dropColumn('city');
           batch.alterColumn('name', { type: (t) => t.string('name', 20), nullable: true, default: null });
         });`,
      ),
    });
    await upgrade(project.config, 'head');
    expect(await project.query('SELECT id, name, city FROM people ORDER BY id')).toEqual([
      { id: 1, name: 'Ada', city: null },
      { id: 2, name: 'Bob', city: null },
      { id: 3, name: "it's nobody", city: null },
    ]);
    for (const wrong of ["4, 'Ada', 1, NULL", "5, 'Eve', -1, NULL", '6, NULL, 1, NULL']) {
      await expect(project.query(`INSERT INTO people (id, name, age, team) VALUES (${wrong})`)).rejects.toThrow();
    }
    await downgrade(project.config, '-1');
    await project.query("INSERT INTO people (id, name, age, team) VALUES (7, 'Ada', -1, 99)");
    expect(await project.query('SELECT * FROM people WHERE id <> 2 ORDER BY id')).toEqual([
      { id: 1, name: 'Ada', age: 36, team: 1 },
      { id: 7, name: 'Ada', age: -1, team: 99 },
    ]);
  });

  it('adds constraints without a name, which hold all the same', async () => {
    const columns = dialect === 'mysql' ? `, columns: ['id']` : '';
    const project = await liveProject(dialect, {
      'a.mjs': revisionSource('a', null, people),
      'b.mjs': revisionSource(
        'b',
        'a',
        `await op.batchAlterTable('people', (batch) => {
           batch.addConstraint({ kind: 'unique', name: null, columns: ['name'] });
           batch.addConstraint({ kind: 'check', name: null, expression: 'age > 0' });
           batch.addConstraint({ kind: 'foreignKey', name: null, columns: ['team'], references: { table: 'teams'${columns} } });
         });`,
      ),
      'c.mjs': revisionSource(
        'c',
        'b',
        `await op.addConstraint('people', { kind: 'check', name: null, expression: 'age > 1' }, { ifNotExists: true });`,
      ),
    });
    await upgrade(project.config, 'b');

    for (const wrong of ["4, 'Ada', 1, NULL", "5, 'Eve', -1, NULL"]) {
      await expect(project.query(`INSERT INTO people (id, name, age, team) VALUES (${wrong})`)).rejects.toThrow();
    }
    await expect(upgrade(project.config, 'c')).rejects.toThrow('A constraint without a name cannot be looked for.');
  });
});

await describeOn('postgresql', 'a batch', () => {
  it('changes collation and values of columns that it has added or renamed itself, whose type it need not say', async () => {
    const project = await liveProject('postgresql', {
      'a.mjs': revisionSource('a', null, people),
      'b.mjs': revisionSource(
        'b',
        'a',
        `await op.batchAlterTable('people', (batch) => {
           batch.addColumn((t) => t.string('city', 30));
           batch.alterColumn('city', { collation: 'C', default: 'nowhere' });
           batch.renameColumn('name', 'title');
           batch.alterColumn('title', { using: "upper(title) || '%s'", nullable: false });
         });`,
      ),
    });
    await upgrade(project.config, 'head');
    expect(await project.query('SELECT title, city FROM people ORDER BY id')).toEqual([
      { title: 'ADA%s', city: null },
      { title: 'BOB%s', city: null },
    ]);
    const columns = `SELECT attname, format_type(atttypid, atttypmod) AS type, attcollation::regcollation::text AS "collate"
      FROM pg_attribute WHERE attrelid = 'people'::regclass AND attname IN ('title', 'city') ORDER BY 1`;
    expect(await project.query(columns)).toEqual([
      { attname: 'city', type: 'character varying(30)', collate: '"C"' },
      { attname: 'title', type: 'character varying(20)', collate: '"default"' },
    ]);
  });

  it('of identity columns goes on behind the numbers that are there, also in a column that is one already', async () => {
    const project = await liveProject('postgresql', {
      'a.mjs': revisionSource('a', null, people),
      'b.mjs': revisionSource(
        'b',
        'a',
        `await op.alterColumn('people', 'id', { identity: 'always' });
         await op.alterColumn('people', 'id', { identity: 'by default' });`,
      ),
    });
    await upgrade(project.config, 'head');
    await project.query(`INSERT INTO people (name) VALUES ('Eve')`);
    expect(await project.query('SELECT max(id) AS id FROM people')).toEqual([{ id: 3 }]);
  });
});

describe('a rebuild of a SQLite table in a revision', () => {
  const family = `
    await op.execute("CREATE TABLE a (id INTEGER PRIMARY KEY, n TEXT); CREATE TABLE b (id INTEGER PRIMARY KEY, a INT REFERENCES a ON DELETE CASCADE); CREATE TABLE c (b INT REFERENCES b ON DELETE CASCADE)");
    await op.execute("INSERT INTO a VALUES (1, 'x'); INSERT INTO b VALUES (1, 1); INSERT INTO c VALUES (1)");`;
  const counts = async (project: LiveProject) =>
    await project.query(
      'SELECT (SELECT count(*) FROM a) AS a, (SELECT count(*) FROM b) AS b, (SELECT count(*) FROM c) AS c',
    );
  const all = [{ a: 1, b: 1, c: 1 }];

  it.each(['revision', 'none'] as const)(
    'that fails is undone also where the revision goes on, with transaction mode %s',
    async (transactionMode) => {
      const project = await liveProject('sqlite', {
        'a.mjs': revisionSource('a', null, family),
        'b.mjs': revisionSource(
          'b',
          'a',
          `let message = 'none';
           try {
             await op.batchAlterTable('b', (batch) => {
               batch.alterColumn('a', { type: 'TEXT', using: '99' });
             });
           } catch (error) { message = error.message; }
           await op.execute('CREATE TABLE told (message)');
           await op.bulkInsert('told', [{ message }]);`,
        ),
      });
      await upgrade(project.config, 'head', { transactionMode });
      expect(await project.query("SELECT message LIKE '%have no parent%' AS told FROM told")).toEqual([{ told: 1 }]);
      expect(await project.query("SELECT name FROM sqlite_schema WHERE name LIKE 'aludel_old%'")).toEqual([]);
      expect(await project.query("SELECT sql FROM sqlite_schema WHERE name = 'b'")).toEqual([
        { sql: 'CREATE TABLE b (id INTEGER PRIMARY KEY, a INT REFERENCES a ON DELETE CASCADE)' },
      ]);
      expect(await counts(project)).toEqual(all);
    },
  );

  it.each(['revision', 'none'] as const)(
    'loses no row where the revision switched foreign keys on, with transaction mode %s',
    async (transactionMode) => {
      const project = await liveProject('sqlite', {
        'a.mjs': revisionSource('a', null, family),
        'b.mjs': revisionSource(
          'b',
          'a',
          `await op.autocommit(() => op.execute('PRAGMA foreign_keys = ON'));
           await op.alterColumn('a', 'n', { type: 'VARCHAR(9)' });
           await op.execute('CREATE TABLE told AS SELECT foreign_keys FROM pragma_foreign_keys');`,
        ),
      });
      await upgrade(project.config, 'head', { transactionMode });
      expect(await counts(project)).toEqual(all);
      expect(await project.query('SELECT * FROM told')).toEqual([{ foreign_keys: 1 }]);
    },
  );

  it('reports what a check inside it found, in its own words', async () => {
    const project = await liveProject('sqlite', {
      'a.mjs': revisionSource('a', null, family),
      'b.mjs': revisionSource('b', 'a', `await op.alterColumn('b', 'a', { using: '7' });`),
    });
    await expect(upgrade(project.config, 'head')).rejects.toThrow(
      /Rows of table b, or rows that refer to it, have no parent/,
    );
    expect(await counts(project)).toEqual(all);
  });
});
