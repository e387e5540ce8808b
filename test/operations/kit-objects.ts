import type { DialectName } from '../../src/dialects/connection.ts';
import type { Operations } from '../../src/operations/operations.ts';
import {
  appears,
  goes,
  onlyPostgresql,
  plainlyOn,
  refused,
  stays,
  type Answer,
  type Case,
  type Kit,
} from './kit-case.ts';
import {
  described,
  enumOf,
  extension,
  materializedView,
  policy,
  routine,
  schema,
  sequence,
  trigger,
  view,
} from './kit-catalogue.ts';

const here = (sql: string): Answer => ({ kind: 'appears', sql });
const gone = (sql: string): Answer => ({ kind: 'goes', sql });
const still = (sql: string): Answer => ({ kind: 'stays', sql });

const dropFirst = 'Drop that first, and leave out "cascade".';
const names = 'SELECT name FROM people';
const viewed = (op: Operations): Promise<void> => op.createView('names', names);
const kept = (op: Operations): Promise<void> => op.createMaterializedView('names', names);
const noMaterialized = {
  sqlite: 'Keep a table and fill it: op.createTableAs.',
  mysql: 'Keep a table and fill it: op.createTableAs.',
};

export const viewKit: Kit<
  'createView' | 'dropView' | 'createMaterializedView' | 'refreshMaterializedView' | 'dropMaterializedView'
> = {
  createView: {
    plain: { call: viewed, on: appears(view('names')) },
    columns: {
      call: (op) => op.createView('names', names, { columns: ['called'] }),
      on: {
        sqlite: here(`SELECT 1 FROM pragma_table_info('names') WHERE name = 'called'`),
        postgresql: here(`SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass('names') AND attname = 'called'`),
        mysql: here(
          `SELECT 1 FROM information_schema.columns WHERE table_schema = database() AND table_name = 'names' AND column_name = 'called'`,
        ),
      },
    },
    orReplace: {
      before: viewed,
      call: (op) => op.createView('names', `${names} WHERE id > 5`, { orReplace: true }),
      on: appears(
        view('names', {
          sqlite: `sql LIKE '%id > 5%'`,
          postgresql: `pg_get_viewdef(oid) LIKE '%id > 5%'`,
          mysql: `view_definition LIKE '%> 5%'`,
        }),
      ),
    },
    ifNotExists: {
      before: viewed,
      call: (op) => op.createView('names', 'SELECT 1 AS other', { ifNotExists: true }),
      on: stays(
        view('names', {
          sqlite: `sql LIKE '%people%'`,
          postgresql: `pg_get_viewdef(oid) LIKE '%people%'`,
          mysql: `view_definition LIKE '%people%'`,
        }),
      ),
    },
  },
  dropView: {
    plain: { before: viewed, call: (op) => op.dropView('names'), on: goes(view('names')) },
    ifExists: {
      before: viewed,
      call: (op) => op.dropView('nothing', { ifExists: true }),
      on: stays(view('names')),
    },
    cascade: {
      before: async (op) => {
        await viewed(op);
        await op.createView('more', 'SELECT name FROM names');
      },
      call: (op) => op.dropView('names', { cascade: true }),
      on: onlyPostgresql(goes(view('more')).postgresql, { sqlite: dropFirst, mysql: dropFirst }),
    },
  },
  createMaterializedView: {
    plain: { call: kept, on: onlyPostgresql(here(materializedView('names', 'relispopulated')), noMaterialized) },
    columns: {
      call: (op) => op.createMaterializedView('names', names, { columns: ['called'] }),
      on: onlyPostgresql(
        here(`SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass('names') AND attname = 'called'`),
        noMaterialized,
      ),
    },
    ifNotExists: {
      before: kept,
      call: (op) => op.createMaterializedView('names', 'SELECT 1 AS other', { ifNotExists: true }),
      on: onlyPostgresql(still(materializedView('names', `pg_get_viewdef(oid) LIKE '%people%'`)), noMaterialized),
    },
    withData: {
      call: (op) => op.createMaterializedView('names', names, { withData: false }),
      on: onlyPostgresql(here(materializedView('names', 'NOT relispopulated')), noMaterialized),
    },
  },
  refreshMaterializedView: {
    plain: {
      before: (op) => op.createMaterializedView('names', names, { withData: false }),
      call: (op) => op.refreshMaterializedView('names'),
      on: onlyPostgresql(here(materializedView('names', 'relispopulated')), noMaterialized),
    },
    concurrently: {
      before: async (op) => {
        await kept(op);
        await op.createIndex('names', 'name', { unique: true });
        await op.execute(`UPDATE people SET name = 'Eve'`);
      },
      call: (op) => op.refreshMaterializedView('names', { concurrently: true }),
      on: onlyPostgresql(
        here(`SELECT 1 WHERE query_to_xml('SELECT name FROM names', false, true, '')::text LIKE '%Eve%'`),
        noMaterialized,
      ),
    },
    withData: {
      before: kept,
      call: (op) => op.refreshMaterializedView('names', { withData: false }),
      on: onlyPostgresql(here(materializedView('names', 'NOT relispopulated')), noMaterialized),
    },
  },
  dropMaterializedView: {
    plain: {
      before: kept,
      call: (op) => op.dropMaterializedView('names'),
      on: onlyPostgresql(gone(materializedView('names')), noMaterialized),
    },
    ifExists: {
      before: kept,
      call: (op) => op.dropMaterializedView('nothing', { ifExists: true }),
      on: onlyPostgresql(still(materializedView('names')), noMaterialized),
    },
    cascade: {
      before: async (op) => {
        await kept(op);
        await op.createView('more', 'SELECT name FROM names');
      },
      call: (op) => op.dropMaterializedView('names', { cascade: true }),
      on: onlyPostgresql(gone(view('more').postgresql), noMaterialized),
    },
  },
};

