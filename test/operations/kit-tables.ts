import {
  appears,
  goes,
  onlyPostgresql,
  plainlyOn,
  refused,
  stays,
  type Answers,
  type Case,
  type Kit,
} from './kit-case.ts';
import { column, constraint, foreignKey, index, rows, table, view } from './kit-catalogue.ts';

const dropFirst = 'Drop that first, and leave out "cascade".';
const noRebuild = 'Leave recreate out, or say "auto".';

export const tableKit: Kit<'createTable' | 'createTableAs' | 'alterTable' | 'dropTable' | 'renameTable'> = {
  createTable: {
    plain: {
      call: (op) => op.createTable('pets', (t) => t.integer('id')),
      on: appears(table('pets')),
    },
    ifNotExists: {
      call: (op) => op.createTable('people', (t) => t.integer('other'), { ifNotExists: true }),
      on: stays(column('age')),
    },
  },
  createTableAs: {
    plain: {
      call: (op) => op.createTableAs('names', 'SELECT name FROM people'),
      on: appears(column('name', {}, 'names')),
    },
    ifNotExists: {
      call: (op) => op.createTableAs('people', 'SELECT 1 AS other', { ifNotExists: true }),
      on: stays(column('age')),
    },
  },
  alterTable: {
    plain: {
      call: (op) => op.alterTable('people', (t) => t.string('city', 20)),
      on: appears(column('city')),
    },
  },
  dropTable: {
    plain: { call: (op) => op.dropTable('people'), on: goes(table('people')) },
    ifExists: { call: (op) => op.dropTable('nothing', { ifExists: true }), on: stays(table('people')) },
    cascade: {
      before: (op) => op.createView('names', 'SELECT name FROM people'),
      call: (op) => op.dropTable('people', { cascade: true }),
      on: onlyPostgresql(goes(view('names')).postgresql, { sqlite: dropFirst, mysql: dropFirst }),
    },
  },
  renameTable: {
    plain: { call: (op) => op.renameTable('people', 'humans'), on: appears(table('humans')) },
  },
};

const servers = ['postgresql', 'mysql'] as const;
const others = ['sqlite', 'mysql'] as const;

/** A change with `recreate: 'always'`. A table of SQLite that is made anew begins on another page of the file. */
function recreated(call: Case['call'], on: Answers): Case {
  const { sqlite } = on;
  if (sqlite.kind !== 'appears') return { call, on: plainlyOn(servers, 'alwaysInPlace', on) };
  const sql = `${sqlite.sql} AND (SELECT rootpage > 3 FROM sqlite_schema WHERE name = 'people')`;
  return { call, on: plainlyOn(servers, 'alwaysInPlace', { ...on, sqlite: { ...sqlite, sql } }) };
}
const always = { recreate: 'always' } as const;

