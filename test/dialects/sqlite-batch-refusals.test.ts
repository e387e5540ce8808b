import { describe, expect, it } from 'vitest';
import type { TableChange } from '../../src/operations/table-change.ts';
import { sqlite } from '../../src/dialects/sqlite/dialect.ts';
import { sqliteDatabase } from './sqlite-database.ts';
import { add, alter, constrain, drop, release, rename, renameConstraint } from './table-changes.ts';
import { torture } from './torture-table.ts';

const small = `CREATE TABLE p (id INTEGER PRIMARY KEY, a INT UNIQUE, b INT);
  INSERT INTO p VALUES (1, 10, 100), (2, 20, 200);
  CREATE TABLE c (id INTEGER PRIMARY KEY, p INT REFERENCES p ON DELETE CASCADE);
  INSERT INTO c VALUES (1, 1), (2, 2)`;
const touch = alter('b', { type: 'TEXT' });

describe('a change of a SQLite table is refused, with the table as it was,', () => {
  const cases: readonly (readonly [title: string, table: string, change: TableChange, words: string | RegExp])[] = [
    ['for a table that is not there', 'persons', touch, 'There is no table "persons".'],
    ['for a view', 'grown', touch, '"grown" is a view.'],
    [
      'for a column that is not there',
      'person',
      alter('borm', { nullable: true }),
      'Table "person" has no column "borm".',
    ],
    [
      'with a list of what uses a column that is to go',
      'person',
      drop('born'),
      'Column "born" of table "person" is used by the generated column "age", the unique constraint "a b" (full "name, born), index "person_born" and trigger "grown_in".',
    ],
    [
      'when a trigger uses the column',
      'person',
      drop('country'),
      'is used by index "person_born" and trigger "person_audit".',
    ],
    [
      'when other tables refer to the column',
      'person',
      drop('id'),
      'is used by the primary key, the check "boss_other" (boss <> id), the foreign key of "person" (boss), trigger',
    ],
    [
      'for a primary key beside another',
      'person',
      constrain('person', { kind: 'primaryKey', columns: ['born'] }),
      'has a primary key (id) already',
    ],
    [
      'for a constraint of a name that is taken',
      'person',
      constrain('person', { kind: 'check', name: 'A B', expression: '1' }),
      'has a constraint "A B" already',
    ],
    [
      'for a constraint that is not there',
      'person',
      release('boss_ohter'),
      'Table "person" has no constraint "boss_ohter".',
    ],
    [
      'for a constraint that is not there and shall have another name',
      'person',
      renameConstraint('x', 'y'),
      'has no constraint "x"',
    ],
    [
      'for a name that several constraints have',
      'person',
      release('person_check'),
      /names 2 constraints of table "person"/,
    ],
    [
      'for a table WITHOUT ROWID that is to lose its key',
      'ledger',
      release('ledger_pkey'),
      'cannot do without its primary key',
    ],
    ['for AUTOINCREMENT beside the key', 'person', alter('boss', { autoincrement: true }), 'is not its primary key'],
    ['for identity columns', 'person', alter('id', { identity: 'always' }), 'SQLite has no identity columns.'],
    ['for comments', 'person', alter('id', { comment: 'x' }), 'SQLite has no comments on columns.'],
    [
      'for exclusion constraints',
      'person',
      constrain('person', { kind: 'exclusion', name: 'x', method: 'gist', elements: [] }),
      'SQLite has no exclusion constraints.',
    ],
    [
      'for deferrable unique constraints',
      'person',
      constrain('person', { kind: 'unique', columns: ['id'], deferrable: true }),
      'SQLite has no deferrable unique constraints.',
    ],
    [
      'when a row breaks a new CHECK',
      'person',
      constrain('person', { kind: 'check', name: 'x', expression: 'id > 1' }),
      /constraint failed/,
    ],
    [
      'when rows break a new unique constraint',
      'person',
      constrain('person', { kind: 'unique', columns: ['made'] }),
      'UNIQUE constraint failed: person.made',
    ],
    [
      'when a row has NULL where none may be',
      'person',
      alter('boss', { nullable: false }),
      'Column boss of table person cannot be NOT NULL: it is NULL in 1 of its rows',
    ],
    [
      'when a row has no parent under a new foreign key',
      'person',
      constrain('person', {
        kind: 'foreignKey',
        columns: ['nick'],
        references: { table: 'country', columns: ['code'] },
      }),
      'have no parent',
    ],
    [
      'when a foreign key of another table would refer to no key any more',
      'person',
      release('person_pkey'),
      'foreign key mismatch',
    ],
  ];

  it.each(cases)('%s', async (title, table, change, words) => {
    const database = await sqliteDatabase(torture);
    if (title.includes('several')) {
      await database.change('person', [
        constrain('person', { kind: 'check', name: 'x', expression: '1' }),
        release('x'),
      ]);
      await database.change('person', [add((t) => t.specificType('more', 'INT, CHECK (more <> 3)'))], 'always');
    }
    const before = [await database.schema(), await database.rows()];
    const refused = await database.change(table, [change]).catch((error: Error) => error);
    expect(refused).toBeInstanceOf(Error);
    expect(sqlite.explainError(refused, '').message).toMatch(words);
    expect([await database.schema(), await database.rows()]).toEqual(before);
  });

  it('when two rows become the same to a constraint that says to ignore one of them', async () => {
    const database = await sqliteDatabase(
      "CREATE TABLE t (a TEXT UNIQUE ON CONFLICT IGNORE); INSERT INTO t VALUES ('a'), ('A')",
    );
    await expect(database.change('t', [alter('a', { collation: 'NOCASE' })])).rejects.toThrow(
      'UNIQUE constraint failed',
    );
  });

  it('when a view uses a column that is to go, by SQLite itself', async () => {
    for (const comment of ['', '-- one\n']) {
      const database = await sqliteDatabase(`CREATE TABLE t (a, b ${comment}); CREATE VIEW v AS SELECT b FROM t`);
      await expect(database.change('t', [drop('b')])).rejects.toThrow(/error in view v.*: no such column: b/);
      expect(await database.schema()).toHaveProperty('v');
    }
  });

  it.each([
    ['reads', 'SELECT b FROM t', /error in trigger r/],
    ['sets', 'UPDATE OR IGNORE t SET a = 1, "B" = 2', 'is used by trigger "r".'],
    ['inserts into', 'INSERT INTO t (a, b) VALUES (1, 2)', 'is used by trigger "r".'],
  ])('when a trigger of another table %s a column that is to go', async (_, statement, words) => {
    const database = await sqliteDatabase(
      `CREATE TABLE t (a, b); CREATE TABLE u (a); CREATE TRIGGER r AFTER INSERT ON u BEGIN SELECT ';'; ${statement}; END`,
    );
    for (const recreate of ['auto', 'always'] as const) {
      await expect(database.change('t', [drop('b')], recreate)).rejects.toThrow(words);
    }
  });
});

