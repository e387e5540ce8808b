import { expect, it } from 'vitest';
import type { DialectName } from '../../src/dialects/connection.ts';
import { script } from '../../src/commands/script/offline.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import type { RunEvent } from '../../src/commands/invocation.ts';
import { describeOn, describeOnEveryDialect } from '../servers.ts';
import { liveProject, revisionSource, type LiveProject } from '../commands/live-project.ts';

async function applied(dialect: DialectName, body: string): Promise<LiveProject> {
  const project = await liveProject(dialect, { 'a.mjs': revisionSource('a', null, body) });
  await upgrade(project.config, 'head');
  return project;
}

/** The INSERT statements that ran. */
async function insertsOf(dialect: DialectName, body: string): Promise<{ project: LiveProject; inserts: string[] }> {
  const project = await liveProject(dialect, { 'a.mjs': revisionSource('a', null, body) });
  const inserts: string[] = [];
  await upgrade(project.config, 'head', {
    onEvent: (event: RunEvent) => {
      if (event.kind === 'statement-executed' && event.sql.startsWith('INSERT')) inserts.push(event.sql);
    },
  });
  return { project, inserts };
}

/** A count as a number, whatever type the driver gives it. */
async function countOf(project: LiveProject, where = '1 = 1'): Promise<number> {
  const [row] = await project.query(`SELECT COUNT(*) AS c FROM item WHERE ${where}`);
  return Number(row?.['c']);
}

const moment = '2024-02-29T12:34:56.789Z';
const types = `await op.createTable('item', (t) => {
    t.integer('id').primary();
    t.bigInteger('big');
    t.double('fraction');
    t.boolean('yes');
    t.text('text');
    t.binary('bytes');
    t.json('json');
    t.timestamp('moment', { precision: 3 });
  });
  await op.bulkInsert('item', [
    { id: 1, big: 9223372036854775807n, fraction: 0.1, yes: true, text: "it's ? \\\\ :x $1 😀", bytes: Buffer.from([0, 255, 39, 92]),
      json: { a: [1, 'two', null], b: { c: "'" } }, moment: new Date('${moment}') },
    { id: 2, big: -1n, fraction: -2, yes: false, text: '', bytes: new Uint8Array([]), json: {}, moment: new Date(86_400_000) },
    { id: 3, big: null, fraction: null, yes: null, text: null, bytes: null, json: null, moment: null },
  ]);`;

/** How each driver gives back what was inserted in the first row. */
const readBack: Readonly<Record<DialectName, Readonly<Record<string, unknown>>>> = {
  sqlite: { yes: 1, json: `{"a":[1,"two",null],"b":{"c":"'"}}`, moment: '2024-02-29 12:34:56.789' },
  postgresql: { yes: true, json: { a: [1, 'two', null], b: { c: "'" } }, moment: new Date(moment) },
  mysql: { yes: 1, json: { a: [1, 'two', null], b: { c: "'" } }, moment: new Date(moment) },
};