export const columnKit: Kit<'batchAlterTable' | 'addColumn' | 'dropColumn' | 'renameColumn' | 'alterColumn'> = {
  batchAlterTable: {
    plain: {
      call: (op) =>
        op.batchAlterTable('people', (batch) => {
          batch.renameColumn('age', 'years');
          batch.addColumn((t) => t.string('city', 20));
        }),
      on: appears(column('years')),
    },
    recreate: recreated(
      (op) => op.batchAlterTable('people', (batch) => batch.renameColumn('age', 'years'), always),
      appears(column('years')),
    ),
    'recreate never': {
      call: (op) =>
        op.batchAlterTable('people', (batch) => batch.alterColumn('age', { type: 'text' }), { recreate: 'never' }),
      on: {
        ...plainlyOn(
          servers,
          'alwaysInPlace',
          appears(column('age', { postgresql: `atttypid = 'text'::regtype`, mysql: `data_type = 'text'` })),
        ),
        sqlite: refused(noRebuild),
      },
    },
    safe: {
      call: (op) =>
        op.batchAlterTable('people', (batch) => batch.alterColumn('age', { nullable: false }), { safe: true }),
      on: plainlyOn(
        others,
        'waitsForNobody',
        appears(column('age', { sqlite: '"notnull"', postgresql: 'attnotnull', mysql: `is_nullable = 'NO'` })),
      ),
    },
  },
  addColumn: {
    plain: { call: (op) => op.addColumn('people', (t) => t.string('city', 20)), on: appears(column('city')) },
    recreate: recreated((op) => op.addColumn('people', (t) => t.string('city', 20), always), appears(column('city'))),
    ifNotExists: {
      call: (op) => op.addColumn('people', (t) => t.integer('age'), { ifNotExists: true }),
      on: stays(column('age')),
    },
  },
  dropColumn: {
    plain: { call: (op) => op.dropColumn('people', 'age'), on: goes(column('age')) },
    recreate: recreated((op) => op.dropColumn('people', 'age', always), goes(column('age'))),
    ifExists: { call: (op) => op.dropColumn('people', 'nothing', { ifExists: true }), on: stays(column('age')) },
  },
  renameColumn: {
    plain: { call: (op) => op.renameColumn('people', 'age', 'years'), on: appears(column('years')) },
    recreate: recreated((op) => op.renameColumn('people', 'age', 'years', always), appears(column('years'))),
  },
  alterColumn: {
    plain: {
      call: (op) => op.alterColumn('people', 'name', { type: 'varchar(80)' }),
      on: appears(
        column('name', {
          sqlite: `type = 'varchar(80)'`,
          postgresql: 'atttypmod = 84',
          mysql: 'character_maximum_length = 80',
        }),
      ),
    },
    recreate: recreated(
      (op) => op.alterColumn('people', 'age', { default: 7 }, always),
      appears(
        column('age', { sqlite: `dflt_value = '7'`, postgresql: 'adbin IS NOT NULL', mysql: `column_default = '7'` }),
      ),
    ),
    safe: {
      call: (op) => op.alterColumn('people', 'age', { nullable: false }, { safe: true }),
      on: plainlyOn(
        others,
        'waitsForNobody',
        appears(column('age', { sqlite: '"notnull"', postgresql: 'attnotnull', mysql: `is_nullable = 'NO'` })),
      ),
    },
    type: {
      call: (op) => op.alterColumn('people', 'age', { type: (t) => t.bigInteger('age') }),
      on: appears(
        column('age', {
          sqlite: `type = 'bigint'`,
          postgresql: `atttypid = 'bigint'::regtype`,
          mysql: `data_type = 'bigint'`,
        }),
      ),
    },
    using: {
      call: (op) => op.alterColumn('people', 'age', { type: 'text', using: `'about ' || age` }),
      on: {
        ...appears(rows(`cast(age AS char(8)) = 'about 36'`)),
        mysql: refused('Leave out "using", and update the rows before.'),
      },
    },
    nullable: {
      call: (op) => op.alterColumn('people', 'name', { nullable: true }),
      on: appears(
        column('name', { sqlite: 'NOT "notnull"', postgresql: 'NOT attnotnull', mysql: `is_nullable = 'YES'` }),
      ),
    },
    default: {
      call: (op) => op.alterColumn('people', 'name', { default: null }),
      on: appears(
        column('name', { sqlite: 'dflt_value IS NULL', postgresql: 'adbin IS NULL', mysql: 'column_default IS NULL' }),
      ),
    },
    comment: {
      call: (op) => op.alterColumn('people', 'age', { comment: 'in years' }),
      on: {
        ...appears(
          column('age', {
            postgresql: `col_description(attrelid, attnum) = 'in years'`,
            mysql: `column_comment = 'in years'`,
          }),
        ),
        sqlite: refused('Leave it out where op.context.dialect is "sqlite".'),
      },
    },
    collation: {
      call: (op) =>
        op.alterColumn('people', 'name', {
          collation: { sqlite: 'NOCASE', postgresql: 'C', mysql: 'utf8mb4_bin' }[op.context.dialect],
        }),
      on: appears(
        column('name', {
          sqlite: `EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'people' AND sql LIKE '%COLLATE "NOCASE"%')`,
          postgresql: `attcollation = 'pg_catalog."C"'::regcollation`,
          mysql: `collation_name = 'utf8mb4_bin'`,
        }),
      ),
    },
    'collation null': {
      before: (op) =>
        op.alterColumn('people', 'name', {
          collation: { sqlite: 'NOCASE', postgresql: 'C', mysql: 'utf8mb4_bin' }[op.context.dialect],
        }),
      call: (op) => op.alterColumn('people', 'name', { collation: null }),
      on: goes(
        column('name', {
          sqlite: `EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'people' AND sql LIKE '%COLLATE "NOCASE"%')`,
          postgresql: `attcollation = 'pg_catalog."C"'::regcollation`,
          mysql: `collation_name = 'utf8mb4_bin'`,
        }),
      ),
    },
    identity: {
      before: (op) => op.alterColumn('people', 'age', { nullable: false }),
      call: (op) => op.alterColumn('people', 'age', { identity: 'always' }),
      on: onlyPostgresql(appears(column('age', { postgresql: `attidentity = 'a'` })).postgresql, {
        sqlite: 'INTEGER PRIMARY KEY numbers the rows by itself.',
        mysql: "Write { identity: 'by default' }.",
      }),
    },
    generated: {
      before: (op) =>
        op.addColumn('people', (t) =>
          t.specificType(
            'twice',
            `${op.context.dialect === 'mysql' ? 'int' : 'integer'} GENERATED ALWAYS AS (age * 2) STORED`,
          ),
        ),
      call: (op) => op.alterColumn('people', 'twice', { generated: null }),
      on: goes(
        column('twice', {
          sqlite: 'hidden = 3',
          postgresql: `attgenerated = 's'`,
          mysql: `generation_expression IS NOT NULL`,
        }),
      ),
    },
    autoincrement: {
      before: (op) => op.addConstraint('people', { kind: 'primaryKey', columns: ['id'] }),
      call: (op) => op.alterColumn('people', 'id', { autoincrement: true }),
      on: appears(
        column('id', {
          sqlite: `EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'people' AND sql LIKE '%AUTOINCREMENT%')`,
          postgresql: `attidentity = 'd'`,
          mysql: `extra = 'auto_increment'`,
        }),
      ),
    },
  },
};

