import { afterAll, beforeAll, expect, it } from 'vitest';
import { upgrade } from '../../src/commands/upgrade.ts';
import type { DialectName } from '../../src/dialects/connection.ts';
import type { Operation } from '../../src/operations/operation.ts';
import { isAludelError } from '../../src/support/aludel-error.ts';
import { liveProject, revisionSource } from '../commands/live-project.ts';
import { describeOnEveryDialect } from '../servers.ts';
import { prepare } from './kit-case.ts';
import { kitRows, type KitRow } from './kit.ts';
import { openOperations, type LiveOperations } from './live-operations.ts';

/*
 * The whole kit once more, with names in the place of its plain ones that end whatever is not quoted.
 */

/** Every name that the kit gives; values of enums, roles, kinds and the like are none. */
const names = new Set(
  (
    'people teams pets names humans id name age years size city twice called more uses counter watch own one noted ' +
    'adult grown_up one_name one_age low ids by_age other numbered n tag nothing head goods people_age_index ' +
    'people_age_unique people_name_unique people_name_index people_age_foreign people_pkey by_name'
  ).split(' '),
);

/** Quotes of all kinds, ends of statements, comments, what drivers and knex take for placeholders, letters of all sorts. */
const everything = `'"\`;--%?$1:x\\/*é*/`;
const tables = new Set(['teams', 'people', 'pets', 'humans', 'numbered', 'goods']);
const tooLong = /too long|Incorrect table name|\d+ bytes\) cannot be a name/;
const lengths = [63, 64, 65] as const;

interface Renaming {
  readonly name: (plain: string) => string;
  /** Names among other words, without quotes. */
  readonly words: (text: string) => string;
  /** The same in SQL, where names are quoted; null where they are part of a literal. */
  readonly sql: (text: string) => string;
}

function renaming(dialect: DialectName, nameOf: (plain: string) => string): Renaming {
  const mark = dialect === 'mysql' ? '`' : '"';
  const quoted = (plain: string): string => mark + nameOf(plain).replaceAll(mark, mark + mark) + mark;
  return {
    name: (plain) => (names.has(plain) ? nameOf(plain) : plain),
    words: (text) => text.replaceAll(/\b[a-z_]+\b/g, (word) => (names.has(word) ? nameOf(word) : word)),
    sql: (text) => text.replaceAll(/\b[a-z_]+\b/g, (word) => (names.has(word) ? quoted(word) : word)),
  };
}

/** Fields of records that hold SQL. */
const sqlFields = new Set(['query', 'expression', 'where', 'using', 'withCheck', 'when', 'body', 'definition', 'sql']);

/** The value with other names in it; what knex's builder is told is renamed as it is told. */
function renamed<T>(value: T, by: Renaming, field = ''): T {
  const again = (item: unknown, key: string): unknown => {
    if (typeof item === 'string')
      return sqlFields.has(key) ? by.sql(item) : key === 'events' ? by.words(item) : by.name(item);
    if (typeof item === 'function')
      return (table: object) => (item as (t: object) => unknown)(renamedBuilder(table, by));
    if (Array.isArray(item)) return item.map((one: unknown) => again(one, key));
    if (typeof item !== 'object' || item === null) return item;
    return Object.fromEntries(
      Object.entries(item).map(([key2, one]) => [key === 'rows' ? by.name(key2) : key2, again(one, key2)]),
    );
  };
  return again(value, field) as T;
}

function renamedBuilder(table: object, by: Renaming): object {
  return new Proxy(table, {
    get(target, key) {
      const member = Reflect.get(target, key) as unknown;
      if (typeof member !== 'function') return member;
      return (...args: readonly unknown[]) => {
        const answer = (member as (...all: readonly unknown[]) => unknown).apply(
          target,
          args.map((arg, at) => (key === 'specificType' && at > 0 ? by.sql(String(arg)) : renamed(arg, by))),
        );
        return typeof answer === 'object' && answer !== null ? renamedBuilder(answer, by) : answer;
      };
    },
  });
}

const rows = kitRows.filter(
  ({ operation, row, test }) =>
    test.inRun !== true &&
    !['knex', 'context', 'autocommit'].includes(operation) &&
    // The name stands inside a literal of its SQL.
    !(operation === 'dropSequence' && row === 'cascade') &&
    // knex makes a name of three there, longer than any may be.
    !(operation === 'dropIndex' && row === 'cascade'),
);

await describeOnEveryDialect('with names that end whatever is not quoted', (dialect) => {
  let live: LiveOperations;
  beforeAll(async () => {
    live = await openOperations(dialect);
  });
  afterAll(() => live.close());

  it.each(rows.map((row, at) => [`${row.operation} ${row.row}`, row, at] as const))(
    '%s is carried out or refused',
    async (_, row, at) => {
      if (row.test.on[dialect].kind === 'refused') return;
      const length = lengths[at % lengths.length] ?? 63;
      expect(await outcomeOf(row, (plain) => `${plain} ${everything}`)).toBe('carried out');
      // The name of a primary key is that of its table and five letters.
      const lengthOf = (plain: string): number => (tables.has(plain) ? length - 5 : length);
      const found = await outcomeOf(row, (plain) => plain.padEnd(lengthOf(plain), 'x'));
      if (length === 63 || dialect === 'sqlite' || (length === 64 && dialect === 'mysql')) {
        expect(found).toBe('carried out');
      } else if (found !== 'carried out') expect(found).toMatch(tooLong);
    },
  );

  it('a backfill changes every row once', async () => {
    const [table, key, column] = ['t', 'k', 'c'].map((plain) => JSON.stringify(`${plain} ${everything}`));
    const project = await liveProject(dialect, {
      'a.mjs': revisionSource(
        'a',
        null,
        `await op.createTable(${table}, (t) => { t.string(${key}, 50).primary(); t.string(${column}, 50); });
         await op.bulkInsert(${table}, ['a', 'b', 'c'].map((id) => ({ [${key}]: id + ${key}, [${column}]: 'x' })));
         await op.backfill({ table: ${table}, set: { [${column}]: ${column} }, key: ${key}, batchSize: 1 });`,
      ),
    });
    await upgrade(project.config, 'head');
    const mark = dialect === 'mysql' ? '`' : '"';
    const quoted = `${mark}${(JSON.parse(table ?? '') as string).replaceAll(mark, mark + mark)}${mark}`;
    const found = await project.query(`SELECT * FROM ${quoted}`);
    expect(found.map((row) => Object.values(row)[1])).toEqual(Array(3).fill(`c ${everything}`));
  });

  /** Throws what the database says, unless it is that a name is too long. */
  async function outcomeOf({ test }: KitRow, nameOf: (plain: string) => string): Promise<string> {
    await live.reset();
    await live.query('CREATE TABLE victim (n int)');
    const by = renaming(dialect, nameOf);
    const op = live.through((operation: Operation) => renamed(operation, by), by.sql, by.name);
    try {
      await prepare(op);
      await test.before?.(op);
      await test.call(op);
      return 'carried out';
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (!isAludelError(error) && !tooLong.test(message)) throw error;
      return message;
    } finally {
      await test.after?.(op).catch(() => undefined);
      expect(await live.query('SELECT * FROM victim')).toEqual([]);
    }
  }
});
