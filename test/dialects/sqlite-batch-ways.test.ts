import { describe, expect, it } from 'vitest';
import { nullGuard } from '../../src/dialects/sqlite/operations/guards.ts';
import type { TableChange } from '../../src/operations/table-change.ts';
import { quoteIdentifier } from '../../src/dialects/sqlite/quote.ts';
import { sqlite } from '../../src/dialects/sqlite/dialect.ts';
import { sqliteDatabase, type SqliteDatabase } from './sqlite-database.ts';
import { add, alter, constrain, drop, release, rename, renameConstraint } from './table-changes.ts';

const plain = `CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b TEXT CONSTRAINT b_short CHECK (length(b) < 9), c INT UNIQUE);
  INSERT INTO t VALUES (1, 2, 'x', 3), (7, 8, 'y', NULL);
  CREATE INDEX t_a ON t (a);
  CREATE INDEX t_ab ON t (b, c)`;

/** The statements but for the savepoint, the checks, and what sets the table aside. */
const changing = (statements: readonly string[]): readonly string[] =>
  statements.filter((sql) => !/^(?:SAVEPOINT|RELEASE|SELECT|PRAGMA)/.test(sql));

describe('ALTER TABLE is used', () => {
  const cases: readonly (readonly [title: string, changes: readonly TableChange[], statements: readonly string[]])[] = [
    ['to rename a column', [rename('a', 'z')], ['ALTER TABLE "t" RENAME COLUMN "a" TO "z"']],
    [
      'to add columns, with a foreign key as a part of its column',
      [
        add((t) => {
          t.string('d', 20).notNullable().defaultTo("it's");
          t.integer('e').references('id').inTable('t').onDelete('CASCADE');
        }),
      ],
      [
        "ALTER TABLE \"t\" ADD COLUMN `d` varchar(20) not null default 'it''s'",
        'ALTER TABLE "t" ADD COLUMN `e` integer references `t`(`id`) on delete CASCADE',
      ],
    ],
    [
      'to add a column that is unique by an index, as knex has it',
      [add((t) => t.integer('d').unique())],
      ['ALTER TABLE "t" ADD COLUMN `d` integer', 'create unique index `t_d_unique` on `t` (`d`)'],
    ],
    [
      'to drop a column, and before it the index of that column alone',
      [drop('a')],
      ['DROP INDEX "t_a"', 'ALTER TABLE "t" DROP COLUMN "a"'],
    ],
    [
      'to set NOT NULL, after a look for NULLs',
      [alter('a', { nullable: false })],
      [nullGuard('t', 'a', '"t"', '"a"'), 'ALTER TABLE "t" ALTER COLUMN "a" SET NOT NULL'],
    ],
    [
      'to add a CHECK and to drop it under its name',
      [constrain('t', { kind: 'check', name: 'a_big', expression: 'a > 1' }), release('a_big'), release('b_short')],
      [
        'ALTER TABLE "t" ADD CONSTRAINT "a_big" CHECK (a > 1)',
        'ALTER TABLE "t" DROP CONSTRAINT a_big',
        'ALTER TABLE "t" DROP CONSTRAINT b_short',
      ],
    ],
    [
      'for one change after the other, each under the names it finds',
      [rename('a', 'z'), alter('z', { nullable: false }), add((t) => t.integer('a')), drop('a'), drop('z')],
      [
        'ALTER TABLE "t" RENAME COLUMN "a" TO "z"',
        nullGuard('t', 'z', '"t"', '"z"'),
        'ALTER TABLE "t" ALTER COLUMN "z" SET NOT NULL',
        'ALTER TABLE "t" ADD COLUMN `a` integer',
        'ALTER TABLE "t" DROP COLUMN "a"',
        'DROP INDEX "t_a"',
        'ALTER TABLE "t" DROP COLUMN "z"',
      ],
    ],
  ];

  it.each(cases)('%s', async (_, changes, statements) => {
    const database = await sqliteDatabase(plain);
    expect(await database.change('t', changes)).toEqual(statements);
  });

  it('not at all where nothing is to change', async () => {
    const database = await sqliteDatabase(plain);
    const changes = [
      add((t) => t.integer('A'), true),
      drop('none', true),
      alter('a', { nullable: true }),
      constrain('t', { kind: 'check', name: 'B_short', expression: '1' }, true),
      release('none', null, true),
    ];
    expect(await database.change('t', changes)).toEqual([]);
  });
});

