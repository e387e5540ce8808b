import { createRequire } from 'node:module';
import type { Knex } from 'knex';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DialectName } from '../../src/dialects/connection.ts';
import { describeOnEveryDialect } from '../servers.ts';
import { column } from './kit-catalogue.ts';
import { openOperations, type LiveOperations } from './live-operations.ts';

type Build = (t: Knex.CreateTableBuilder) => unknown;

/** What knex's builder takes beside names and types. */
interface Option {
  readonly without: Build;
  readonly with: Build;
  /** What the statements have with the option and not without it, or why it is refused. */
  readonly on: Readonly<Record<DialectName, RegExp | { readonly refused: RegExp } | 'nothing, as knex has it'>>;
}

const everywhere = (written: RegExp): Option['on'] => ({ sqlite: written, postgresql: written, mysql: written });
const a: Build = (t) => t.integer('a');
const text: Build = (t) => t.string('a', 20);
const toTeams = (t: Knex.CreateTableBuilder): Knex.ReferencingColumnBuilder =>
  t.integer('a').references('id').inTable('teams');
const isPositive = (t: Knex.CreateTableBuilder): Knex.QueryBuilder =>
  // knex's types want a query builder and its compilers read one.
  (t as unknown as { client: { queryBuilder(): Knex.QueryBuilder } }).client.queryBuilder().whereNotNull('a');
const plainIndex: Build = (t) => {
  t.integer('a');
  t.index(['a'], 'i');
};
const plainUnique: Build = (t) => {
  t.integer('a');
  t.unique(['a'], { indexName: 'u' });
};
const plainPrimary: Build = (t) => {
  t.integer('a');
  t.primary(['a'], { constraintName: 'p' });
};
const and =
  (...builds: readonly Build[]): Build =>
  (t) => {
    for (const build of builds) build(t);
  };