const toTeams = { kind: 'foreignKey', columns: ['age'], references: { table: 'teams', columns: ['id'] } } as const;
const adult = { kind: 'check', name: 'adult', expression: 'age > 17' } as const;
const oneName = { kind: 'unique', columns: ['name'] } as const;
const byName = constraint('people_name_unique', {
  sqlite: `EXISTS (SELECT 1 FROM pragma_index_list('people') WHERE origin = 'u')`,
  postgresql: `contype = 'u'`,
  mysql: `constraint_type = 'UNIQUE'`,
});
const isCheck = { postgresql: `contype = 'c'`, mysql: `constraint_type = 'CHECK'` };
const isPrimary = constraint('people_pkey', {
  sqlite: `(SELECT pk FROM pragma_table_xinfo('people') WHERE name = 'id') = 1`,
  postgresql: `contype = 'p'`,
});
/** Every key of MySQL is called PRIMARY. */
const primary = { ...isPrimary, mysql: constraint('PRIMARY', { mysql: `constraint_type = 'PRIMARY KEY'` }).mysql };
const noDeferral = 'Leave out "deferrable" and "initiallyDeferred".';
const withTeam = (op: Parameters<Case['call']>[0]): Promise<void> => op.bulkInsert('teams', [{ id: 36 }]);