const noEnums = {
  sqlite: `Use a text with a check: t.enu('state', ['open', 'closed']).`,
  mysql: `An enum belongs to its column there: t.enu('state', ['open', 'closed']).`,
};
const moods = (op: Operations): Promise<void> => op.createEnum('mood', ['good', 'bad']);
const enumCase = (answer: Answer, call: Case['call'], before?: Case['before']): Case => ({
  ...(before === undefined ? {} : { before }),
  call,
  on: onlyPostgresql(answer, noEnums),
});
const noEnumChange = {
  ...noEnums,
  mysql: `Give the column its new values: op.alterColumn('…', '…', { type: "enum('open', 'closed')" }).`,
};
const changedEnum = (...given: Parameters<typeof enumCase>): Case => ({
  ...enumCase(...given),
  on: onlyPostgresql(given[0], noEnumChange),
});
const isType = `SELECT 1 FROM pg_type WHERE typname = 'mood'`;

export const enumKit: Kit<'createEnum' | 'addEnumValue' | 'renameEnumValue' | 'replaceEnumValues' | 'dropEnum'> = {
  createEnum: {
    plain: enumCase(here(enumOf('mood', 'good,bad')), moods),
    ifNotExists: enumCase(
      still(enumOf('mood', 'good,bad')),
      (op) => op.createEnum('mood', ['other'], { ifNotExists: true }),
      moods,
    ),
  },
  addEnumValue: {
    plain: changedEnum(here(enumOf('mood', 'good,bad,new')), (op) => op.addEnumValue('mood', 'new'), moods),
    before: changedEnum(
      here(enumOf('mood', 'good,new,bad')),
      (op) => op.addEnumValue('mood', 'new', { before: 'bad' }),
      moods,
    ),
    after: changedEnum(
      here(enumOf('mood', 'good,new,bad')),
      (op) => op.addEnumValue('mood', 'new', { after: 'good' }),
      moods,
    ),
    ifNotExists: changedEnum(
      still(enumOf('mood', 'good,bad')),
      (op) => op.addEnumValue('mood', 'bad', { ifNotExists: true }),
      moods,
    ),
  },
  renameEnumValue: {
    plain: changedEnum(here(enumOf('mood', 'good,worse')), (op) => op.renameEnumValue('mood', 'bad', 'worse'), moods),
  },
  replaceEnumValues: {
    plain: changedEnum(
      here(enumOf('mood', 'bad,good,odd')),
      (op) => op.replaceEnumValues('mood', ['bad', 'good', 'odd']),
      moods,
    ),
    mapping: changedEnum(
      here(`SELECT 1 FROM pg_attrdef WHERE pg_get_expr(adbin, adrelid) = '''fine''::mood'`),
      (op) => op.replaceEnumValues('mood', ['fine', 'bad'], { mapping: { good: 'fine' } }),
      async (op) => {
        await moods(op);
        await op.addColumn('people', (t) => t.specificType('mood', 'mood').defaultTo('good'));
      },
    ),
  },
  dropEnum: {
    plain: enumCase(gone(isType), (op) => op.dropEnum('mood'), moods),
    ifExists: enumCase(still(isType), (op) => op.dropEnum('nothing', { ifExists: true }), moods),
    cascade: enumCase(
      gone(`SELECT 1 FROM pg_attribute WHERE attrelid = 'people'::regclass AND attname = 'mood' AND NOT attisdropped`),
      (op) => op.dropEnum('mood', { cascade: true }),
      async (op) => {
        await moods(op);
        await op.addColumn('people', (t) => t.specificType('mood', 'mood'));
      },
    ),
  },
};