describe('a table is made anew', () => {
  const rebuilt: readonly (readonly [title: string, change: TableChange])[] = [
    ['for another type', alter('a', { type: 'TEXT' })],
    ['for another default', alter('a', { default: 1 })],
    ['for a unique constraint', constrain('t', { kind: 'unique', columns: ['a'] })],
    ['for a column that is stored', add((t) => t.specificType('s', 'INT AS (a) STORED'))],
    ['for a column with a computed default', add((t) => t.specificType('s', 'TEXT DEFAULT CURRENT_DATE'))],
    ['to drop an unnamed constraint', release('t_c_key')],
    ['to rename a constraint', renameConstraint('b_short', 'b_is_short')],
  ];

  it.each(rebuilt)('%s', async (_, change) => {
    const database = await sqliteDatabase(plain);
    const statements = changing((await database.render('t', [change])).map(({ sql }) => sql));
    expect(statements[0]).toBe('ALTER TABLE "t" RENAME TO "aludel_old_t"');
    await expect(database.change('t', [change], 'never')).rejects.toMatchObject({ code: 'migration.failed' });
    await database.change('t', [change]);
  });

  it.each([
    ['drop a column', [drop('b')], 'CREATE TABLE t (a INT, -- the first\n c INT NOT NULL)'],
    [
      'drop a CHECK',
      [drop('b'), constrain('t', { kind: 'check', name: 'x', expression: 'a' }), release('x')],
      'CREATE TABLE t (a INT, -- the first\n c INT NOT NULL)',
    ],
    ['drop NOT NULL', [alter('c', { nullable: true })], 'CREATE TABLE t (a INT, -- the first\n b INT, c INT)'],
  ] as const)('to %s where ALTER TABLE would take a comment with it', async (_, changes, text) => {
    const database = await sqliteDatabase('CREATE TABLE t (a INT, -- the first\n b INT, c INT NOT NULL)');
    await database.change('t', changes);
    expect(await database.schema()).toEqual({ t: text });
  });

  it('not for a key of another type of integer: INTEGER PRIMARY KEY is what numbers the rows', async () => {
    const database = await sqliteDatabase(plain);
    expect(await database.change('t', [alter('id', { type: (t) => t.bigInteger('id') })])).toEqual([]);
    await database.change('t', [alter('id', { autoincrement: true })]);
    await database.change('t', [alter('id', { type: 'BIGINT', autoincrement: false })]);
    await database.query("INSERT INTO t (b) VALUES ('z')");
    expect(await database.query("SELECT id FROM t WHERE b = 'z'")).toEqual([{ id: 8 }]);
    await database.change('t', [alter('id', { type: 'TEXT' })]);
    expect(await database.query('SELECT typeof(id) AS type, rowid FROM t')).toContainEqual({ type: 'text', rowid: 8 });
  });

  it('once, for all changes of a batch', async () => {
    const database = await sqliteDatabase(plain);
    const changes = [
      rename('a', 'z'),
      add((t) => t.specificType('d', 'INT DEFAULT 4')),
      alter('z', { type: 'TEXT', nullable: false }),
      constrain('t', { kind: 'unique', columns: ['z', 'd'] }),
      drop('c'),
      add((t) => t.specificType('c', 'INT DEFAULT 5')),
    ];
    await database.change('t', [release('b_short')]);
    await database.connection.query('DROP INDEX t_ab');
    const statements = changing(await database.change('t', changes));
    expect(statements.map((sql) => sql.split(' ').slice(0, 3).join(' '))).toEqual([
      'ALTER TABLE "t"',
      'CREATE TABLE t',
      'INSERT OR ABORT',
      'DROP TABLE "aludel_old_t"',
      'CREATE INDEX t_a',
      'CREATE TABLE "aludel_scratch_t"',
      'ALTER TABLE "aludel_scratch_t"',
      'DROP TABLE "aludel_renamed_t"',
      'ALTER TABLE "t"',
    ]);
    expect(await database.query('SELECT * FROM t')).toEqual([
      { id: 1, z: '2', b: 'x', d: 4, c: 5 },
      { id: 7, z: '8', b: 'y', d: 4, c: 5 },
    ]);
    expect(await database.schema()).toMatchObject({
      t: 'CREATE TABLE t (id INTEGER PRIMARY KEY, "z" TEXT NOT NULL, b TEXT, `d` INT DEFAULT 4, `c` INT DEFAULT 5, CONSTRAINT "t_z_d_unique" UNIQUE ("z", "d"))',
      t_a: 'CREATE INDEX t_a ON t ("z")',
    });
  });
});

