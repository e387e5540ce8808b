import { describe, expect, it } from 'vitest';
import { upgrade } from '../../src/commands/upgrade.ts';
import type { Batch } from '../../src/operations/batch.ts';
import type { Inspect } from '../../src/operations/inspect.ts';
import { createOperations, type Operations, type OperationsPort } from '../../src/operations/operations.ts';
import { isAludelError, type AludelError } from '../../src/support/aludel-error.ts';
import { liveProject, revisionSource } from '../commands/live-project.ts';

/** What reached the other side of `op`. */
function recordingOperations(): { readonly op: Operations; readonly taken: unknown[] } {
  const taken: unknown[] = [];
  const take = async (what: unknown): Promise<never> => {
    taken.push(what);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nobody looks at what these calls answer
    return undefined as never;
  };
  const port: Partial<OperationsPort> = {
    perform: take,
    performEach: take,
    backfill: take,
    execute: take,
    autocommit: take,
    inspect: take,
    context: { dialect: 'sqlite', revision: 'a', direction: 'upgrade', x: {}, offline: false },
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- op.knex is not used here
  return { op: createOperations(port as OperationsPort), taken };
}

type Call = readonly [args: readonly unknown[], options?: Readonly<Record<string, unknown>>];
type Calls<T> = { readonly [K in keyof T]: Call };

const build = (): void => undefined;
const body = { timing: 'before', events: ['insert'], body: 'SELECT 1' };

/** A call of every operation: what must be given, and then what may be. */
const calls: Calls<Omit<Operations, 'knex' | 'context' | 'inspect' | 'offline'>> = {
  createTable: [['t', build], {}],
  createTableAs: [['t', 'SELECT 1'], {}],
  alterTable: [['t', build], {}],
  dropTable: [['t'], {}],
  renameTable: [['t', 'u'], {}],
  batchAlterTable: [['t', build], {}],
  addColumn: [['t', build], {}],
  dropColumn: [['t', 'c'], {}],
  renameColumn: [['t', 'c', 'd'], {}],
  alterColumn: [['t', 'c', { nullable: true }], {}],
  addConstraint: [['t', { kind: 'check', name: 'c', expression: '1' }], {}],
  dropConstraint: [['t', 'c'], {}],
  renameConstraint: [['t', 'c', 'd'], {}],
  validateConstraint: [['t', 'c'], {}],
  createIndex: [['t', ['c']], {}],
  dropIndex: [['i'], {}],
  renameIndex: [['i', 'j'], {}],
  createView: [['v', 'SELECT 1'], {}],
  dropView: [['v'], {}],
  createMaterializedView: [['v', 'SELECT 1'], {}],
  refreshMaterializedView: [['v'], {}],
  dropMaterializedView: [['v'], {}],
  createEnum: [['e', ['a']], {}],
  addEnumValue: [['e', 'b'], {}],
  renameEnumValue: [['e', 'a', 'b'], {}],
  replaceEnumValues: [['e', ['a']], {}],
  dropEnum: [['e'], {}],
  createSequence: [['s'], {}],
  alterSequence: [['s'], { restart: 1 }],
  dropSequence: [['s'], {}],
  createSchema: [['s'], {}],
  dropSchema: [['s'], {}],
  createExtension: [['x'], {}],
  dropExtension: [['x'], {}],
  createFunction: [['f', 'RETURNS int'], {}],
  dropFunction: [['f'], {}],
  createProcedure: [['p', 'AS 1'], {}],
  dropProcedure: [['p'], {}],
  createTrigger: [['g', 't'], body],
  dropTrigger: [['g'], {}],
  grant: [[['select'], { kind: 'table', name: 't' }, ['app']], {}],
  revoke: [[['select'], { kind: 'table', name: 't' }, ['app']]],
  createPolicy: [['p', 't'], {}],
  dropPolicy: [['p', 't'], {}],
  setRowSecurity: [['t'], { enabled: true }],
  setComment: [[{ kind: 'table', name: 't' }, 'text']],
  bulkInsert: [['t', []], {}],
  backfill: [[], { table: 't', set: { c: 1 } }],
  execute: [['SELECT 1']],
  autocommit: [[async () => undefined]],
};

const batchCalls: Calls<Batch> = {
  addColumn: [[build], {}],
  dropColumn: [['c'], {}],
  renameColumn: [['c', 'd']],
  alterColumn: [['c', { nullable: true }]],
  addConstraint: [[{ kind: 'check', name: 'c', expression: '1' }], {}],
  dropConstraint: [['c'], {}],
  renameConstraint: [['c', 'd']],
};

const inspectCalls: Calls<Inspect> = {
  hasTable: [['t'], {}],
  hasView: [['v'], {}],
  hasColumn: [['t', 'c'], {}],
  hasIndex: [['t', 'i'], {}],
  hasConstraint: [['t', 'c'], {}],
  hasEnum: [['e'], {}],
  hasSequence: [['s'], {}],
  hasTrigger: [['t', 'g'], {}],
  hasSchema: [['s']],
  tables: [[], {}],
  columns: [['t'], {}],
  indexes: [['t'], {}],
  rowCount: [['t'], {}],
};

const every = Object.entries({ op: calls, batch: batchCalls, 'op.inspect': inspectCalls }).flatMap(([owner, group]) =>
  Object.entries(group).map(([name, [args, options]]: [string, Call]) => ({
    title: `${owner}.${name}`,
    owner,
    name,
    args,
    options,
  })),
);

/** Calls `name` of `op`, of a batch or of `op.inspect`; answers what it refused, or null. */
function attempt(owner: string, name: string, args: readonly unknown[]): AludelError | null {
  const { op, taken } = recordingOperations();
  const call = (target: object): unknown => {
    const operation = (target as Readonly<Record<string, (...args: readonly unknown[]) => unknown>>)[name];
    if (operation === undefined) throw new Error(`there is no ${owner}.${name}`);
    return operation(...args);
  };
  try {
    if (owner === 'op') void call(op);
    else if (owner === 'batch') void op.batchAlterTable('t', (batch) => void call(batch));
    else void call(op.inspect);
    return null;
  } catch (error) {
    expect(taken).toEqual([]);
    if (isAludelError(error)) return error;
    throw error;
  }
}

it('every operation of op is looked at here', () => {
  const { op } = recordingOperations();
  const isCall = ([key, value]: readonly [string, unknown]): boolean => key !== 'knex' && typeof value === 'function';
  const names = Object.entries(op)
    .filter(isCall)
    .map(([key]) => key);
  expect(Object.keys(calls).toSorted()).toEqual(names.toSorted());
  expect(Object.keys(inspectCalls).toSorted()).toEqual(Object.keys(op.inspect).toSorted());
});

describe.each(every)('$title', ({ owner, name, args, options }) => {
  const given = options === undefined ? args : [...args, options];

  it('takes what is right', () => {
    expect(attempt(owner, name, given)).toBeNull();
  });

  it.each(args.map((_, at) => at))('refuses to go without argument %i', (at) => {
    expect(attempt(owner, name, given.with(at, undefined))?.message).toMatch(/: "\w+" is missing\.$/);
  });

  it.each(args.map((_, at) => at))('refuses a number as argument %i', (at) => {
    expect(attempt(owner, name, given.with(at, 7))?.message).toMatch(/"\w+(?:\.kind)?" must be .*, not 7\.$/);
  });
});

it.each(every.filter(({ options }) => options !== undefined))(
  '$title refuses an option that it does not know',
  ({ title, owner, name, args, options }) => {
    const error = attempt(owner, name, [...args, { ...options, ifExsts: true }]);
    expect(error).toMatchObject({
      code: 'migration.failed',
      message: `${title}: there is no option "ifExsts".`,
      facts: { operation: title },
    });
    expect(error?.hint).toMatch(/^(?:Did you mean "ifExists"\? )?There (?:is|are) \w/);
  },
);

it.each(every.filter(({ options, name }) => options === undefined && name !== 'execute'))(
  '$title refuses an argument that it does not take',
  ({ owner, name, args }) => {
    expect(attempt(owner, name, [...args, {}])?.message).toMatch(/takes \d arguments?, not \d/);
  },
);

it.each(every.filter(({ args, name }) => typeof args[0] === 'string' && name !== 'execute'))(
  '$title refuses an empty name',
  ({ owner, name, args, options }) => {
    expect(attempt(owner, name, [...args.with(0, ''), options])?.message).toMatch(
      /must be a name, not an empty text\.$/,
    );
  },
);

it.each<[string, unknown[], string, string]>([
  [
    'dropTable',
    ['t', { ifExist: true }],
    'op.dropTable: there is no option "ifExist".',
    'Did you mean "ifExists"? There are schema, ifExists and cascade.',
  ],
  [
    'alterColumn',
    ['t', 'c', { nulable: false }],
    'op.alterColumn: there is no "nulable" in "to".',
    'Did you mean "nullable"? There are type, using, nullable, default, comment, collation, identity, generated and autoincrement.',
  ],
  [
    'createIndex',
    ['t', ['a', { column: 'b', order: 'down' }]],
    'op.createIndex: "columns[1].order" must be "asc" or "desc", not "down".',
    'Write op.createIndex(table, columns, options).',
  ],
  ['createIndex', ['t', []], 'op.createIndex: "columns" is an empty list.', ''],
  [
    'addConstraint',
    ['t', { kind: 'uniqe', columns: ['a'] }],
    'op.addConstraint: "constraint.kind" must be "primaryKey", "unique", "foreignKey", "check" or "exclusion", not "uniqe".',
    'Did you mean "unique"?',
  ],
  [
    'addConstraint',
    ['t', { kind: 'foreignKey', columns: ['a'], references: { table: 'b', column: ['id'] } }],
    'op.addConstraint: there is no "column" in "constraint.references".',
    'Did you mean "columns"? There are table, schema and columns.',
  ],
  [
    'backfill',
    [{ table: 't', set: { c: 1 }, were: 'id = 1' }],
    'op.backfill: there is no option "were".',
    'Did you mean "where"? There are table, schema, set, where, key, batchSize, targetMs and pauseMs.',
  ],
  [
    'backfill',
    [{ table: 't', set: { c: 1 }, where: { id: 1 } }],
    'op.backfill: "where" must be SQL, not an object.',
    "Write the condition as SQL: where: 'email IS NULL'.",
  ],
  ['backfill', [{ table: 't', set: {} }], 'op.backfill: "set" names no column.', ''],
  [
    'backfill',
    [{ table: 't', set: { c: 1 }, batchSize: 0 }],
    'op.backfill: "batchSize" must be a whole number from 1, not 0.',
    '',
  ],
  [
    'execute',
    [Promise.resolve('SELECT 1')],
    'op.execute: "sql" must be a text, not a promise: await it first.',
    'Write op.execute(sql, bindings).',
  ],
])('op.%s of %j is told what is wrong', (name, args, message, hint) => {
  const error = attempt('op', name, args);
  expect(error?.message).toBe(message);
  expect(error?.hint).toContain(hint);
});

it('a refused call fails its revision at its own line, and nothing of the revision stays', async () => {
  const project = await liveProject('sqlite', {
    'a.mjs': revisionSource(
      'a',
      null,
      `await op.createTable('people', (t) => { t.integer('id'); });
  await op.dropTable('people', { ifExist: true });`,
    ),
  });
  await expect(upgrade(project.config, 'head')).rejects.toMatchObject({
    code: 'migration.failed',
    message: 'Revision a (revision a) failed in its upgrade: op.dropTable: there is no option "ifExist".',
    where: 'versions/a.mjs:9',
    hint: expect.stringContaining('Did you mean "ifExists"?') as string,
    facts: { revision: 'a', line: 9, operation: 'op.dropTable' },
  });
  expect(await project.query(`SELECT name FROM sqlite_schema WHERE name = 'people'`)).toEqual([]);
});