await describeOnEveryDialect('op.bulkInsert', (dialect) => {
  it('keeps values of every type', async () => {
    const project = await applied(dialect, types);
    const [first, second, third] = await project.query(
      `SELECT ${dialect === 'mysql' ? 'CAST(big AS CHAR)' : 'CAST(big AS TEXT)'} AS big, fraction, yes, text, bytes, json, moment FROM item ORDER BY id`,
    );
    const stored: unknown = first?.['json'];
    const json: unknown = typeof stored === 'string' && dialect === 'mysql' ? JSON.parse(stored) : stored;
    expect({ ...first, json }).toEqual({
      big: '9223372036854775807',
      fraction: 0.1,
      text: String.raw`it's ? \ :x $1 😀`,
      bytes: Buffer.from([0, 255, 39, 92]),
      ...readBack[dialect],
    });
    expect(second).toMatchObject({ big: '-1', fraction: -2, text: '', bytes: Buffer.alloc(0) });
    expect(Object.values(third ?? {})).toEqual([null, null, null, null, null, null, null]);
  });

  it.each([
    ['new Date("soon")', 'An invalid date is no value'],
    ['Date.now', 'A function is no value'],
    ['Symbol("x")', 'A symbol is no value'],
  ])('refuses %s, of which a driver would make NULL or a text', async (value, message) => {
    const body = `await op.createTable('item', (t) => { t.text('text'); }); await op.bulkInsert('item', [{ text: ${value} }]);`;
    const project = await liveProject(dialect, { 'a.mjs': revisionSource('a', null, body) });
    await expect(upgrade(project.config, 'head')).rejects.toThrow(message);
    await expect(script(project.config, { command: 'upgrade', range: 'head' }).next()).rejects.toThrow(message);
  });

  it('refuses an invalid date in a query of op.knex too', async () => {
    const body = `await op.createTable('item', (t) => { t.datetime('moment'); });
      await op.knex('item').insert({ moment: new Date('soon') });`;
    const project = await liveProject(dialect, { 'a.mjs': revisionSource('a', null, body) });
    await expect(upgrade(project.config, 'head')).rejects.toThrow('An invalid date is no value');
  });

  it('never makes NULL of NaN', async () => {
    const body = `await op.createTable('item', (t) => { t.float('fraction'); }); await op.bulkInsert('item', [{ fraction: 0 / 0 }]);`;
    const project = await liveProject(dialect, { 'a.mjs': revisionSource('a', null, body) });
    const run = upgrade(project.config, 'head');
    if (dialect === 'postgresql') {
      await run;
      expect(await project.query('SELECT fraction FROM item')).toEqual([{ fraction: NaN }]);
    } else await expect(run).rejects.toThrow('NaN');
  });

  it('takes more rows than a statement has bindings', async () => {
    const { project, inserts } = await insertsOf(
      dialect,
      `await op.createTable('item', (t) => { t.integer('id').primary(); t.integer('n'); });
       await op.bulkInsert('item', Array.from({ length: 40000 }, (_, id) => ({ id, n: id % 7 })));`,
    );
    expect(await countOf(project)).toBe(40_000);
    expect(inserts.length).toBeGreaterThan(1);
  });

  it('takes more bytes than a statement should have', async () => {
    const { project, inserts } = await insertsOf(
      dialect,
      `await op.createTable('item', (t) => { t.integer('id').primary(); t.text('text', 'longtext'); });
       const text = 'x'.repeat(400_000);
       await op.bulkInsert('item', Array.from({ length: 5 }, (_, id) => ({ id, text })));`,
    );
    expect(await countOf(project, 'length(text) = 400000')).toBe(5);
    expect(inserts).toHaveLength(3);
  });

  it('takes rows from generators, also from one that asks the database for them', async () => {
    const project = await applied(
      dialect,
      `await op.createTable('item', (t) => { t.integer('id').primary(); });
       function* some() { for (let id = 1; id <= 12000; id++) yield { id }; }
       await op.bulkInsert('item', some());
       async function* more() {
         for (const { id } of await op.knex('item').where('id', '<=', 10)) yield { id: id + 20000 };
       }
       await op.bulkInsert('item', more());
       await op.bulkInsert('item', []);`,
    );
    expect(await countOf(project)).toBe(12_010);
  });

  it('inserts in the order of the calls', async () => {
    const project = await applied(
      dialect,
      `await op.createTable('item', (t) => { t.integer('id').primary(); });
       await Promise.all([op.bulkInsert('item', [{ id: 1 }]), op.execute('UPDATE item SET id = 2')]);`,
    );
    expect(await project.query('SELECT id FROM item')).toEqual([{ id: 2 }]);
  });

  it('gives a row that names no column all its defaults', async () => {
    const project = await applied(
      dialect,
      `await op.createTable('item', (t) => { t.increments('id'); t.integer('n').defaultTo(7); });
       await op.bulkInsert('item', [{}, { n: 1 }, {}, { n: undefined }]);`,
    );
    expect(await project.query('SELECT n FROM item ORDER BY id')).toEqual([{ n: 7 }, { n: 1 }, { n: 7 }, { n: 7 }]);
  });

  it('inserts its own numbers where a column numbers itself, which then goes on behind them', async () => {
    const project = await applied(
      dialect,
      `await op.createTable('item', (t) => { t.increments('id'); t.integer('n'); });
       await op.bulkInsert('item', [{ id: 41, n: 1 }, { id: 7, n: 2 }], { identityInsert: true });
       await op.bulkInsert('item', [{ n: 3 }]);`,
    );
    expect(await project.query('SELECT id, n FROM item ORDER BY id')).toEqual([
      { id: 7, n: 2 },
      { id: 41, n: 1 },
      { id: 42, n: 3 },
    ]);
  });

  it('takes names and texts with marks that look like placeholders', async () => {
    const project = await applied(
      dialect,
      `await op.createTable('item', (t) => { t.integer('id').primary(); });
       await op.execute(op.context.dialect === 'mysql' ? 'ALTER TABLE item ADD \`a?$1:x\` TEXT' : 'ALTER TABLE item ADD "a?$1:x" TEXT');
       await op.bulkInsert('item', [{ id: 1, 'a?$1:x': 'what? $1 :x' }]);
       const mark = op.context.dialect === 'postgresql' ? '$1' : '?';
       await op.execute(\`INSERT INTO item /* ? */ SELECT \${mark}, 'why?' -- ?\`, [2]);`,
    );
    const rows = await project.query('SELECT * FROM item ORDER BY id');
    expect(rows).toEqual([
      { id: 1, 'a?$1:x': 'what? $1 :x' },
      { id: 2, 'a?$1:x': 'why?' },
    ]);
  });

  it('tells where its await is missing, and where a generator fails', async () => {
    for (const [call, message] of [
      [`op.bulkInsert('item', (function* () { yield { id: 1 }; })());`, 'was not awaited'],
      [`await op.bulkInsert('item', (function* () { throw new Error('no more'); })());`, 'no more'],
    ] as const) {
      const project = await liveProject(dialect, {
        'a.mjs': revisionSource('a', null, `await op.createTable('item', (t) => t.integer('id'));\n${call}`),
      });
      await expect(upgrade(project.config, 'head')).rejects.toMatchObject({
        where: 'versions/a.mjs:9',
        message: expect.stringContaining(message) as string,
      });
    }
  });
});