const noSequences = refused(`Number the rows with t.increments('id').`);
const counted = (op: Operations): Promise<void> => op.createSequence('counter', { start: 5, max: 50 });
const owned = { ownedBy: { table: 'people', column: 'id' } };
const ownedByPeople = here(
  `SELECT 1 FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = to_regclass('counter') AND refobjid = 'people'::regclass AND deptype = 'a'`,
);
type CreateSequence = NonNullable<Parameters<Operations['createSequence']>[1]>;

/** A sequence made with these options, in place of a plain one, has this in pg_sequence and in MariaDB's row of it. */
const created = (options: CreateSequence, postgresql: string, mysql: string): Case => ({
  before: (op) => op.createSequence('counter'),
  call: async (op) => {
    if (op.context.dialect !== 'sqlite') await op.dropSequence('counter');
    await op.createSequence('counter', options);
  },
  on: { sqlite: noSequences, ...appearsOnServers(postgresql, mysql) },
});
const holdsIn = (where: string): Answer => here(sequence('counter', { mysql: where }).mysql);
const altered = (call: Case['call'], postgresql: string, mysql: string): Case => ({
  before: counted,
  call,
  on: { sqlite: noSequences, ...appearsOnServers(postgresql, mysql) },
});
function appearsOnServers(postgresql: string, mysql: string): Record<Exclude<DialectName, 'sqlite'>, Answer> {
  return { postgresql: here(sequence('counter', { postgresql }).postgresql), mysql: holdsIn(mysql) };
}

export const sequenceKit: Kit<'createSequence' | 'alterSequence' | 'dropSequence'> = {
  createSequence: {
    plain: {
      call: (op) => op.createSequence('counter'),
      on: { ...appears(sequence('counter')), sqlite: noSequences },
    },
    start: created({ start: 5 }, 'seqstart = 5', 'start_value = 5'),
    increment: created({ increment: 3 }, 'seqincrement = 3', 'increment = 3'),
    min: created({ min: -7, start: 1 }, 'seqmin = -7', 'minimum_value = -7'),
    max: created({ max: 99n }, 'seqmax = 99', 'maximum_value = 99'),
    cache: created({ cache: 20 }, 'seqcache = 20', 'cache_size = 20'),
    cycle: created({ cycle: true }, 'seqcycle', 'cycle_option = 1'),
    type: {
      call: (op) => op.createSequence('counter', { type: 'smallint' }),
      on: {
        sqlite: noSequences,
        postgresql: here(sequence('counter', { postgresql: `seqtypid = 'smallint'::regtype` }).postgresql),
        mysql: refused('Leave out "type", and give "min" and "max".'),
      },
    },
    ownedBy: {
      call: (op) => op.createSequence('counter', owned),
      on: { sqlite: noSequences, postgresql: ownedByPeople, mysql: refused('Leave out "ownedBy".') },
    },
    ifNotExists: {
      before: counted,
      call: (op) => op.createSequence('counter', { ifNotExists: true }),
      on: {
        sqlite: noSequences,
        postgresql: still(sequence('counter', { postgresql: 'seqstart = 5' }).postgresql),
        mysql: still(sequence('counter', { mysql: 'start_value = 5' }).mysql),
      },
    },
  },
  alterSequence: {
    plain: altered((op) => op.alterSequence('counter', { increment: 2 }), 'seqincrement = 2', 'increment = 2'),
    restart: altered(
      (op) => op.alterSequence('counter', { restart: 9 }),
      `EXISTS (SELECT 1 FROM pg_sequences WHERE sequencename = 'counter' AND last_value IS NULL) AND nextval('counter') = 9`,
      'next_not_cached_value = 9',
    ),
    increment: altered((op) => op.alterSequence('counter', { increment: 3 }), 'seqincrement = 3', 'increment = 3'),
    min: altered((op) => op.alterSequence('counter', { min: -7 }), 'seqmin = -7', 'minimum_value = -7'),
    max: altered((op) => op.alterSequence('counter', { max: null }), 'seqmax > 99', 'maximum_value > 99'),
    cache: altered((op) => op.alterSequence('counter', { cache: 20 }), 'seqcache = 20', 'cache_size = 20'),
    cycle: altered((op) => op.alterSequence('counter', { cycle: true }), 'seqcycle', 'cycle_option = 1'),
    ownedBy: {
      before: counted,
      call: (op) => op.alterSequence('counter', owned),
      on: { sqlite: noSequences, postgresql: ownedByPeople, mysql: refused('Leave out "ownedBy".') },
    },
  },
  dropSequence: {
    plain: {
      before: counted,
      call: (op) => op.dropSequence('counter'),
      on: { ...goes(sequence('counter')), sqlite: noSequences },
    },
    ifExists: {
      before: counted,
      call: (op) => op.dropSequence('nothing', { ifExists: true }),
      on: { ...stays(sequence('counter')), sqlite: noSequences },
    },
    cascade: {
      before: async (op) => {
        await counted(op);
        if (op.context.dialect === 'mysql') return;
        await op.alterColumn('people', 'age', { default: { sql: `nextval('counter')` } });
      },
      call: (op) => op.dropSequence('counter', { cascade: true }),
      on: {
        sqlite: noSequences,
        postgresql: gone(`SELECT 1 FROM pg_attrdef WHERE pg_get_expr(adbin, adrelid) LIKE '%counter%'`),
        mysql: refused(dropFirst),
      },
    },
  },
};