describe('a rebuild keeps', () => {
  const touch = (database: SqliteDatabase) => database.change('t', [], 'always');

  it('rowids, also those of a table with a column of that name', async () => {
    for (const column of ['a', 'rowid', 'oid', '_rowid_']) {
      const database = await sqliteDatabase(
        `CREATE TABLE t ("${column}" TEXT); INSERT INTO t VALUES ('x'), ('y'), ('z'); DELETE FROM t WHERE "${column}" = 'y'`,
      );
      const name = column === '_rowid_' ? 'oid' : '_rowid_';
      const before = await database.query(`SELECT ${name} AS id, "${column}" AS value FROM t`);
      await touch(database);
      expect(await database.query(`SELECT ${name} AS id, "${column}" AS value FROM t`)).toEqual(before);
      expect(before).toEqual([
        { id: 1, value: 'x' },
        { id: 3, value: 'z' },
      ]);
    }
  });

  it('the rows of a table that has columns of all names of the rowid', async () => {
    const database = await sqliteDatabase(
      `CREATE TABLE t (rowid, oid, _rowid_); INSERT INTO t VALUES (5, 6, 7), (1, 2, 3)`,
    );
    await touch(database);
    expect(await database.query('SELECT * FROM t')).toEqual([
      { rowid: 5, oid: 6, _rowid_: 7 },
      { rowid: 1, oid: 2, _rowid_: 3 },
    ]);
  });

  it('a table whose text names the table in front of its columns', async () => {
    const text = `CREATE TABLE "T x" (id INTEGER PRIMARY KEY AUTOINCREMENT, a REAL CHECK ("T x".a > 0), b AS (a + 1), CHECK ([t X].a < 9))`;
    const database = await sqliteDatabase(
      `${text}; CREATE INDEX i ON "T x" (a) WHERE "T x".a > 1; INSERT INTO "T x" (id, a) VALUES (3, 4), (9, 5); DELETE FROM "T x" WHERE id = 9;
       CREATE TABLE u (oid TEXT, _rowid_ INT CHECK (u._rowid_ > 0)); INSERT INTO u (rowid, oid, _rowid_) VALUES (8, '1', 2)`,
    );
    const [schema, rows] = [await database.schema(), await database.rows()];
    for (const table of ['t X', 'u']) await database.change(table, [], 'always');
    expect(await database.schema()).toEqual(schema);
    expect(await database.rows()).toMatchObject({ 'T x': rows['T x'] ?? [] });
    expect(await database.query('SELECT rowid, * FROM u')).toEqual([{ rowid: 8, oid: '1', _rowid_: 2 }]);
    expect(await database.query('SELECT * FROM sqlite_sequence')).toEqual([{ name: 'T x', seq: 9 }]);
  });

  it.each(['x"y', "it's; --", '[z]', '`', '%s ? $1 :x', 'order', '🜍 é\\', '/*', '$.a'])(
    'a table of the name %s, and an index, a trigger and a child of such names',
    async (name) => {
      const own = quoteIdentifier(name);
      const database = await sqliteDatabase(
        `CREATE TABLE ${own} (${own} INTEGER PRIMARY KEY AUTOINCREMENT, b CHECK (${own}.b > 0)); INSERT INTO ${own} VALUES (4, 5);
         CREATE TABLE child (a REFERENCES ${own} ON DELETE CASCADE); INSERT INTO child VALUES (4);
         CREATE INDEX ${quoteIdentifier(`i${name}`)} ON ${own} (b);
         CREATE TRIGGER ${quoteIdentifier(`t${name}`)} AFTER INSERT ON ${own} BEGIN SELECT NEW.b; END`,
      );
      const [schema, rows] = [await database.schema(), await database.rows()];
      await database.change(name, [], 'always');
      const there = [alter('b', { default: 1 }), rename(name, 'c')];
      await database.change(name, there);
      await database.change(name, [rename('c', name), alter('b', { default: null })]);
      await expect(
        database.change(name, [alter('b', { default: 1 })], 'auto', undefined, `DELETE FROM ${own}`),
      ).rejects.toThrow('were lost');
      expect(await database.rows()).toEqual(rows);
      expect(Object.keys(await database.schema())).toEqual(Object.keys(schema));
    },
  );

  it.each(['(', 'a (b', 'x"(', "it's (", '[(', '-- (', '/* ('])('a table that is called %s', async (name) => {
    const table = quoteIdentifier(name);
    const database = await sqliteDatabase(
      `CREATE TABLE ${table} (a INT, b TEXT); INSERT INTO ${table} VALUES (1, 'x')`,
    );
    await database.change(name, [alter('a', { default: 7 })], 'always');
    expect(await database.schema()).toEqual({ [name]: `CREATE TABLE ${table} (a INT DEFAULT 7, b TEXT)` });
    expect(await database.query(`SELECT a, b FROM ${table}`)).toEqual([{ a: 1, b: 'x' }]);
  });

  it('a temporary trigger, and a table in an attached database', async () => {
    const database = await sqliteDatabase(
      `${plain}; ATTACH ':memory:' AS other; CREATE TABLE other.t (a INT); CREATE INDEX other.i ON t (a); CREATE TABLE log (a);
       CREATE TEMP TRIGGER watch AFTER INSERT ON main.t BEGIN INSERT INTO log VALUES (NEW.a); END`,
    );
    const stored = await database.query('SELECT sql FROM sqlite_temp_schema');
    await touch(database);
    await database.query("INSERT INTO t (a, b) VALUES (77, 'x')");
    expect(await database.query('SELECT a FROM log')).toEqual([{ a: 77 }]);
    expect(await database.query('SELECT sql FROM sqlite_temp_schema')).toEqual(stored);
    await database.change('t', [alter('a', { type: 'TEXT' })], 'auto', 'other');
    expect(await database.query('SELECT sql FROM other.sqlite_schema ORDER BY name')).toEqual([
      { sql: 'CREATE INDEX i ON t (a)' },
      { sql: 'CREATE TABLE t (a TEXT)' },
    ]);
  });

  it('NOT NULL in every row: a key that numbers rows by itself is refused where the column holds NULL', async () => {
    const key = [release('t_pkey'), constrain('t', { kind: 'primaryKey', columns: ['n'] })];
    const database = await sqliteDatabase(
      'CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER); INSERT INTO t VALUES (1, 5), (2, NULL)',
    );
    await expect(database.change('t', key)).rejects.toThrow('Column n of table t holds NULL');
    await database.query('UPDATE t SET n = 4 WHERE n IS NULL');
    await database.change('t', key);
    expect(await database.query('SELECT rowid, id FROM t')).toEqual([
      { n: 4, id: 2 },
      { n: 5, id: 1 },
    ]);
  });
});

