import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { DialectName } from '../../src/dialects/connection.ts';
import { messageOf } from '../../src/support/aludel-error.ts';
import { describeOnEveryDialect } from '../servers.ts';
import { liveOperations, type LiveOperations } from './live-operations.ts';

/** Names and values that every database takes, and every operation must. */
const possible = [
  `a"b`,
  `it's`,
  'a;b',
  '--',
  '/*',
  'a%b',
  'a?b',
  '??',
  '$1',
  ':x',
  'a\\b',
  'a\\',
  'é',
  'select',
  `"; DROP TABLE victim; --`,
];
/** What some database, or knex, cannot take for a name. */
const perhaps = [
  'a`b',
  'a.b',
  'a as b',
  ' a',
  'a ',
  '*',
  '😀',
  'x'.repeat(63),
  'x'.repeat(64),
  'x'.repeat(65),
  '\u0000',
  '',
  `'); DROP TABLE victim; --`,
];

const pieces = [
  ...Array.from(`'"\`;-%?$:\\/*.@#()[]{}, \n\t`),
  'a',
  '1',
  'é',
  '😀',
  ' as ',
  '--',
  '$$',
  '??',
  "''",
  'NULL',
  'E',
];
const hostileText = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 8 }).map((parts) => parts.join(''));

interface Trial {
  /** Made from this first, in plain SQL. */
  readonly before?: string;
  readonly run: (live: LiveOperations, text: string) => Promise<void>;
  /** What is there now, as read from the catalogue or the rows: it must be the text. */
  readonly read: (live: LiveOperations, text: string) => Promise<unknown>;
  /** The dialects that have it; all unless given. */
  readonly on?: readonly DialectName[];
  /** knex refuses names that others could take. */
  readonly byKnex?: boolean;
}

const plain = 'CREATE TABLE plain (a int, b varchar(200))';
const first = async (live: LiveOperations, sql: string): Promise<unknown> =>
  Object.values((await live.query(sql))[0] ?? {})[0];
const named = (has: Promise<boolean>, text: string): Promise<unknown> => has.then((found) => (found ? text : null));