/** On MySQL a schema is a database beside the test's own. */
const shop = `aludel_test_kit_${process.pid}`;
const noSchemas = refused('Every file is one; another one is attached with ATTACH DATABASE.');
const noExtensions = {
  sqlite: `Ask first: if (op.context.dialect === 'postgresql') …`,
  mysql: `Ask first: if (op.context.dialect === 'postgresql') …`,
};
const opened = (op: Operations): Promise<void> => op.createSchema(shop);
const closed = (op: Operations): Promise<void> => op.dropSchema(shop, { ifExists: true });
const extended = (op: Operations): Promise<void> => op.createExtension('citext');

export const schemaKit: Kit<'createSchema' | 'dropSchema' | 'createExtension' | 'dropExtension'> = {
  createSchema: {
    plain: { call: opened, after: closed, on: { ...appears(schema(shop)), sqlite: noSchemas } },
    ifNotExists: {
      before: opened,
      call: (op) => op.createSchema(shop, { ifNotExists: true }),
      after: closed,
      on: { ...stays(schema(shop)), sqlite: noSchemas },
    },
    owner: {
      call: (op) => op.createSchema(shop, { owner: 'pg_monitor' }),
      on: {
        sqlite: noSchemas,
        postgresql: here(`${schema(shop).postgresql} AND nspowner = 'pg_monitor'::regrole`),
        mysql: refused('Leave out "owner".'),
      },
    },
  },
  dropSchema: {
    plain: { before: opened, call: (op) => op.dropSchema(shop), on: { ...goes(schema(shop)), sqlite: noSchemas } },
    ifExists: {
      before: opened,
      call: (op) => op.dropSchema(`${shop}_2`, { ifExists: true }),
      after: closed,
      on: { ...stays(schema(shop)), sqlite: noSchemas },
    },
    cascade: {
      before: async (op) => {
        await opened(op);
        await op.createTable('goods', (t) => t.integer('id'), { schema: shop });
      },
      call: (op) => op.dropSchema(shop, { cascade: true }),
      on: { ...plainlyOn(['mysql'], 'dropsContents', goes(schema(shop))), sqlite: noSchemas },
    },
  },
  createExtension: {
    plain: { call: extended, on: onlyPostgresql(here(extension('citext')), noExtensions) },
    ifNotExists: {
      before: extended,
      call: (op) => op.createExtension('citext', { ifNotExists: true }),
      on: onlyPostgresql(still(extension('citext')), noExtensions),
    },
    version: {
      call: (op) => op.createExtension('citext', { version: '1.6' }),
      on: onlyPostgresql(here(extension('citext', `extversion = '1.6'`)), noExtensions),
    },
  },
  dropExtension: {
    plain: {
      before: extended,
      call: (op) => op.dropExtension('citext'),
      on: onlyPostgresql(gone(extension('citext')), noExtensions),
    },
    ifExists: {
      before: extended,
      call: (op) => op.dropExtension('nothing', { ifExists: true }),
      on: onlyPostgresql(still(extension('citext')), noExtensions),
    },
    cascade: {
      before: async (op) => {
        await extended(op);
        await op.addColumn('people', (t) => t.specificType('tag', 'citext'));
      },
      call: (op) => op.dropExtension('citext', { cascade: true }),
      on: onlyPostgresql(
        gone(`SELECT 1 FROM pg_attribute WHERE attrelid = 'people'::regclass AND attname = 'tag' AND NOT attisdropped`),
        noExtensions,
      ),
    },
  },
};