/** Modifiers of a column: all that knex's column builder has. */
const modifiers: Readonly<Record<string, Option>> = {
  defaultTo: { without: a, with: (t) => t.integer('a').defaultTo(7), on: everywhere(/default '?7/) },
  nullable: { without: a, with: (t) => t.integer('a').notNullable(), on: everywhere(/not null/) },
  unsigned: {
    without: a,
    with: (t) => t.integer('a').unsigned(),
    // The word that a reference to knex's increments needs on MySQL; the same revision runs elsewhere.
    on: { sqlite: 'nothing, as knex has it', postgresql: 'nothing, as knex has it', mysql: /unsigned/ },
  },
  first: {
    without: a,
    with: (t) => (t.integer('a') as unknown as { first(): unknown }).first(),
    on: { sqlite: 'nothing, as knex has it', postgresql: 'nothing, as knex has it', mysql: /first/ },
  },
  after: {
    without: (t) => and(a, (u) => u.integer('b'))(t),
    with: (t) =>
      and(
        (u) => u.integer('b'),
        (u) => (u.integer('a') as unknown as { after(b: string): unknown }).after('b'),
      )(t),
    on: { sqlite: /`b`.*`a`/, postgresql: /"b".*"a"/, mysql: /after `b`/ },
  },
  comment: {
    without: a,
    with: (t) => t.integer('a').comment('why'),
    // Words for people: the same revision runs where they can be kept and where they cannot.
    on: { sqlite: 'nothing, as knex has it', postgresql: /comment on column .* is 'why'/, mysql: /comment 'why'/ },
  },
  collate: {
    without: text,
    with: (t) => t.string('a', 20).collate('utf8mb4_bin'),
    on: {
      sqlite: /varchar\(20\) collate "utf8mb4_bin"/,
      postgresql: /varchar\(20\) collate "utf8mb4_bin"/,
      mysql: /varchar\(20\) collate utf8mb4_bin/,
    },
  },
  checkPositive: { without: a, with: (t) => t.integer('a').checkPositive(), on: everywhere(/check \(.a. > 0\)/) },
  checkNegative: { without: a, with: (t) => t.integer('a').checkNegative(), on: everywhere(/check \(.a. < 0\)/) },
  checkIn: { without: text, with: (t) => t.string('a', 20).checkIn(['x']), on: everywhere(/check \(.a. in \('x'\)\)/) },
  checkNotIn: {
    without: text,
    with: (t) => t.string('a', 20).checkNotIn(['x']),
    on: everywhere(/check \(.a. not in \('x'\)\)/),
  },
  checkBetween: { without: a, with: (t) => t.integer('a').checkBetween([1, 2]), on: everywhere(/.a. between 1 and 2/) },
  checkLength: {
    without: text,
    with: (t) => t.string('a', 20).checkLength('>', 2),
    on: everywhere(/check \(length\(.a.\) > 2\)/),
  },
  checkRegex: {
    without: text,
    with: (t) => t.string('a', 20).checkRegex('[0-9]'),
    on: { sqlite: /regexp/i, postgresql: /~ '\[0-9\]'/, mysql: /regexp/i },
  },
};

/** What keys and tables take. */
const others: Readonly<Record<string, Option>> = {
  'the predicate of an index': {
    without: plainIndex,
    with: (t) => and(a, () => t.index(['a'], 'i', { predicate: isPositive(t) }))(t),
    on: { sqlite: /where .a. is not null/, postgresql: /where .a. is not null/, mysql: { refused: /partial indexes/ } },
  },
  'the predicate of a unique index': {
    without: plainUnique,
    with: (t) => and(a, () => t.unique(['a'], { indexName: 'u', predicate: isPositive(t) }))(t),
    on: { sqlite: /where .a. is not null/, postgresql: /where .a. is not null/, mysql: { refused: /partial indexes/ } },
  },
  'the type of an index': {
    without: (t) => and(text, () => t.index(['a'], 'i'))(t),
    with: (t) => and(text, () => t.index(['a'], 'i', { indexType: 'FULLTEXT' }))(t),
    on: {
      sqlite: { refused: /one kind of index/ },
      postgresql: { refused: /no fulltext indexes/ },
      mysql: /FULLTEXT index/,
    },
  },
  'the method of an index': {
    without: plainIndex,
    with: (t) => and(a, () => t.index(['a'], 'i', { storageEngineIndexType: 'hash' }))(t),
    on: { sqlite: { refused: /one kind of index/ }, postgresql: /using hash/, mysql: /using hash/ },
  },
  'a deferrable primary key': {
    without: plainPrimary,
    with: (t) => and(a, () => t.primary(['a'], { constraintName: 'p', deferrable: 'deferred' }))(t),
    on: {
      sqlite: { refused: /no deferrable keys/ },
      postgresql: /deferrable initially deferred/,
      mysql: { refused: /at once/ },
    },
  },
  'a deferrable unique constraint': {
    without: plainUnique,
    with: (t) => and(a, () => t.unique(['a'], { indexName: 'u', deferrable: 'deferred' }))(t),
    on: {
      sqlite: { refused: /no deferrable keys/ },
      postgresql: /deferrable initially deferred/,
      mysql: { refused: /at once/ },
    },
  },
  'a deferrable foreign key': {
    without: (t) => toTeams(t),
    with: (t) => toTeams(t).deferrable('deferred'),
    on: {
      sqlite: { refused: /no deferrable keys/ },
      postgresql: /deferrable initially deferred/,
      mysql: { refused: /does not support deferrable/ },
    },
  },
  'the name of a primary key among options': {
    without: (t) => and(a, () => t.primary(['a']))(t),
    with: plainPrimary,
    on: everywhere(/constraint .p. primary key/),
  },
  'what a foreign key does on delete': {
    without: (t) => toTeams(t),
    with: (t) => toTeams(t).onDelete('SET DEFAULT'),
    on: { sqlite: /on delete SET DEFAULT/, postgresql: /on delete SET DEFAULT/, mysql: { refused: /no SET DEFAULT/ } },
  },
  'what a foreign key does on update': {
    without: (t) => toTeams(t),
    with: (t) => toTeams(t).onUpdate('CASCADE'),
    on: everywhere(/on update CASCADE/),
  },
  'the comment of a table': {
    without: a,
    with: (t) => and(a, () => t.comment('why'))(t),
    on: { sqlite: 'nothing, as knex has it', postgresql: /comment on table .* is 'why'/, mysql: /comment = 'why'/ },
  },
  'the engine of a table': {
    without: a,
    with: (t) => and(a, () => t.engine('MyISAM'))(t),
    on: {
      sqlite: { refused: /only supports engine/ },
      postgresql: { refused: /only supports engine/ },
      mysql: /MyISAM/,
    },
  },
  'the collation of a table': {
    without: a,
    with: (t) => and(a, () => t.collate('utf8mb4_bin'))(t),
    on: {
      sqlite: { refused: /only supports collate/ },
      postgresql: { refused: /only supports collate/ },
      mysql: /collate utf8mb4_bin/,
    },
  },
  'the character set of a table': {
    without: a,
    with: (t) => and(a, () => t.charset('latin1'))(t),
    on: {
      sqlite: { refused: /only supports charset/ },
      postgresql: { refused: /only supports charset/ },
      mysql: /character set latin1/,
    },
  },
  'the parent of a table': {
    without: a,
    with: (t) => and(a, () => t.inherits('teams'))(t),
    on: {
      sqlite: { refused: /only supports inherits/ },
      postgresql: /inherits \("teams"\)/,
      mysql: { refused: /only supports inherits/ },
    },
  },
};

/** What no quotes protect in the text that knex writes. */
const hostile: Readonly<Record<string, Build>> = {
  'a collation of a column': (t) => t.string('a').collate(`x' "; DROP TABLE teams; --`),
  'the name of an enum': (t) => t.enu('a', ['x'], { useNative: true, enumName: 'e"; DROP TABLE teams; --' }),
  'the type of an index': (t) => and(a, () => t.index(['a'], 'i', { indexType: 'x; DROP TABLE teams' }))(t),
  'the method of an index': (t) =>
    and(a, () => t.index(['a'], 'i', { storageEngineIndexType: 'x; DROP' as 'hash' }))(t),
  'the engine of a table': (t) => and(a, () => t.engine('x; DROP TABLE teams'))(t),
  'the action of a foreign key': (t) => toTeams(t).onDelete('CASCADE; DROP TABLE teams'),
};

it('every modifier of knex is asked for', () => {
  const Builder = createRequire(import.meta.url)('knex/lib/schema/columnbuilder') as { readonly prototype: object };
  const aliases = ['constructor', 'default', 'defaultsTo', 'notNull', 'notNullable', 'queryContext'];
  // `check` of a column is in no compiler of knex, and calling it fails.
  const elsewhere = ['references', 'index', 'primary', 'unique', 'check'];
  const known = Object.getOwnPropertyNames(Builder.prototype).filter(
    (name) => ![...aliases, ...elsewhere].includes(name),
  );
  expect(Object.keys(modifiers).toSorted()).toEqual(known.toSorted());
});

await describeOnEveryDialect('nothing that knex is told is left out without a word:', (dialect) => {
  let live: LiveOperations;
  beforeAll(async () => {
    live = await openOperations(dialect);
  });
  afterAll(() => live.close());

  /** The statements of the table, or the refusal; none of them runs. */
  async function outcomeOf(build: Build): Promise<string> {
    try {
      const statements = await live.render({
        kind: 'createTable',
        table: 't',
        schema: null,
        ifNotExists: false,
        build: (t) => void build(t),
      });
      return statements.map(({ sql }) => sql).join(';\n');
    } catch (error) {
      return `refused: ${String(error)}`;
    }
  }

  it.each(Object.entries({ ...modifiers, ...others }))('%s', async (_, option) => {
    const [before, after] = [await outcomeOf(option.without), await outcomeOf(option.with)];
    const expected = option.on[dialect];
    expect(before).not.toMatch(/^refused/);
    if (expected === 'nothing, as knex has it') expect(after).toBe(before);
    else if (expected instanceof RegExp) {
      expect(before).not.toMatch(expected);
      expect(after).toMatch(expected);
      expect(after).not.toMatch(/^refused/);
    } else {
      expect(after).toMatch(/^refused/);
      expect(after).toMatch(expected.refused);
    }
  });

  it.each(Object.entries(hostile))('%s lets nothing out', async (_, build) => {
    const outcome = await outcomeOf(build);
    if (!outcome.startsWith('refused'))
      expect(outcome.replace(`"x' ""; DROP TABLE teams; --"`, '')).not.toContain('DROP');
  });

  it('a collation reaches the catalogue', async () => {
    const collation = { sqlite: 'NOCASE', postgresql: 'C', mysql: 'utf8mb4_bin' }[dialect];
    await live.op.createTable('t', (t) => t.string('a', 20).notNullable().collate(collation).defaultTo('x'));
    await live.op.addColumn('t', (t) => t.text('b').collate(collation));
    for (const name of ['a', 'b']) {
      const question = column(
        name,
        {
          postgresql: `attcollation = 'pg_catalog."C"'::regcollation`,
          mysql: `collation_name = 'utf8mb4_bin'`,
        },
        't',
      )[dialect];
      expect(await live.query(question)).toHaveLength(1);
    }
    if (dialect === 'sqlite') {
      await live.query("INSERT INTO t VALUES ('A', 'B')");
      expect(await live.query("SELECT 1 FROM t WHERE a = 'a' AND b = 'b'")).toHaveLength(1);
    }
  });
});
