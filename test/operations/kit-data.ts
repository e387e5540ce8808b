import type { Operations } from '../../src/operations/operations.ts';
import { appears, plainlyOn, says, tells, type Case, type Kit, type Questions } from './kit-case.ts';
import { column, constraint, enumOf, index, rows, schema, sequence, table, trigger, view } from './kit-catalogue.ts';

const everywhere = (sql: string): Questions => ({ sqlite: sql, postgresql: sql, mysql: sql });
const never = says(false);
const more = (op: Operations): Promise<void> => op.bulkInsert('people', [{ id: 2, name: 'Eve' }]);
/** A backfill wants a key that has no NULLs. */
const keyed = async (op: Operations): Promise<void> => {
  await op.addConstraint('people', { kind: 'primaryKey', columns: ['id'] });
  await more(op);
};
/** Every row, and none else, has this. */
const all = (where: string): Questions =>
  everywhere(
    `SELECT 1 FROM (SELECT count(*) AS n, sum(CASE WHEN ${where} THEN 1 ELSE 0 END) AS m FROM people) AS c WHERE n = 2 AND m = 2`,
  );

export const dataKit: Kit<
  'bulkInsert' | 'backfill' | 'execute' | 'autocommit' | 'knex' | 'context' | 'offline' | 'inspect'