const noRoutines = refused('Put the work into a trigger or a view.');
const functionOf = (op: Operations, value = '1'): string =>
  ({
    postgresql: `RETURNS integer LANGUAGE sql AS $$ SELECT ${value} $$`,
    mysql: `RETURNS int DETERMINISTIC RETURN ${value}`,
    sqlite: `RETURN ${value}`,
  })[op.context.dialect];
const procedureOf = (op: Operations, value = '1'): string =>
  ({
    postgresql: `LANGUAGE sql AS $$ UPDATE people SET age = ${value} $$`,
    mysql: `UPDATE people SET age = ${value}`,
    sqlite: `UPDATE people SET age = ${value}`,
  })[op.context.dialect];
const withFunction = (op: Operations): Promise<void> => op.createFunction('one', functionOf(op));
const withProcedure = (op: Operations): Promise<void> => op.createProcedure('one', procedureOf(op));
const one = routine('one');
const parameters = {
  postgresql: 'pronargs = 1',
  mysql: `EXISTS (SELECT 1 FROM information_schema.parameters AS p WHERE p.specific_schema = database() AND p.specific_name = 'one' AND p.parameter_name = 'a')`,
};
const replaced = { postgresql: `prosrc LIKE '%42%'`, mysql: `routine_definition LIKE '%42%'` };
/** A view depends on the function that it calls. */
const usedFunction = async (op: Operations): Promise<void> => {
  await withFunction(op);
  await op.createView('uses', 'SELECT one() AS one');
};

const triggerOf = (op: Operations): string =>
  ({
    postgresql: 'EXECUTE FUNCTION suppress_redundant_updates_trigger()',
    mysql: 'SET NEW.age = 1',
    sqlite: `BEGIN SELECT raise(IGNORE); END`,
  })[op.context.dialect];
const plainTrigger = (op: Operations): { timing: 'before'; events: string[]; body: string } => ({
  timing: 'before',
  events: ['update'],
  body: triggerOf(op),
});
const watched = (op: Operations): Promise<void> => op.createTrigger('watch', 'people', plainTrigger(op));
const watch = trigger('watch');
const laterOf = (op: Operations): string => (op.context.dialect === 'mysql' ? 'SET @watched = NEW.age' : triggerOf(op));
const afterwards = trigger('watch', {
  sqlite: `sql LIKE '% AFTER %'`,
  postgresql: 'tgtype & 2 = 0',
  mysql: `action_timing = 'AFTER'`,
});

export const routineKit: Kit<
  'createFunction' | 'dropFunction' | 'createProcedure' | 'dropProcedure' | 'createTrigger' | 'dropTrigger'