describe('the checks inside a rebuild fail', () => {
  it('when a row is missing in the new table', async () => {
    const database = await sqliteDatabase(small);
    await expect(database.change('p', [touch], 'auto', undefined, 'DELETE FROM p WHERE id = 2')).rejects.toThrow(
      'Rows of table p were lost on the way into the new one',
    );
    expect(await database.query('SELECT count(*) AS n FROM p')).toEqual([{ n: 2 }]);
  });

  it('when a child has lost its parent, and their words are the error', async () => {
    const database = await sqliteDatabase(small);
    const failed: unknown = await database
      .change('p', [touch], 'auto', undefined, 'UPDATE p SET id = 7 WHERE id = 2')
      .catch((error: unknown) => error);
    const guard = "SELECT CASE WHEN 1 THEN 'ok' END";
    expect(sqlite.explainError(failed, guard).message).toBe(
      'Rows of table p, or rows that refer to it, have no parent (PRAGMA foreign_key_check)',
    );
    expect(await database.query('SELECT id FROM p')).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it('only for more rows without a parent than there were before', async () => {
    const database = await sqliteDatabase(`${small}; INSERT INTO c VALUES (3, 99)`);
    await database.change('p', [touch]);
    await expect(
      database.change('p', [touch, release('p_a_key')], 'auto', undefined, 'UPDATE p SET id = 7 WHERE id = 2'),
    ).rejects.toThrow('have no parent');
    expect(await database.query('SELECT count(*) AS n FROM c')).toEqual([{ n: 3 }]);
  });

  it('not for a foreign key that referred to no key before, which a batch can repair', async () => {
    const database = await sqliteDatabase(
      `${small}; CREATE TABLE d (x INT REFERENCES p (b)); INSERT INTO d VALUES (100); CREATE TABLE e (x INT REFERENCES nowhere)`,
    );
    await database.change('p', [constrain('p', { kind: 'unique', columns: ['b'] })]);
    expect(await database.query('PRAGMA foreign_key_check')).toEqual([]);
  });
});

describe('with foreign keys enforced', () => {
  const childrenOf = async (database: Awaited<ReturnType<typeof sqliteDatabase>>) =>
    await database.query(
      'SELECT (SELECT count(*) FROM "order") || (SELECT count(*) FROM line) || (SELECT count(*) FROM note) AS n',
    );

  it('a rebuild inside a transaction fails and deletes no child, on three levels', async () => {
    const database = await sqliteDatabase(`${torture}; PRAGMA foreign_keys = ON`);
    await expect(database.change('person', [alter('made', { type: 'DATE' })])).rejects.toThrow(
      'Foreign keys are enforced',
    );
    expect(await childrenOf(database)).toEqual([{ n: '333' }]);
  });

  it('a rebuild outside one switches them off for its own transaction, and on again', async () => {
    const database = await sqliteDatabase(`${torture}; PRAGMA foreign_keys = ON`);
    for (const { sql } of await database.render('person', [alter('made', { type: 'DATE' })])) {
      await database.query(sql);
    }
    expect(await childrenOf(database)).toEqual([{ n: '333' }]);
    expect(await database.query('PRAGMA foreign_keys')).toEqual([{ foreign_keys: 1 }]);
    // The children still know their table: what a cascade is for.
    await database.query('DROP TRIGGER person_gone');
    await database.query('DELETE FROM person WHERE id = 5');
    expect(await childrenOf(database)).toEqual([{ n: '122' }]);
  });

  it('ALTER TABLE alone does its work inside a transaction', async () => {
    const database = await sqliteDatabase(`${torture}; PRAGMA foreign_keys = ON`);
    await database.change('order', [rename('person', 'who'), add((t) => t.integer('n')), drop('n')]);
    expect(await childrenOf(database)).toEqual([{ n: '333' }]);
  });
});