const trials: Readonly<Record<string, Trial>> = {
  'a table and its column': {
    byKnex: true,
    run: ({ op }, text) => op.createTable(text, (t) => t.integer(text)),
    read: async ({ op }, text) => (await op.inspect.columns(text))[0]?.name,
  },
  'a table from a query': {
    run: ({ op }, text) => op.createTableAs(text, 'SELECT 1 AS one'),
    read: async ({ op }, text) => (await op.inspect.tables()).find((name) => name === text),
  },
  'the new name of a table': {
    before: plain,
    run: ({ op }, text) => op.renameTable('plain', text),
    read: async ({ op }, text) => (await op.inspect.tables()).find((name) => name === text),
  },
  'a column': {
    before: plain,
    byKnex: true,
    run: ({ op }, text) => op.addColumn('plain', (t) => t.string(text)),
    read: async ({ op }) => (await op.inspect.columns('plain'))[2]?.name,
  },
  'the new name of a column, which is then altered and dropped': {
    before: plain,
    run: async ({ op }, text) => {
      await op.renameColumn('plain', 'b', text);
      expect(await op.inspect.hasColumn('plain', text)).toBe(true);
      await op.alterColumn('plain', text, { nullable: false });
      await op.dropColumn('plain', text);
      await op.dropColumn('plain', text, { ifExists: true });
    },
    read: async ({ op }, text) => ((await op.inspect.columns('plain')).length === 1 ? text : null),
  },
  'an index': {
    before: plain,
    run: async ({ op }, text) => {
      await op.createIndex('plain', ['a'], { name: text });
      await op.createIndex('plain', ['a'], { name: text, ifNotExists: true });
    },
    read: async ({ op }) => (await op.inspect.indexes('plain'))[0]?.name,
  },
  'the new name of an index, which is then dropped': {
    before: plain,
    run: async ({ op }, text) => {
      await op.createIndex('plain', ['a'], { name: 'i' });
      await op.renameIndex('i', text, { table: 'plain' });
      expect((await op.inspect.indexes('plain')).map(({ name }) => name)).toEqual([text]);
      await op.dropIndex(text, { table: 'plain' });
    },
    read: async ({ op }, text) => ((await op.inspect.indexes('plain')).length === 0 ? text : null),
  },
  'a unique constraint, which is then dropped': {
    before: plain,
    run: async ({ op }, text) => {
      await op.addConstraint('plain', { kind: 'unique', name: text, columns: ['a'] });
      expect(await op.inspect.hasConstraint('plain', text)).toBe(true);
      await op.dropConstraint('plain', text);
    },
    read: async ({ op }, text) =>
      named(
        op.inspect.hasConstraint('plain', text).then((found) => !found),
        text,
      ),
  },
  'a check': {
    before: plain,
    run: ({ op }, text) => op.addConstraint('plain', { kind: 'check', name: text, expression: 'a > 0' }),
    read: ({ op }, text) => named(op.inspect.hasConstraint('plain', text), text),
  },
  'a view': {
    before: plain,
    run: ({ op }, text) => op.createView(text, 'SELECT a FROM plain', { columns: [text], orReplace: true }),
    read: ({ op }, text) => named(op.inspect.hasView(text), text),
  },
  'a trigger': {
    before: plain,
    run: ({ op }, text) => {
      const body = {
        sqlite: 'BEGIN SELECT 1; END',
        postgresql: 'EXECUTE FUNCTION suppress_redundant_updates_trigger()',
        mysql: 'SET NEW.a = 1',
      }[op.context.dialect];
      return op.createTrigger(text, 'plain', { timing: 'before', events: ['update'], body, orReplace: true });
    },
    read: ({ op }, text) => named(op.inspect.hasTrigger('plain', text), text),
  },
  'a function': {
    on: ['postgresql', 'mysql'],
    run: ({ op }, text) =>
      op.createFunction(
        text,
        op.context.dialect === 'mysql' ? 'RETURNS int RETURN 1' : 'RETURNS int LANGUAGE sql RETURN 1',
        {
          orReplace: true,
        },
      ),
    read: (live) =>
      first(
        live,
        live.op.context.dialect === 'mysql'
          ? 'SELECT routine_name FROM information_schema.routines WHERE routine_schema = DATABASE()'
          : `SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace`,
      ),
  },
  'a sequence': {
    on: ['postgresql', 'mysql'],
    run: ({ op }, text) => op.createSequence(text),
    read: ({ op }, text) => named(op.inspect.hasSequence(text), text),
  },
  'an enum and its values': {
    on: ['postgresql'],
    run: async ({ op }, text) => {
      await op.createEnum(text, ['one']);
      await op.addEnumValue(text, text, { before: 'one' });
      await op.replaceEnumValues(text, [text, 'two'], { mapping: { one: 'two' } });
    },
    read: (live) => first(live, 'SELECT enumlabel FROM pg_enum ORDER BY enumsortorder'),
  },
  'a schema with a table': {
    on: ['postgresql'],
    run: async ({ op }, text) => {
      await op.createSchema(text);
      await op.createTableAs('inside', 'SELECT 1 AS one', { schema: text });
    },
    read: ({ op }, text) => named(op.inspect.hasTable('inside', { schema: text }), text),
  },
  'a policy': {
    on: ['postgresql'],
    before: plain,
    run: ({ op }, text) => op.createPolicy(text, 'plain', { using: 'true', orReplace: true }),
    read: (live) => first(live, 'SELECT polname FROM pg_policy'),
  },
  'a value in a row': {
    before: plain,
    run: ({ op }, text) => op.bulkInsert('plain', [{ b: text }]),
    read: (live) => first(live, 'SELECT b FROM plain'),
  },
  'a default of an altered column': {
    before: plain,
    run: ({ op }, text) => op.alterColumn('plain', 'b', { default: text }),
    read: async (live) => {
      await live.query('INSERT INTO plain (a) VALUES (1)');
      return await first(live, 'SELECT b FROM plain');
    },
  },
  'defaults and enum values of a new table': {
    run: ({ op }, text) =>
      op.createTable('fresh', (t) => {
        t.integer('a');
        t.string('b', 200).defaultTo(text);
        t.text('c').defaultTo(text);
        t.enu('d', [text, 'x']).defaultTo(text);
      }),
    read: async (live, text) => {
      await live.query('INSERT INTO fresh (a) VALUES (1)');
      const [row] = await live.query('SELECT b, c, d FROM fresh');
      return Object.values(row ?? {}).every((value) => value === text) ? text : row;
    },
  },
  'comments on a new table and its column': {
    on: ['postgresql', 'mysql'],
    run: ({ op }, text) =>
      op.createTable('fresh', (t) => {
        t.integer('a').comment(text);
        t.comment(text);
      }),
    read: async (live) => {
      const sql =
        live.op.context.dialect === 'mysql'
          ? `SELECT column_comment, table_comment FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name) WHERE table_schema = DATABASE() AND table_name = 'fresh'`
          : `SELECT col_description('fresh'::regclass, 1) AS a, obj_description('fresh'::regclass) AS b`;
      const [row] = await live.query(sql);
      const [column, table] = Object.values(row ?? {});
      // PostgreSQL takes an empty comment for none.
      return column === table ? (table ?? '') : row;
    },
  },
  'comments set later': {
    on: ['postgresql', 'mysql'],
    before: plain,
    run: async ({ op }, text) => {
      await op.setComment({ kind: 'table', name: 'plain' }, text);
      await op.setComment({ kind: 'column', table: 'plain', name: 'b' }, text);
    },
    read: async (live) =>
      (await first(
        live,
        live.op.context.dialect === 'mysql'
          ? `SELECT column_comment FROM information_schema.columns WHERE table_schema = DATABASE() AND column_name = 'b'`
          : `SELECT col_description('plain'::regclass, 2)`,
      )) ?? '',
  },
};

await describeOnEveryDialect('no operation lets a name or value out of its quotes', (dialect) => {
  for (const [what, trial] of Object.entries(trials)) {
    if (trial.on !== undefined && !trial.on.includes(dialect)) continue;
    it(`as ${what}`, async () => {
      const live = await liveOperations(dialect);
      for (const text of possible) expect([text, await outcome(live, trial, text)]).toEqual([text, 'correct']);
      for (const text of perhaps) await outcome(live, trial, text);
      await fc.assert(
        fc.asyncProperty(hostileText, async (text) => void (await outcome(live, trial, text))),
        { numRuns: 25 },
      );
    });
  }
});

/** Throws when the operation did something else than was asked. */
async function outcome(live: LiveOperations, trial: Trial, text: string): Promise<string> {
  await live.reset();
  await live.query('CREATE TABLE victim (id int)');
  await live.query('INSERT INTO victim VALUES (1)');
  if (trial.before !== undefined) await live.query(trial.before);
  let refusal: string | null = null;
  try {
    await trial.run(live, text);
  } catch (error) {
    refusal = messageOf(error);
  }
  expect(await live.query('SELECT id FROM victim')).toEqual([{ id: 1 }]);
  if (refusal !== null) return `refused: ${refusal}`;
  expect(await trial.read(live, text)).toBe(text);
  return 'correct';
}