> = {
  createFunction: {
    plain: { call: withFunction, on: { ...appears(one), sqlite: noRoutines } },
    parameters: {
      call: (op) => op.createFunction('one', functionOf(op), { parameters: 'a int' }),
      on: { ...appears(routine('one', parameters)), sqlite: noRoutines },
    },
    orReplace: {
      before: withFunction,
      call: (op) => op.createFunction('one', functionOf(op, '42'), { orReplace: true }),
      on: { ...appears(routine('one', replaced)), sqlite: noRoutines },
    },
  },
  dropFunction: {
    plain: { before: withFunction, call: (op) => op.dropFunction('one'), on: { ...goes(one), sqlite: noRoutines } },
    parameters: {
      before: (op) => op.createFunction('one', functionOf(op), { parameters: 'a int' }),
      call: (op) => op.dropFunction('one', { parameters: 'integer' }),
      on: { ...plainlyOn(['mysql'], 'nameTells', goes(one)), sqlite: noRoutines },
    },
    ifExists: {
      before: withFunction,
      call: (op) => op.dropFunction('nothing', { ifExists: true }),
      on: { ...stays(one), sqlite: noRoutines },
    },
    cascade: {
      before: usedFunction,
      call: (op) => op.dropFunction('one', { cascade: true }),
      on: { sqlite: noRoutines, postgresql: gone(view('uses').postgresql), mysql: refused(dropFirst) },
    },
  },
  createProcedure: {
    plain: { call: withProcedure, on: { ...appears(one), sqlite: noRoutines } },
    parameters: {
      call: (op) => op.createProcedure('one', procedureOf(op), { parameters: 'a int' }),
      on: { ...appears(routine('one', parameters)), sqlite: noRoutines },
    },
    orReplace: {
      before: withProcedure,
      call: (op) => op.createProcedure('one', procedureOf(op, '42'), { orReplace: true }),
      on: { ...appears(routine('one', replaced)), sqlite: noRoutines },
    },
  },
  dropProcedure: {
    plain: { before: withProcedure, call: (op) => op.dropProcedure('one'), on: { ...goes(one), sqlite: noRoutines } },
    parameters: {
      before: (op) => op.createProcedure('one', procedureOf(op), { parameters: 'a int' }),
      call: (op) => op.dropProcedure('one', { parameters: 'integer' }),
      on: { ...plainlyOn(['mysql'], 'nameTells', goes(one)), sqlite: noRoutines },
    },
    ifExists: {
      before: withProcedure,
      call: (op) => op.dropProcedure('nothing', { ifExists: true }),
      on: { ...stays(one), sqlite: noRoutines },
    },
    cascade: {
      before: withProcedure,
      call: (op) => op.dropProcedure('one', { cascade: true }),
      on: { sqlite: noRoutines, postgresql: gone(one.postgresql), mysql: refused(dropFirst) },
    },
  },
  createTrigger: {
    plain: { call: watched, on: appears(watch) },
    timing: {
      call: (op) => op.createTrigger('watch', 'people', { ...plainTrigger(op), timing: 'after', body: laterOf(op) }),
      on: appears(afterwards),
    },
    events: {
      call: (op) => op.createTrigger('watch', 'people', { ...plainTrigger(op), events: ['update of name, age'] }),
      on: {
        ...appears(trigger('watch', { sqlite: `sql LIKE '%UPDATE OF "name", "age"%'`, postgresql: `tgattr = '2 3'` })),
        mysql: refused('Create one trigger for each event.'),
      },
    },
    forEach: {
      call: async (op) => {
        if (op.context.dialect === 'postgresql') {
          await op.createFunction('noted', 'RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$');
        }
        const body = 'EXECUTE FUNCTION noted()';
        await op.createTrigger('watch', 'people', { ...plainTrigger(op), forEach: 'statement', body });
      },
      on: onlyPostgresql(here(trigger('watch', { postgresql: 'tgtype & 1 = 0' }).postgresql), {
        sqlite: 'Leave out "forEach".',
        mysql: 'Leave out "forEach".',
      }),
    },
    when: {
      call: (op) => op.createTrigger('watch', 'people', { ...plainTrigger(op), when: 'OLD.id = 1' }),
      on: {
        ...appears(trigger('watch', { sqlite: `sql LIKE '%WHEN (OLD.id = 1)%'`, postgresql: 'tgqual IS NOT NULL' })),
        mysql: refused('Begin its body with IF … THEN.'),
      },
    },
    orReplace: {
      before: watched,
      call: (op) =>
        op.createTrigger('watch', 'people', {
          ...plainTrigger(op),
          timing: 'after',
          body: laterOf(op),
          orReplace: true,
        }),
      on: appears(afterwards),
    },
  },
  dropTrigger: {
    plain: {
      before: watched,
      call: (op) => op.dropTrigger('watch'),
      on: { ...goes(watch), postgresql: refused(`Write op.dropTrigger('…', { table: '…' }).`) },
    },
    table: {
      before: watched,
      call: (op) => op.dropTrigger('watch', { table: 'people' }),
      on: plainlyOn(['sqlite', 'mysql'], 'nameTells', goes(watch)),
    },
    ifExists: {
      before: watched,
      call: (op) => op.dropTrigger('nothing', { table: 'people', ifExists: true }),
      on: stays(watch),
    },
  },
};