describe('whatever SQLite takes as a table is read', () => {
  it.each([
    'CREATE TABLE t(a, b UNIQUE CHECK (b) UNIQUE, UNIQUE(a) CHECK(a)PRIMARY KEY(a,b COLLATE nocase DESC) ON CONFLICT FAIL)',
    'CREATE TABLE t(a INT CONSTRAINT x CONSTRAINT y NOT NULL CONSTRAINT z, CONSTRAINT w CONSTRAINT v CHECK (a))',
    `CREATE TABLE t('a' 'long type', "b"[c d](1), c NATIVE CHARACTER(70), d VARYING CHARACTER (+255, -1), [e])`,
    `CREATE TABLE t(a DEFAULT -.5e+10, b DEFAULT +1.e5, c DEFAULT 0x1F, d DEFAULT x'AB' NOT NULL, e DEFAULT current_time COLLATE binary)`,
    'CREATE TABLE t(f DEFAULT NULL NOT NULL, g DEFAULT true, h DEFAULT "str" NULL, i DEFAULT 1 CHECK(i), j INT DEFAULT-1)',
    'CREATE TABLE t(a REFERENCES t(b) ON DELETE SET NULL ON UPDATE SET DEFAULT MATCH FULL NOT DEFERRABLE INITIALLY IMMEDIATE NOT NULL, b UNIQUE)',
    'CREATE TABLE t(generated, always INT, "as" AS (1), stored GENERATED ALWAYS AS (2) STORED, x my type GENERATED ALWAYS AS (3))',
    'CREATE TABLE t(a PRIMARY KEY DESC ON CONFLICT ROLLBACK, "primary key" "check (", "," TEXT)',
    'CREATE TABLE t(id INTEGER, PRIMARY KEY (id AUTOINCREMENT) ON CONFLICT ABORT, FOREIGN KEY (id) REFERENCES t DEFERRABLE) STRICT',
    'CREATE TABLE t(/**/a--,\n,b/*)*/,--\nc)',
    `CREATE TABLE "t" AS SELECT 1 AS "x y", 'b' AS b`,
  ])('%s', async (sql) => {
    const database = await sqliteDatabase(sql);
    const [schema, info] = [await database.schema(), await database.query("SELECT * FROM pragma_table_xinfo('t')")];
    const check = constrain('t', { kind: 'check', name: 'added', expression: '1' });
    const column = add((t) => t.specificType('added', 'INT UNIQUE'));
    await database.change('t', [], 'always');
    expect(await database.schema()).toEqual(schema);
    await database.change('t', [check, column], 'always');
    expect(await database.query("SELECT * FROM pragma_table_xinfo('t') WHERE name <> 'added'")).toEqual(info);
    await database.change('t', [drop('added'), release('added')], 'always');
    expect(await database.query("SELECT * FROM pragma_table_xinfo('t')")).toEqual(info);
    const significant = (texts: Readonly<Record<string, string>>) => sqlite.significantText(texts['t'] ?? '');
    expect(significant(await database.schema())).toBe(significant(schema));
  });
});