export const constraintKit: Kit<'addConstraint' | 'dropConstraint' | 'renameConstraint' | 'validateConstraint'> = {
  addConstraint: {
    plain: { call: (op) => op.addConstraint('people', oneName), on: appears(byName) },
    recreate: recreated((op) => op.addConstraint('people', adult, always), appears(constraint('adult', isCheck))),
    safe: {
      call: (op) => op.addConstraint('people', oneName, { safe: true }),
      on: plainlyOn(others, 'waitsForNobody', appears(byName)),
    },
    ifNotExists: {
      before: (op) => op.addConstraint('people', adult),
      call: (op) => op.addConstraint('people', adult, { ifNotExists: true }),
      on: stays(constraint('adult', isCheck)),
    },
    primaryKey: {
      call: (op) => op.addConstraint('people', { kind: 'primaryKey', columns: ['id'] }),
      on: appears(primary),
    },
    unique: { call: (op) => op.addConstraint('people', oneName), on: appears(byName) },
    foreignKey: { before: withTeam, call: (op) => op.addConstraint('people', toTeams), on: appears(foreignKey()) },
    check: { call: (op) => op.addConstraint('people', adult), on: appears(constraint('adult', isCheck)) },
    exclusion: {
      call: (op) =>
        op.addConstraint('people', {
          kind: 'exclusion',
          name: 'one_age',
          method: 'btree',
          elements: [{ column: 'age', operator: '=' }],
        }),
      on: onlyPostgresql(appears(constraint('one_age', { postgresql: `contype = 'x'` })).postgresql, {
        sqlite: 'A trigger that raises an error can stand in for it.',
        mysql: 'Refuse the rows in a trigger.',
      }),
    },
    'exclusion where': {
      call: (op) =>
        op.addConstraint('people', {
          kind: 'exclusion',
          name: 'one_age',
          method: 'btree',
          elements: [{ column: 'age', operator: '=' }],
          where: 'age > 17',
        }),
      on: onlyPostgresql(
        appears(constraint('one_age', { postgresql: `pg_get_constraintdef(oid) LIKE '%WHERE ((age > 17))'` }))
          .postgresql,
        { sqlite: 'A trigger that raises an error can stand in for it.', mysql: 'Refuse the rows in a trigger.' },
      ),
    },
    name: {
      call: (op) => op.addConstraint('people', { ...oneName, name: 'one_name' }),
      on: appears(constraint('one_name')),
    },
    deferrable: {
      before: withTeam,
      call: (op) => op.addConstraint('people', { ...toTeams, deferrable: true }),
      on: {
        sqlite: appears(constraint('people_age_foreign', { sqlite: `sql LIKE '%DEFERRABLE%'` })).sqlite,
        postgresql: appears(foreignKey({ postgresql: 'condeferrable AND NOT condeferred' })).postgresql,
        mysql: refused(noDeferral),
      },
    },
    initiallyDeferred: {
      before: withTeam,
      call: (op) => op.addConstraint('people', { ...toTeams, initiallyDeferred: true }),
      on: {
        sqlite: appears(constraint('people_age_foreign', { sqlite: `sql LIKE '%DEFERRABLE INITIALLY DEFERRED%'` }))
          .sqlite,
        postgresql: appears(foreignKey({ postgresql: 'condeferred' })).postgresql,
        mysql: refused(noDeferral),
      },
    },
    nullsNotDistinct: {
      call: (op) => op.addConstraint('people', { ...oneName, nullsNotDistinct: true }),
      on: onlyPostgresql(appears(index('people_name_unique', { postgresql: 'indnullsnotdistinct' })).postgresql, {
        sqlite: 'A unique index on coalesce(column, …) does the same.',
        mysql: 'Leave out "nullsNotDistinct".',
      }),
    },
    onDelete: {
      before: withTeam,
      call: (op) => op.addConstraint('people', { ...toTeams, onDelete: 'cascade' }),
      on: appears(
        foreignKey({
          sqlite: `on_delete = 'CASCADE'`,
          postgresql: `confdeltype = 'c'`,
          mysql: `delete_rule = 'CASCADE'`,
        }),
      ),
    },
    onUpdate: {
      before: withTeam,
      call: (op) => op.addConstraint('people', { ...toTeams, onUpdate: 'set null' }),
      on: appears(
        foreignKey({
          sqlite: `on_update = 'SET NULL'`,
          postgresql: `confupdtype = 'n'`,
          mysql: `update_rule = 'SET NULL'`,
        }),
      ),
    },
    'set default': {
      before: withTeam,
      call: (op) => op.addConstraint('people', { ...toTeams, onDelete: 'set default' }),
      on: {
        ...appears(foreignKey({ sqlite: `on_delete = 'SET DEFAULT'`, postgresql: `confdeltype = 'd'` })),
        mysql: refused("Write 'set null', or set the column in a trigger."),
      },
    },
    notValid: {
      call: (op) => op.addConstraint('people', { ...adult, notValid: true }),
      on: {
        sqlite: refused('Leave out "notValid"; "safe" serves all databases.'),
        postgresql: appears(constraint('adult', { postgresql: 'NOT convalidated' })).postgresql,
        mysql: refused('Leave out "notValid"; "safe" serves all databases.'),
      },
    },
  },
  dropConstraint: {
    plain: {
      before: (op) => op.addConstraint('people', oneName),
      call: (op) => op.dropConstraint('people', 'people_name_unique'),
      on: goes(byName),
    },
    recreate: {
      before: (op) => op.addConstraint('people', adult),
      call: (op) => op.dropConstraint('people', 'adult', always),
      on: plainlyOn(servers, 'alwaysInPlace', goes(constraint('adult', isCheck))),
    },
    type: {
      before: async (op) => {
        await withTeam(op);
        await op.addConstraint('people', toTeams);
      },
      call: (op) => op.dropConstraint('people', 'people_age_foreign', { type: 'foreignKey' }),
      on: goes(foreignKey()),
    },
    ifExists: {
      before: (op) => op.addConstraint('people', adult),
      call: (op) => op.dropConstraint('people', 'nothing', { type: 'check', ifExists: true }),
      on: stays(constraint('adult', isCheck)),
    },
  },
  renameConstraint: {
    plain: {
      before: (op) => op.addConstraint('people', oneName),
      call: (op) => op.renameConstraint('people', 'people_name_unique', 'one_name'),
      on: appears(constraint('one_name')),
    },
    check: {
      before: (op) => op.addConstraint('people', adult),
      call: async (op) => {
        // MySQL tells by the constraint that it cannot.
        if (op.context.dialect === 'mysql')
          await op.execute('ALTER TABLE people ADD CONSTRAINT adult CHECK (age > 17)');
        await op.renameConstraint('people', 'adult', 'grown_up');
      },
      on: {
        ...appears(constraint('grown_up', { postgresql: `contype = 'c'` })),
        mysql: refused('Drop the constraint and add it under its new name.'),
      },
    },
    recreate: {
      before: (op) => op.addConstraint('people', oneName),
      call: (op) => op.renameConstraint('people', 'people_name_unique', 'one_name', always),
      on: plainlyOn(servers, 'alwaysInPlace', appears(constraint('one_name'))),
    },
  },
  validateConstraint: {
    plain: {
      before: (op) => op.addConstraint('people', { ...adult, notValid: true }),
      call: (op) => op.validateConstraint('people', 'adult'),
      on: onlyPostgresql(appears(constraint('adult', { postgresql: 'convalidated' })).postgresql, {
        sqlite: 'There is nothing to validate: leave it out.',
        mysql: 'There is nothing to validate: leave it out.',
      }),
    },
  },
};