const noUsers = `Ask first: if (op.context.dialect !== 'sqlite') …`;
const noRowSecurity = { sqlite: noUsers, mysql: 'Give each role a view of its rows, and no right on the table.' };
const onPeople = { kind: 'table', name: 'people' } as const;
const everybody = (op: Operations): string[] => [op.context.dialect === 'mysql' ? 'root@localhost' : 'public'];
const withdraw: Case['after'] = async (op) => {
  if (op.context.dialect === 'mysql') await op.revoke(['select', 'grant option'], onPeople, everybody(op));
};
const granted = (op: Operations): Promise<void> => op.grant(['select'], onPeople, everybody(op));
const mayOnMysql = (and: string): string =>
  `SELECT 1 FROM information_schema.table_privileges WHERE table_schema = database() AND table_name = 'people' AND grantee = '''root''@''localhost''' AND ${and}`;
const may = (grantee: string, and: string): string =>
  `SELECT 1 FROM pg_class, aclexplode(relacl) AS a WHERE pg_class.oid = to_regclass('people') AND a.grantee = ${grantee} AND ${and}`;
const canSelect = may('0', `a.privilege_type = 'SELECT'`);
const policed = (op: Operations): Promise<void> => op.createPolicy('own', 'people', { using: 'id = 1' });
const policyCase = (options: Parameters<Operations['createPolicy']>[2], and: string): Case => ({
  call: (op) => op.createPolicy('own', 'people', options),
  on: onlyPostgresql(here(policy(and)), noRowSecurity),
});
const secured = (and: string): string => `SELECT 1 FROM pg_class WHERE oid = to_regclass('people') AND ${and}`;

export const accessKit: Kit<'grant' | 'revoke' | 'createPolicy' | 'dropPolicy' | 'setRowSecurity'> = {
  grant: {
    plain: {
      call: granted,
      after: withdraw,
      on: {
        sqlite: refused(noUsers),
        postgresql: here(canSelect),
        mysql: here(mayOnMysql(`privilege_type = 'SELECT'`)),
      },
    },
    columns: {
      call: (op) => op.grant([{ privilege: 'update', columns: ['age'] }], onPeople, everybody(op)),
      after: async (op) => {
        if (op.context.dialect === 'mysql') {
          await op.revoke([{ privilege: 'update', columns: ['age'] }], onPeople, everybody(op));
        }
      },
      on: {
        sqlite: refused(noUsers),
        postgresql: here(
          `SELECT 1 FROM pg_attribute, aclexplode(attacl) AS a WHERE attrelid = to_regclass('people') AND attname = 'age' AND a.privilege_type = 'UPDATE'`,
        ),
        mysql: here(
          `SELECT 1 FROM information_schema.column_privileges WHERE table_schema = database() AND table_name = 'people' AND column_name = 'age' AND privilege_type = 'UPDATE'`,
        ),
      },
    },
    withGrantOption: {
      call: (op) =>
        op.grant(['select'], onPeople, op.context.dialect === 'mysql' ? everybody(op) : ['pg_monitor'], {
          withGrantOption: true,
        }),
      after: withdraw,
      on: {
        sqlite: refused(noUsers),
        postgresql: here(may(`'pg_monitor'::regrole`, `a.privilege_type = 'SELECT' AND a.is_grantable`)),
        mysql: here(mayOnMysql(`privilege_type = 'SELECT' AND is_grantable = 'YES'`)),
      },
    },
  },
  revoke: {
    plain: {
      before: granted,
      call: (op) => op.revoke(['select'], onPeople, everybody(op)),
      on: {
        sqlite: refused(noUsers),
        postgresql: gone(canSelect),
        mysql: gone(mayOnMysql(`privilege_type = 'SELECT'`)),
      },
    },
  },
  createPolicy: {
    plain: { call: policed, on: onlyPostgresql(here(policy('polpermissive')), noRowSecurity) },
    as: policyCase({ as: 'restrictive', using: 'id = 1' }, 'NOT polpermissive'),
    for: policyCase({ for: 'select', using: 'id = 1' }, `polcmd = 'r'`),
    to: policyCase({ to: ['pg_monitor'], using: 'id = 1' }, `polroles = ARRAY['pg_monitor'::regrole::oid]`),
    using: policyCase({ using: 'id = 1' }, `pg_get_expr(polqual, polrelid) = '(id = 1)'`),
    withCheck: policyCase({ withCheck: 'id = 1' }, `pg_get_expr(polwithcheck, polrelid) = '(id = 1)'`),
    orReplace: {
      before: policed,
      call: (op) => op.createPolicy('own', 'people', { using: 'id = 2', orReplace: true }),
      on: onlyPostgresql(here(policy(`pg_get_expr(polqual, polrelid) = '(id = 2)'`)), noRowSecurity),
    },
  },
  dropPolicy: {
    plain: {
      before: policed,
      call: (op) => op.dropPolicy('own', 'people'),
      on: onlyPostgresql(gone(policy()), noRowSecurity),
    },
    ifExists: {
      before: policed,
      call: (op) => op.dropPolicy('nothing', 'people', { ifExists: true }),
      on: onlyPostgresql(still(policy()), noRowSecurity),
    },
  },
  setRowSecurity: {
    plain: {
      call: (op) => op.setRowSecurity('people', { enabled: true, forced: true }),
      on: onlyPostgresql(here(secured('relrowsecurity AND relforcerowsecurity')), noRowSecurity),
    },
    enabled: {
      before: (op) => op.setRowSecurity('people', { enabled: true }),
      call: (op) => op.setRowSecurity('people', { enabled: false }),
      on: onlyPostgresql(gone(secured('relrowsecurity')), noRowSecurity),
    },
    forced: {
      call: (op) => op.setRowSecurity('people', { forced: true }),
      on: onlyPostgresql(here(secured('relforcerowsecurity')), noRowSecurity),
    },
  },
};