> = {
  bulkInsert: {
    plain: { call: more, on: appears(rows(`id = 2 AND name = 'Eve' AND age IS NULL`)) },
    identityInsert: {
      before: (op) =>
        op.createTable('numbered', (t) => {
          if (op.context.dialect === 'postgresql')
            t.specificType('id', 'integer GENERATED ALWAYS AS IDENTITY').primary();
          else t.increments('id');
          t.integer('n');
        }),
      call: async (op) => {
        await op.bulkInsert('numbered', [{ id: 7, n: 1 }], { identityInsert: true });
        await op.bulkInsert('numbered', [{ n: 2 }]);
      },
      on: plainlyOn(
        ['sqlite', 'mysql'],
        'takesNumbers',
        appears(everywhere('SELECT 1 FROM numbered WHERE id = 8 AND n = 2')),
      ),
    },
  },
  backfill: {
    plain: {
      before: keyed,
      call: (op) => op.backfill({ table: 'people', set: { age: 7 }, batchSize: 1 }),
      inRun: true,
      on: appears(all('age = 7')),
    },
    where: {
      before: keyed,
      call: (op) => op.backfill({ table: 'people', set: { name: 'Grace' }, where: `id = 2` }),
      inRun: true,
      on: appears(all(`(id = 1 AND name = 'Ada') OR (id = 2 AND name = 'Grace')`)),
    },
    key: {
      before: more,
      call: (op) => op.backfill({ table: 'people', set: { age: 7 }, key: ['name', 'id'], batchSize: 1 }),
      inRun: true,
      on: appears(all('age = 7')),
    },
  },
  execute: {
    plain: {
      call: (op) => op.execute(`UPDATE people SET age = 8; UPDATE people SET age = age + 1`),
      on: appears(rows('age = 9')),
    },
  },
  autocommit: {
    plain: {
      call: (op) => op.autocommit(async () => void (await op.execute('UPDATE people SET age = 9'))),
      inRun: true,
      on: appears(rows('age = 9')),
    },
  },
  knex: {
    plain: {
      call: async (op) => await op.knex('people').where({ id: 1 }).update({ age: 9 }),
      on: appears(rows('age = 9')),
    },
  },
  context: {
    plain: {
      call: async (op) => op.context.dialect,
      on: { sqlite: says('sqlite'), postgresql: says('postgresql'), mysql: says('mysql') },
    },
  },
  offline: {
    plain: {
      call: async (op) => op.offline,
      on: { sqlite: says(false), postgresql: says(false), mysql: says(false) },
    },
  },
  inspect: {
    hasTable: inspected(
      (op) => op.createTable('pets', (t) => t.integer('id')),
      (op) => op.inspect.hasTable('pets'),
      tells(table('pets')),
    ),
    hasView: inspected(
      (op) => op.createView('names', 'SELECT name FROM people'),
      (op) => op.inspect.hasView('names'),
      tells(view('names')),
    ),
    hasColumn: inspected(
      (op) => op.addColumn('people', (t) => t.integer('size')),
      (op) => op.inspect.hasColumn('people', 'size'),
      tells(column('size')),
    ),
    hasIndex: inspected(
      (op) => op.createIndex('people', 'age'),
      (op) => op.inspect.hasIndex('people', 'people_age_index'),
      tells(index('people_age_index')),
    ),
    hasConstraint: inspected(
      (op) => op.addConstraint('people', { kind: 'check', name: 'adult', expression: 'age > 17' }),
      (op) => op.inspect.hasConstraint('people', 'adult'),
      tells(constraint('adult')),
    ),
    hasEnum: {
      before: async (op) => {
        if (op.context.dialect === 'postgresql') await op.createEnum('mood', ['good']);
      },
      call: (op) => op.inspect.hasEnum('mood'),
      on: { sqlite: never, postgresql: { kind: 'tells', sql: enumOf('mood', 'good') }, mysql: never },
    },
    hasSequence: {
      before: async (op) => {
        if (op.context.dialect !== 'sqlite') await op.createSequence('counter');
      },
      call: (op) => op.inspect.hasSequence('counter'),
      on: { ...tells(sequence('counter')), sqlite: never },
    },
    hasTrigger: inspected(
      (op) =>
        op.createTrigger('watch', 'people', {
          timing: 'before',
          events: ['update'],
          body: {
            postgresql: 'EXECUTE FUNCTION suppress_redundant_updates_trigger()',
            mysql: 'SET NEW.age = 1',
            sqlite: 'BEGIN SELECT raise(IGNORE); END',
          }[op.context.dialect],
        }),
      (op) => op.inspect.hasTrigger('people', 'watch'),
      tells(trigger('watch')),
    ),
    hasSchema: {
      before: async (op) => {
        if (op.context.dialect === 'sqlite') await op.execute(`ATTACH ':memory:' AS aludel_test_inspected`);
        else await op.createSchema('aludel_test_inspected');
      },
      call: (op) => op.inspect.hasSchema('aludel_test_inspected'),
      after: async (op) => {
        if (op.context.dialect === 'sqlite') await op.execute('DETACH aludel_test_inspected');
        else await op.dropSchema('aludel_test_inspected');
      },
      on: tells({
        ...schema('aludel_test_inspected'),
        sqlite: `SELECT 1 FROM pragma_database_list WHERE name = 'aludel_test_inspected'`,
      }),
    },
    tables: inspected(
      (op) => op.createTable('pets', (t) => t.integer('id')),
      (op) => op.inspect.tables(),
      tells({
        sqlite: `SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`,
        postgresql: `SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1`,
        mysql: `SELECT table_name FROM information_schema.tables WHERE table_schema = database() ORDER BY 1`,
      }),
    ),
    columns: inspected(
      (op) => op.addColumn('people', (t) => t.integer('size')),
      async (op) =>
        (await op.inspect.columns('people')).map(({ name, nullable }) => `${name} ${nullable ? 'null' : 'not null'}`),
      tells({
        sqlite: `SELECT name || iif("notnull", ' not null', ' null') FROM pragma_table_info('people') ORDER BY cid`,
        postgresql: `SELECT attname || CASE WHEN attnotnull THEN ' not null' ELSE ' null' END FROM pg_attribute WHERE attrelid = 'people'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
        mysql: `SELECT concat(column_name, if(is_nullable = 'YES', ' null', ' not null')) FROM information_schema.columns WHERE table_schema = database() AND table_name = 'people' ORDER BY ordinal_position`,
      }),
    ),
    indexes: inspected(
      (op) => op.createIndex('people', ['age', 'name'], { unique: true }),
      async (op) =>
        (await op.inspect.indexes('people')).map(({ name, unique, columns }) => `${name} ${unique} ${columns.join()}`),
      tells({
        sqlite: `SELECT i.name || iif(i."unique", ' true ', ' false ') || (SELECT group_concat(name) FROM pragma_index_info(i.name)) FROM pragma_index_list('people') AS i ORDER BY i.name`,
        postgresql: `SELECT relname || ' ' || indisunique || ' ' || (SELECT string_agg(attname, ',' ORDER BY attnum) FROM pg_attribute WHERE attrelid = indexrelid) FROM pg_index JOIN pg_class ON oid = indexrelid WHERE indrelid = 'people'::regclass ORDER BY 1`,
        mysql: `SELECT concat(index_name, if(max(non_unique), ' false ', ' true '), group_concat(column_name ORDER BY seq_in_index)) FROM information_schema.statistics WHERE table_schema = database() AND table_name = 'people' GROUP BY index_name ORDER BY 1`,
      }),
    ),
    rowCount: inspected(
      more,
      (op) => op.inspect.rowCount('people'),
      tells(everywhere('SELECT count(*) AS n FROM people')),
    ),
  },
};

function inspected(before: NonNullable<Case['before']>, call: Case['call'], on: Case['on']): Case {
  return { before, call, on };
}