await describeOn('postgresql', 'op.bulkInsert on PostgreSQL', () => {
  it('keeps arrays, and lists in JSON columns', async () => {
    const project = await applied(
      'postgresql',
      String.raw`await op.execute('CREATE TABLE item (id INTEGER, names TEXT[], grid INTEGER[][], json JSON, jsonb JSONB, moments TIMESTAMPTZ[])');
       const names = ['a,b', 'it"s', '\\', '', 'NULL', null];
       await op.bulkInsert('item', [{ id: 1, names, grid: [[1, 2], [3, 4]], json: [1, 'x'], jsonb: [{ a: 1 }], moments: [new Date(0)] }]);`,
    );
    expect(await project.query('SELECT names, grid, json, jsonb, moments FROM item')).toEqual([
      {
        names: ['a,b', 'it"s', '\\', '', 'NULL', null],
        grid: [
          [1, 2],
          [3, 4],
        ],
        json: [1, 'x'],
        jsonb: [{ a: 1 }],
        moments: [new Date(0)],
      },
    ]);
  });

  it('overrides columns that are GENERATED ALWAYS, and moves no sequence back', async () => {
    const project = await applied(
      'postgresql',
      `await op.execute('CREATE TABLE item ("Id" INTEGER GENERATED ALWAYS AS IDENTITY, n INTEGER)');
       await op.execute('SELECT setval(pg_get_serial_sequence(\\'item\\', \\'Id\\'), 100)');
       await op.bulkInsert('item', [{ Id: 5, n: 1 }], { identityInsert: true });
       await op.bulkInsert('item', [{ n: 2 }]);`,
    );
    expect(await project.query('SELECT * FROM item ORDER BY n')).toEqual([
      { Id: 5, n: 1 },
      { Id: 101, n: 2 },
    ]);
  });
});