const commentCase = (
  on: Parameters<Operations['setComment']>[0],
  [objectClass, name]: readonly [string, string],
  before?: Case['before'],
): Case => ({
  ...(before === undefined ? {} : { before }),
  call: (op) => op.setComment(on, 'why'),
  on: onlyPostgresql(here(described(objectClass, name)), { sqlite: noUsers, mysql: 'Comment on the table.' }),
});
const relation = (name: string): readonly [string, string] => ['pg_class', `to_regclass('${name}')`];

export const commentKit: Kit<'setComment'> = {
  setComment: {
    table: {
      ...commentCase(onPeople, relation('people')),
      on: {
        sqlite: refused(noUsers),
        postgresql: here(described(...relation('people'))),
        mysql: here(
          `SELECT 1 FROM information_schema.tables WHERE table_schema = database() AND table_name = 'people' AND table_comment = 'why'`,
        ),
      },
    },
    column: {
      ...commentCase({ kind: 'column', table: 'people', name: 'age' }, relation('people')),
      on: {
        sqlite: refused(noUsers),
        postgresql: here(`${described(...relation('people'))} AND objsubid = 3`),
        mysql: here(
          `SELECT 1 FROM information_schema.columns WHERE table_schema = database() AND table_name = 'people' AND column_comment = 'why'`,
        ),
      },
    },
    constraint: commentCase(
      { kind: 'constraint', table: 'people', name: 'adult' },
      ['pg_constraint', `SELECT oid FROM pg_constraint WHERE conname = 'adult'`],
      (op) => op.addConstraint('people', { kind: 'check', name: 'adult', expression: 'age > 17' }),
    ),
    trigger: commentCase(
      { kind: 'trigger', table: 'people', name: 'watch' },
      ['pg_trigger', `SELECT oid FROM pg_trigger WHERE tgname = 'watch'`],
      watched,
    ),
    policy: commentCase(
      { kind: 'policy', table: 'people', name: 'own' },
      ['pg_policy', `SELECT oid FROM pg_policy WHERE polname = 'own'`],
      policed,
    ),
    view: commentCase({ kind: 'view', name: 'names' }, relation('names'), viewed),
    materializedView: commentCase({ kind: 'materializedView', name: 'names' }, relation('names'), kept),
    index: commentCase({ kind: 'index', name: 'people_age_index' }, relation('people_age_index'), (op) =>
      op.createIndex('people', ['age']),
    ),
    sequence: commentCase({ kind: 'sequence', name: 'counter' }, relation('counter'), counted),
    type: commentCase(
      { kind: 'type', name: 'mood' },
      ['pg_type', `SELECT oid FROM pg_type WHERE typname = 'mood'`],
      moods,
    ),
    schema: commentCase(
      { kind: 'schema', name: shop },
      ['pg_namespace', `SELECT oid FROM pg_namespace WHERE nspname = '${shop}'`],
      opened,
    ),
    extension: commentCase(
      { kind: 'extension', name: 'citext' },
      ['pg_extension', `SELECT oid FROM pg_extension WHERE extname = 'citext'`],
      extended,
    ),
  },
};