const byAge = 'people_age_index';
const aged = (op: Parameters<Case['call']>[0]): Promise<void> => op.createIndex('people', ['age']);

export const indexKit: Kit<'createIndex' | 'dropIndex' | 'renameIndex'> = {
  createIndex: {
    plain: { call: aged, on: appears(index(byAge)) },
    name: { call: (op) => op.createIndex('people', 'age', { name: 'by age' }), on: appears(index('by age')) },
    unique: {
      call: (op) => op.createIndex('people', 'age', { unique: true }),
      on: appears(
        index('people_age_unique', { sqlite: 'i."unique"', postgresql: 'indisunique', mysql: 'non_unique = 0' }),
      ),
    },
    ifNotExists: {
      before: aged,
      call: (op) => op.createIndex('people', 'age', { ifNotExists: true }),
      on: stays(index(byAge)),
    },
    where: {
      call: (op) => op.createIndex('people', 'age', { where: 'age > 17' }),
      on: {
        ...appears(index(byAge, { sqlite: 'i.partial', postgresql: 'indpred IS NOT NULL' })),
        mysql: refused('Leave out "where", or index a generated column that is NULL where the condition is false.'),
      },
    },
    include: {
      call: (op) => op.createIndex('people', 'age', { include: ['name'] }),
      on: onlyPostgresql(appears(index(byAge, { postgresql: 'indnatts = 2 AND indnkeyatts = 1' })).postgresql, {
        sqlite: 'Leave out "include", or add them to the columns.',
        mysql: 'Leave out "include", or add them to the columns.',
      }),
    },
    method: {
      call: (op) => op.createIndex('people', 'name', { method: op.context.dialect === 'mysql' ? 'fulltext' : 'hash' }),
      on: {
        ...appears(index('people_name_index', { postgresql: `amname = 'hash'`, mysql: `index_type = 'FULLTEXT'` })),
        sqlite: refused('Leave out "method".'),
      },
    },
    nullsNotDistinct: {
      call: (op) => op.createIndex('people', 'age', { unique: true, nullsNotDistinct: true }),
      on: onlyPostgresql(appears(index('people_age_unique', { postgresql: 'indnullsnotdistinct' })).postgresql, {
        sqlite: "Index an expression: coalesce(…, '').",
        mysql: 'Index a generated column: coalesce(…).',
      }),
    },
    concurrently: {
      call: (op) => op.createIndex('people', 'age', { concurrently: true }),
      on: plainlyOn(others, 'waitsForNobody', appears(index(byAge))),
    },
    expression: {
      call: (op) => op.createIndex('people', [{ expression: 'lower(name)' }], { name: 'low' }),
      on: {
        ...appears(index('low', { sqlite: 'x.cid = -2', postgresql: 'indexprs IS NOT NULL' })),
        mysql: refused('Index a generated column that holds the expression.'),
      },
    },
    order: {
      call: (op) => op.createIndex('people', [{ column: 'age', order: 'desc' }]),
      on: appears(index(byAge, { sqlite: 'x."desc"', postgresql: 'indoption[0] & 1 = 1', mysql: `collation = 'D'` })),
    },
    nulls: {
      call: (op) => op.createIndex('people', [{ column: 'age', nulls: 'first' }]),
      on: onlyPostgresql(appears(index(byAge, { postgresql: 'indoption[0] & 2 = 2' })).postgresql, {
        sqlite: 'Leave them out; for the first characters of a column index an expression: substr(…).',
        mysql: "Leave them out; NULLs come first there, and the collation is the column's.",
      }),
    },
    operatorClass: {
      call: (op) => op.createIndex('people', [{ column: 'name', operatorClass: 'varchar_pattern_ops' }]),
      on: onlyPostgresql(
        appears(
          index('people_name_index', {
            postgresql: `indclass[0] = (SELECT oid FROM pg_opclass WHERE opcname = 'varchar_pattern_ops' AND opcmethod = relam)`,
          }),
        ).postgresql,
        {
          sqlite: 'Leave them out; for the first characters of a column index an expression: substr(…).',
          mysql: "Leave them out; NULLs come first there, and the collation is the column's.",
        },
      ),
    },
    collation: {
      call: (op) =>
        op.createIndex('people', [{ column: 'name', collation: op.context.dialect === 'sqlite' ? 'NOCASE' : 'C' }]),
      on: {
        ...appears(
          index('people_name_index', {
            sqlite: `x.coll = 'NOCASE'`,
            postgresql: `indcollation[0] = 'pg_catalog."C"'::regcollation`,
          }),
        ),
        mysql: refused("Leave them out; NULLs come first there, and the collation is the column's."),
      },
    },
    length: {
      call: (op) => op.createIndex('people', [{ column: 'name', length: 5 }]),
      on: {
        sqlite: refused('Leave them out; for the first characters of a column index an expression: substr(…).'),
        postgresql: refused('Index an expression: left(…).'),
        mysql: appears(index('people_name_index', { mysql: 'sub_part = 5' })).mysql,
      },
    },
  },
  dropIndex: {
    plain: {
      before: aged,
      call: (op) => op.dropIndex(byAge),
      on: { ...goes(index(byAge)), mysql: refused("Write op.dropIndex(…, { table: '…' }).") },
    },
    table: {
      before: aged,
      call: (op) => op.dropIndex(byAge, { table: 'people' }),
      on: plainlyOn(['sqlite', 'postgresql'], 'nameTells', goes(index(byAge))),
    },
    ifExists: {
      before: aged,
      call: (op) => op.dropIndex('nothing', { table: 'people', ifExists: true }),
      on: stays(index(byAge)),
    },
    concurrently: {
      before: aged,
      call: (op) => op.dropIndex(byAge, { table: 'people', concurrently: true }),
      on: plainlyOn(others, 'waitsForNobody', goes(index(byAge))),
    },
    cascade: {
      before: async (op) => {
        await op.createIndex('people', 'id', { unique: true, name: 'ids' });
        if (op.context.dialect === 'postgresql') {
          await op.addColumn('teams', (t) => t.integer('head').references('id').inTable('people'));
        }
      },
      call: (op) => op.dropIndex('ids', { table: 'people', cascade: true }),
      on: {
        sqlite: refused(dropFirst),
        postgresql: {
          kind: 'goes',
          sql: `SELECT 1 FROM pg_constraint WHERE conrelid = 'teams'::regclass AND contype = 'f'`,
        },
        mysql: refused(dropFirst),
      },
    },
  },
  renameIndex: {
    plain: {
      before: aged,
      call: (op) => op.renameIndex(byAge, 'by_age'),
      on: { ...appears(index('by_age')), mysql: refused("Write op.renameIndex(…, { table: '…' }).") },
    },
    table: {
      before: aged,
      call: (op) => op.renameIndex(byAge, 'by_age', { table: 'people' }),
      on: plainlyOn(['sqlite', 'postgresql'], 'nameTells', appears(index('by_age'))),
    },
  },
};
