import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { configAt } from '../../src/commands/invocation.ts';
import { log } from '../../src/commands/log.ts';
import { repair } from '../../src/commands/repair.ts';
import { saveScript, script, type ScriptRequest } from '../../src/commands/script/offline.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import { verify } from '../../src/commands/verify.ts';
import type { ScriptOptions } from '../../src/commands/script/write-script.ts';
import type { DialectName } from '../../src/dialects/connection.ts';
import { describeOnEveryDialect } from '../servers.ts';
import { runScript } from '../support/run-script.ts';
import { liveProject, revisionSource, type LiveProject } from './live-project.ts';

const head: ScriptRequest = { command: 'upgrade', range: 'base:head' };

const threeTables = {
  'a.mjs': revisionSource(
    'a',
    null,
    `await op.createTable('owners', (t) => { t.integer('id').notNullable().primary(); t.string('name', 40); });
     await op.bulkInsert('owners', [{ id: 1, name: "O'Hara \\\\ ? :x" }]);`,
    `await op.dropTable('owners');`,
  ),
  'b.sql': `-- revision: b
-- down_revision: a
-- message: pets
-- migrate:up
CREATE TABLE pets (id INTEGER PRIMARY KEY, owner INTEGER);
INSERT INTO pets VALUES (1, 1);
-- migrate:down
DROP TABLE pets;
`,
  'c.mjs': revisionSource(
    'c',
    'b',
    `await op.createTable('toys', (t) => { t.integer('id').notNullable().primary(); t.integer('pet'); });
     await op.knex('toys').insert({ id: 7, pet: 1 });
     await op.backfill({ table: 'pets', set: { owner: { sql: 'owner + 1' } } });`,
    `await op.dropTable('toys');`,
  ),
};

function written(project: LiveProject, request: ScriptRequest, options?: ScriptOptions): Promise<string> {
  return textOf(script(project.config, request, options));
}

function openProject(
  dialect: DialectName,
  revisions: Readonly<Record<string, string>> = threeTables,
): Promise<LiveProject & { readonly dialect: DialectName }> {
  return liveProject(dialect, revisions).then((project) => ({ ...project, dialect }));
}

async function rowsIn(project: LiveProject, table: string): Promise<readonly unknown[]> {
  return (await project.query(`SELECT * FROM ${table} ORDER BY 1`)).map((row) => ({ ...row }));
}

await describeOnEveryDialect('a script', (dialect) => {
  it('does what the live run does, and log and verify know it', async () => {
    const project = await openProject(dialect);
    expect(await runScript(project, await written(project, head))).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await rowsIn(project, 'owners')).toEqual([{ id: 1, name: "O'Hara \\ ? :x" }]);
    expect(await rowsIn(project, 'pets')).toEqual([{ id: 1, owner: 2 }]);
    expect(await rowsIn(project, 'toys')).toEqual([{ id: 7, pet: 1 }]);
    const { entries } = await log(project.config);
    const finished = entries.filter(({ event }) => event === 'applied').toReversed();
    expect(finished.map(({ revision, message }) => [revision, message])).toEqual([
      ['a', 'revision a'],
      ['b', 'pets'],
      ['c', 'revision c'],
    ]);
    expect(finished[0]?.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(await verify(project.config)).toMatchObject({ is_intact: true });
    expect(await upgrade(project.config, 'head')).toMatchObject({ steps: [] });
  });

  it('takes down what a live run has applied', async () => {
    const project = await openProject(dialect);
    await upgrade(project.config, 'head');
    const down = await written(project, { command: 'downgrade', range: 'head:a' });
    expect(await runScript(project, down)).toMatchObject({ exitCode: 0 });
    expect(await rowsIn(project, 'aludel_version')).toEqual([{ version_num: 'a' }]);
    await expect(project.query('SELECT * FROM pets')).rejects.toThrow(/pets/);
  });

  it('stamps, and makes the tables of the tool', async () => {
    const project = await openProject(dialect);
    const prepare = await written(project, { command: 'ensure_version' });
    expect(await runScript(project, prepare)).toMatchObject({ exitCode: 0 });
    expect(await runScript(project, prepare)).toMatchObject({ exitCode: 0 });
    expect(await rowsIn(project, 'aludel_version')).toEqual([]);
    const stamp = await written(project, { command: 'stamp', targets: ['b'] });
    expect(await runScript(project, stamp)).toMatchObject({ exitCode: 0 });
    expect(await rowsIn(project, 'aludel_version')).toEqual([{ version_num: 'b' }]);
    expect((await log(project.config)).entries).toMatchObject([{ event: 'stamped' }]);
  });

  it('is split into one file for each revision, with another one that takes all of it back', async () => {
    const project = await openProject(dialect);
    const report = await saveScript(project.config, head, { split: 'scripts', rollback: 'back.sql' });
    expect(report).toMatchObject({ heads_before: [], heads_after: ['c'] });
    expect(report.files).toEqual([
      { path: join('scripts', '0001_a.sql'), revisions: ['a'] },
      { path: join('scripts', '0002_b.sql'), revisions: ['b'] },
      { path: join('scripts', '0003_c.sql'), revisions: ['c'] },
      { path: 'back.sql', revisions: ['c', 'b', 'a'] },
    ]);
    const read = (path: string): string => readFileSync(join(project.directory, path), 'utf8');
    const [first, second, third, back] = report.files.map(({ path }) => read(path));
    expect((await runScript(project, second ?? '')).exitCode).not.toBe(0);
    for (const text of [first, second, third])
      expect(await runScript(project, text ?? '')).toMatchObject({ exitCode: 0 });
    expect(await rowsIn(project, 'toys')).toHaveLength(1);
    expect(await runScript(project, back ?? '')).toMatchObject({ exitCode: 0 });
    expect(await rowsIn(project, 'aludel_version')).toEqual([]);
    await expect(project.query('SELECT * FROM owners')).rejects.toThrow(/owners/);
  });

  it.each(['a live run', 'an idempotent script'])('that failed half-way is finished by %s', async (by) => {
    const project = await openProject(dialect);
    await project.query('CREATE TABLE toys (id INTEGER)');
    const idempotent = by === 'an idempotent script';
    const text = await written(project, head, { idempotent });
    expect((await runScript(project, text)).exitCode).not.toBe(0);
    expect(await rowsIn(project, 'aludel_version')).toEqual([{ version_num: 'b' }]);
    await project.query('DROP TABLE toys');
    if (idempotent) expect(await runScript(project, text)).toMatchObject({ exitCode: 0 });
    else await upgrade(project.config, 'head');
    expect(await rowsIn(project, 'pets')).toEqual([{ id: 1, owner: 2 }]);
    expect(await rowsIn(project, 'toys')).toEqual([{ id: 7, pet: 1 }]);
    expect(await rowsIn(project, 'aludel_version')).toEqual([{ version_num: 'c' }]);
  });

  it.each(dialect === 'mysql' ? (['none'] as const) : (['all', 'none'] as const))(
    'in transaction mode %s ends where the others do, and can be run again',
    async (mode) => {
      const project = await openProject(dialect);
      const text = await written(project, head, { transactionMode: mode, idempotent: true });
      await project.query('CREATE TABLE toys (id INTEGER)');
      expect((await runScript(project, text)).exitCode).not.toBe(0);
      const reached = mode === 'all' ? [] : [{ version_num: 'b' }];
      expect(await rowsIn(project, 'aludel_version')).toEqual(reached);
      await project.query('DROP TABLE toys');
      for (const _ of ['goes on', 'has nothing left to do']) {
        expect(await runScript(project, text)).toMatchObject({ exitCode: 0 });
        expect(await rowsIn(project, 'pets')).toEqual([{ id: 1, owner: 2 }]);
        expect(await rowsIn(project, 'toys')).toEqual([{ id: 7, pet: 1 }]);
        expect(await rowsIn(project, 'aludel_version')).toEqual([{ version_num: 'c' }]);
      }
      expect(await verify(project.config)).toMatchObject({ is_intact: true });
    },
  );

  it('is the same every time, and its head knows the checksum of the rest', async () => {
    const project = await openProject(dialect);
    const text = await written(project, head);
    expect(await written(project, head)).toBe(text);
    const [, checksum] = /has the SHA-256 ([0-9a-f]{64}):/.exec(text) ?? [];
    const [, from] = /tail -n \+(\d+) script\.sql/.exec(text) ?? [];
    const body = text
      .split('\n')
      .slice(Number(from) - 1)
      .join('\n');
    expect(createHash('sha256').update(body).digest('hex')).toBe(checksum);
    expect(text.indexOf(body)).toBeGreaterThan(0);
  });

  it('nests what op.knex.transaction() does, and takes back what it rolls back', async () => {
    const project = await openProject(dialect, {
      'a.mjs': revisionSource(
        'a',
        null,
        `await op.createTable('t', (t) => t.integer('id'));
         await op.knex.transaction(async (trx) => {
           await trx('t').insert({ id: 1 });
           await trx.transaction((inner) => inner('t').insert({ id: 2 }));
         });
         await op.knex.transaction(async (trx) => {
           await trx('t').insert({ id: 3 });
           throw new Error('not this one');
         }).catch(() => undefined);
         await op.knex('t').insert({ id: 4 });`,
      ),
    });
    expect(await runScript(project, await written(project, head, { idempotent: true }))).toMatchObject({ exitCode: 0 });
    expect(await rowsIn(project, 't')).toEqual([{ id: 1 }, { id: 2 }, { id: 4 }]);
  });

  it('puts the session back behind a revision that has set something for it', async () => {
    const set = {
      sqlite: 'PRAGMA case_sensitive_like = ON',
      postgresql: 'CREATE SCHEMA elsewhere; SET search_path = elsewhere',
      mysql: "SET SESSION sql_mode = 'ANSI_QUOTES'",
    }[dialect];
    const project = await openProject(dialect, {
      'a.mjs': revisionSource('a', null, `await op.execute(${JSON.stringify(set)});`),
      'b.mjs': revisionSource('b', 'a', `await op.execute('CREATE TABLE here (id INTEGER)');`),
    });
    expect(await runScript(project, await written(project, head))).toMatchObject({ exitCode: 0 });
    expect(await rowsIn(project, 'here')).toEqual([]);
    expect(await rowsIn(project, 'aludel_version')).toEqual([{ version_num: 'b' }]);
  });
});

describe('a revision that changes search_path and commits half-way', () => {
  const revision = `-- revision: a
-- down_revision: null
-- migrate:up transaction:false
CREATE SCHEMA elsewhere;
SET search_path = elsewhere;
CREATE TABLE there (id INTEGER);
RESET search_path;
CREATE TABLE here (id INTEGER);
`;

  it('is refused where the journal would be looked for in another schema', async () => {
    const project = await openProject('postgresql', { 'a.sql': revision });
    await expect(written(project, head)).rejects.toMatchObject({
      message: expect.stringContaining('does not find its journal') as unknown,
      facts: expect.objectContaining({ line: 5, statement: 'SET search_path = elsewhere' }) as unknown,
    });
    project.write('a.sql', revision.replace('= elsewhere', '= elsewhere, public'));
    expect(await runScript(project, await written(project, head))).toMatchObject({ exitCode: 0 });
    expect(await rowsIn(project, 'here')).toEqual([]);
  });

  it('is written where the configuration says in which schema the journal is', async () => {
    const project = await openProject('postgresql', { 'a.sql': revision });
    const versionLocations = [join(project.directory, 'versions')];
    const settled = { database: project.url, versionLocations, versionTableSchema: 'public' };
    const text = await textOf(script(settled, head));
    expect(await runScript(project, text)).toMatchObject({ exitCode: 0 });
    expect(await rowsIn(project, 'elsewhere.there')).toEqual([]);
  });
});

describe('a revision that asks the database', () => {
  const asking: readonly (readonly [string, string])[] = [
    ['looks at the schema', `if (await op.inspect.hasTable('t')) return;`],
    ['selects through knex', `await op.knex('t').select('id');`],
    ['asks through knex.raw', `await op.knex.raw('SELECT ?', ['a']);`],
    ['asks through knex.raw in a transaction', `await op.knex.transaction((trx) => trx.raw('SELECT 1'));`],
    ['looks through knex.schema', `if (await op.knex.schema.hasTable('t')) return;`],
    ['reads what a statement returned', `const [row] = await op.execute('SELECT 1 AS one');`],
    ['reads what an insert returned', `await op.knex('t').insert({ id: 1 }).returning('id');`],
    ['reckons with a number of rows', `if ((await op.knex('t').update({ id: 1 })) > 0) return;`],
    ['reckons with the rows of a backfill', `if ((await op.backfill({ table: 't', set: { id: 1 } })) > 0) return;`],
    ['catches the refusal and goes on', `await op.inspect.hasTable('t').catch(() => undefined);`],
  ];
  it.each(asking)('and %s is refused with file, line and what to write instead', async (_, code) => {
    const project = await openProject('postgresql', { 'a.mjs': revisionSource('a', null, `\n${code}`) });
    await expect(written(project, head)).rejects.toMatchObject({
      code: 'offline.needs-database',
      exitCode: 2,
      where: join('versions', 'a.mjs:9'),
      // Without the values that knex puts into the statements of its errors.
      message: expect.stringMatching(/as a script: (?:A script has no|The statement is in)/) as unknown,
      hint: expect.stringMatching(/op\.offline[\s\S]*Nothing was written\.$/) as unknown,
    });
  });

  it('does not when it runs in a script and looks where it is', async () => {
    const project = await openProject('postgresql', {
      'a.mjs': revisionSource(
        'a',
        null,
        `if (op.offline && op.context.offline) await op.execute("SELECT setval('numbers', 1)");
         else await op.knex.select(1);`,
      ),
    });
    expect(await written(project, head)).toContain(`\nSELECT setval('numbers', 1);\n`);
  });
});

describe('saving a script', () => {
  it('that fails leaves no file, and what was there stays', async () => {
    const project = await openProject('postgresql', {
      ...threeTables,
      'd.mjs': revisionSource('d', 'c', `await op.inspect.tables();`),
    });
    const file = join(project.directory, 'up.sql');
    writeFileSync(file, 'before');
    const save = saveScript(project.config, head, { output: 'up.sql', rollback: 'back.sql' });
    await expect(save).rejects.toMatchObject({ code: 'offline.needs-database' });
    expect(readFileSync(file, 'utf8')).toBe('before');
    expect(readdirSync(project.directory).toSorted()).toEqual(['up.sql', 'versions']);
  });

  it('puts all of it in the place of what was there, and nothing else', async () => {
    const project = await openProject('postgresql');
    const file = join(project.directory, 'up.sql');
    writeFileSync(file, 'before');
    expect(await saveScript(project.config, head, { output: 'up.sql' })).toMatchObject({
      files: [{ path: 'up.sql', revisions: ['a', 'b', 'c'] }],
    });
    const text = await written(project, head);
    expect(readFileSync(file, 'utf8')).toBe(text.replaceAll('script.sql', 'up.sql'));
    expect(readdirSync(project.directory).toSorted()).toEqual(['up.sql', 'versions']);
  });

  it('refuses a directory that holds something, and a split of one transaction', async () => {
    const project = await openProject('postgresql');
    mkdirSync(join(project.directory, 'scripts'));
    writeFileSync(join(project.directory, 'scripts', '0001_x.sql'), '');
    const save = (options: ScriptOptions): Promise<unknown> =>
      saveScript(project.config, head, { split: 'scripts', ...options });
    await expect(save({})).rejects.toMatchObject({ code: 'file.exists', where: 'scripts' });
    await expect(save({ transactionMode: 'all' })).rejects.toMatchObject({ code: 'usage.invalid' });
  });

  it('leaves no file of several when one of them cannot be written', async () => {
    const project = await openProject('postgresql');
    mkdirSync(join(project.directory, 'taken'));
    for (const options of [{ output: 'up.sql' }, { split: 'scripts' }]) {
      const save = saveScript(project.config, head, { ...options, rollback: 'taken' });
      await expect(save).rejects.toMatchObject({ code: 'file.not-writable', where: 'taken' });
    }
    expect(readdirSync(project.directory).toSorted()).toEqual(['taken', 'versions']);
  });

  it('refuses a way back in the place of a script, and a file in the place of a directory', async () => {
    const project = await openProject('postgresql');
    writeFileSync(join(project.directory, 'file'), 'before');
    const rollback = 'scripts/0002_b.sql';
    const onePlace = saveScript(project.config, head, { split: 'scripts', rollback });
    await expect(onePlace).rejects.toMatchObject({ code: 'usage.invalid' });
    const intoFile = saveScript(project.config, head, { split: 'file' });
    await expect(intoFile).rejects.toThrow('no directory');
    expect(readdirSync(project.directory).toSorted()).toEqual(['file', 'versions']);
  });

  it.each([{ split: 'scripts' }, { output: 'up.sql', rollback: 'back.sql' }, { output: 'up.sql', idempotent: true }])(
    'refuses %j where no revision is run',
    async (options) => {
      const project = await openProject('postgresql');
      for (const request of [{ command: 'stamp', targets: ['a'] }, { command: 'ensure_version' }] as const) {
        const save = saveScript(project.config, request, options);
        await expect(save).rejects.toMatchObject({ code: 'usage.invalid' });
      }
      expect(readdirSync(project.directory)).toEqual(['versions']);
    },
  );

  it('names every revision on the way that has no downgrade', async () => {
    const oneWay = (id: string, down: string | null): string =>
      `export const revision = '${id}';\nexport const down_revision = ${down === null ? null : `'${down}'`};\nexport function upgrade() {}\n`;
    const project = await openProject('postgresql', { 'a.mjs': oneWay('a', null), 'b.mjs': oneWay('b', 'a') });
    await expect(written(project, { command: 'downgrade', range: 'head:base' })).rejects.toMatchObject({
      code: 'revision.no-downgrade',
      facts: { revisions: ['b', 'a'] },
    });
  });
});

describe('the transactions of a script', () => {
  const control = (text: string): readonly string[] =>
    text.slice(text.indexOf('-- upgrade a')).match(/^(?:BEGIN|COMMIT|-- upgrade .|CREATE INDEX CONCURRENTLY)/gm) ?? [];
  const revisions = {
    'a.mjs': revisionSource('a', null, `await op.execute('SELECT 1');`),
    'b.mjs': revisionSource('b', 'a', `await op.createIndex('t', ['id'], { name: 'i', concurrently: true });`),
  };

  it('are those of the live run: one for each revision, and none around what must be outside', async () => {
    const project = await openProject('postgresql', revisions);
    expect(control(await written(project, head)).join(', ')).toBe(
      '-- upgrade a, BEGIN, COMMIT, -- upgrade b, BEGIN, COMMIT, CREATE INDEX CONCURRENTLY, BEGIN, COMMIT',
    );
  });

  it('are one around everything when that is asked for, which holds nothing that must be outside', async () => {
    const project = await openProject('postgresql', revisions);
    const all = { transactionMode: 'all' } as const;
    const toA = await written(project, { command: 'upgrade', range: 'a' }, all);
    expect(control(toA)).toEqual(['-- upgrade a', 'BEGIN', 'COMMIT']);
    await expect(written(project, head, all)).rejects.toMatchObject({ code: 'migration.failed' });
    const onMysql = configAt({ ...project.config, dialect: 'mysql' });
    await expect(textOf(script(onMysql, head, all))).rejects.toMatchObject({ code: 'usage.invalid' });
  });
});

describe('PostgreSQL', () => {
  it('has the invalid index of a failed CREATE INDEX CONCURRENTLY cleared away by an idempotent script', async () => {
    const project = await openProject('postgresql', {
      'a.mjs': revisionSource('a', null, `await op.execute('CREATE TABLE t (n integer)');`),
      'b.mjs': revisionSource(
        'b',
        'a',
        `await op.createIndex('t', ['n'], { name: "it's", unique: true, concurrently: true });`,
      ),
    });
    const text = await written(project, head, { idempotent: true });
    await upgrade(project.config, 'a');
    await project.query('INSERT INTO t VALUES (1), (1)');
    expect(await runScript(project, text)).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('duplicated') as unknown,
    });
    await project.query('DELETE FROM t');
    expect(await runScript(project, text)).toMatchObject({ exitCode: 0 });
    const [index] = await project.query(`SELECT indisvalid FROM pg_index WHERE indrelid = 't'::regclass`);
    expect(index).toMatchObject({ indisvalid: true });
  });
});

describe('MySQL', () => {
  it('changes a column that is defined wholly, as a live run does, and says what is missing of one that is not', async () => {
    const create = revisionSource(
      'a',
      null,
      `await op.createTable('t', (t) => { t.string('name', 20).notNullable(); t.integer('n').unique('one'); });`,
    );
    const whole = `await op.alterColumn('t', 'name', {
        type: 'varchar(50)', collation: 'utf8mb4_bin', nullable: true, default: 'x', comment: 'kept',
      });
      await op.alterColumn('t', 'n', { type: 'bigint', nullable: true, default: null, comment: null, autoincrement: false });
      await op.dropConstraint('t', 'one');`;
    const revisions = { 'a.mjs': create, 'b.mjs': revisionSource('b', 'a', whole) };
    const project = await openProject('mysql', revisions);
    const twin = await openProject('mysql', revisions);
    expect(await runScript(project, await written(project, head))).toMatchObject({ exitCode: 0 });
    await upgrade(twin.config, 'head');
    const shown = 'SHOW CREATE TABLE t';
    expect(await project.query(shown)).toEqual(await twin.query(shown));
    const other = await openProject('mysql', {
      'a.mjs': create,
      'c.mjs': revisionSource('c', 'a', `await op.alterColumn('t', 'name', { nullable: true });`),
    });
    await expect(written(other, head)).rejects.toMatchObject({
      code: 'offline.needs-database',
      hint: expect.stringContaining('Give op.alterColumn all of the definition of "name"') as unknown,
    });
    const commented = await openProject('mysql', {
      'a.mjs': create,
      'd.mjs': revisionSource('d', 'a', `await op.setComment({ kind: 'column', table: 't', name: 'n' }, 'a number');`),
    });
    await expect(written(commented, head)).rejects.toMatchObject({
      hint: expect.stringContaining('Give op.alterColumn all of the definition of "n"') as unknown,
    });
  });

  it('holds IF EXISTS and IF NOT EXISTS for MariaDB, whether there is something or not', async () => {
    const create = `await op.createTable('p', (t) => { t.integer('id').notNullable().primary(); });
      await op.createTable('t', (t) => { t.integer('a').notNullable(); t.integer('old'); });
      await op.execute('CREATE TABLE u (a INTEGER NOT NULL PRIMARY KEY, c VARCHAR(9) UNIQUE, old INTEGER, KEY u_a (a))');`;
    const change = `for (const table of ['t', 'u']) {
        const there = { ifNotExists: true };
        await op.addColumn(table, (t) => t.string('c', 9).notNullable().defaultTo('x, add').comment('it'), there);
        await op.addConstraint(table, { kind: 'primaryKey', columns: ['a'] }, there);
        await op.addConstraint(table, { kind: 'unique', name: 'c', columns: ['c'] }, there);
        await op.addConstraint(table, { kind: 'check', name: 'positive', expression: 'a > 0' }, there);
        await op.addConstraint(table, { kind: 'check', name: 'positive', expression: 'a > 0' }, there);
        const references = { table: 'p', columns: ['id'] };
        const key = { kind: 'foreignKey', name: table + '_p', columns: ['a'], references, onDelete: 'cascade' };
        for (const twice of [1, 2]) await op.addConstraint(table, key, there);
        await op.createIndex(table, ['a', 'c'], { name: 'u_a', ...there });
        await op.createView(table + '_v', 'SELECT a FROM ' + table, { orReplace: table === 'u', ...there });
        await op.dropColumn(table, table === 't' ? 'old' : 'never', { ifExists: true });
        await op.dropIndex(table === 't' ? 'u_a' : 'never', { table, ifExists: true });
        await op.dropIndex('never', { table: 'nowhere', ifExists: true });
        await op.dropConstraint(table, table === 't' ? 'c' : 'never', { ifExists: true });
      }`;
    const revisions = { 'a.mjs': revisionSource('a', null, create), 'b.mjs': revisionSource('b', 'a', change) };
    const project = await openProject('mysql', revisions);
    const twin = await openProject('mysql', revisions);
    await expect(written(project, head)).rejects.toMatchObject({
      code: 'offline.needs-database',
      hint: expect.stringContaining('--dialect mariadb') as unknown,
    });
    const mariadb = { ...project, config: { ...project.config, dialect: 'mariadb' } };
    expect(await runScript(project, await written(mariadb, head))).toMatchObject({ exitCode: 0 });
    await upgrade(twin.config, 'head');
    for (const table of ['t', 'u', 't_v', 'u_v']) {
      const shown = await twin.query(`SHOW CREATE TABLE ${table}`);
      expect(await project.query(`SHOW CREATE TABLE ${table}`)).toEqual(shown);
    }
    expect(await project.query('DESCRIBE t')).toMatchObject([
      { Field: 'a', Key: 'PRI' },
      { Field: 'c', Default: 'x, add' },
    ]);
  });

  describe('an idempotent script whose client ended behind a statement, before it could write that down', () => {
    /** Runs a script of `change` up to this statement, then all of it. */
    async function again(
      setUp: string,
      change: string,
    ): Promise<{ readonly project: LiveProject; readonly run: () => Ran }> {
      const project = await openProject('mysql', {
        'a.mjs': revisionSource('a', null, setUp),
        'b.mjs': revisionSource('b', 'a', `await op.execute(\`${change}\`);`),
      });
      await upgrade(project.config, 'a');
      const text = await written(project, { command: 'upgrade', range: 'a:b' }, { idempotent: true });
      const behind = text.indexOf(';\n', text.indexOf('EXECUTE', text.indexOf(`IF(@aludel_do_1, '${change}'`))) + 2;
      await runScript(project, text.slice(0, behind));
      return { project, run: () => runScript(project, text) };
    }
    type Ran = ReturnType<typeof runScript>;

    it('asks whether a CALL took effect, and does not run it again', async () => {
      const setUp = `await op.execute('CREATE TABLE counted (n INTEGER)');
        await op.execute('CREATE PROCEDURE fill() INSERT INTO counted VALUES (1)');`;
      const { project, run } = await again(setUp, 'CALL fill()');
      const stopped = await run();
      expect(stopped).toMatchObject({ exitCode: 1 });
      expect(stopped.stderr).toMatch(/did statement 1 of the upgrade of b take effect\? .* aludel repair --resume'/);
      expect(await rowsIn(project, 'counted')).toEqual([{ n: 1 }]);
      await repair(project.config, { repair: 'assume-done' });
      expect(await run()).toMatchObject({ exitCode: 0 });
      expect(await run()).toMatchObject({ exitCode: 0 });
      expect(await rowsIn(project, 'counted')).toEqual([{ n: 1 }]);
      expect(await rowsIn(project, 'aludel_version')).toEqual([{ version_num: 'b' }]);
    });

    it('runs an ALTER TABLE of several changes again where the table is as it was, and else asks', async () => {
      const setUp = `await op.execute('CREATE TABLE t (a INTEGER, b INTEGER)');
        await op.execute('INSERT INTO t VALUES (NULL, NULL)');`;
      const change = 'ALTER TABLE t MODIFY COLUMN a INTEGER NOT NULL, ADD COLUMN c INTEGER';
      const { project, run } = await again(setUp, change);
      expect(await run()).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/truncated|NULL/) as unknown });
      await project.query('DELETE FROM t');
      expect(await run()).toMatchObject({ exitCode: 0 });
      expect(await project.query('DESCRIBE t')).toMatchObject([{ Field: 'a' }, { Field: 'b' }, { Field: 'c' }]);

      const took = await again(setUp.replace('NULL, NULL', '1, 1'), change);
      expect(await took.run()).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining('--assume-done') as unknown,
      });
      await repair(took.project.config, { repair: 'assume-done' });
      expect(await took.run()).toMatchObject({ exitCode: 0 });
    });
  });

  it('leaves LOCK TABLES out, and keeps LAST_INSERT_ID over the rows of the journal', async () => {
    const project = await openProject('mysql', {
      'a.sql': `-- revision: a
-- down_revision: null
-- migrate:up
CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, of INT);
LOCK TABLES t WRITE;
INSERT INTO t (id) VALUES (41);
INSERT INTO t () VALUES ();
UNLOCK TABLES;
CREATE TABLE u (id INT);
INSERT INTO u VALUES (LAST_INSERT_ID());
`,
    });
    expect(await runScript(project, await written(project, head))).toMatchObject({ exitCode: 0 });
    expect(await rowsIn(project, 'u')).toEqual([{ id: 42 }]);
  });
});

describe('SQLite', () => {
  it('rebuilds tables that only the history knows, those of the same revision too', async () => {
    const project = await openProject('sqlite', {
      'a.mjs': revisionSource('a', null, `await op.execute('CREATE TABLE t (a TEXT, b TEXT /* kept */)');`),
      'b.mjs': revisionSource('b', 'a', `await op.alterColumn('t', 'a', { nullable: false });`),
      'c.mjs': revisionSource(
        'c',
        'b',
        `await op.execute('CREATE TABLE u (x INTEGER)');
         await op.alterColumn('u', 'x', { type: 'text' });
         await op.addColumn('t', (t) => t.integer('n'));
         await op.alterColumn('t', 'n', { default: 5 });`,
      ),
    });
    const twin = await openProject('sqlite', {});
    for (const name of readdirSync(join(project.directory, 'versions'))) {
      twin.write(name, readFileSync(join(project.directory, 'versions', name), 'utf8'));
    }
    await upgrade(twin.config, 'head');
    const schema = `SELECT sql FROM sqlite_schema WHERE name IN ('t', 'u') ORDER BY name`;
    expect(await runScript(project, await written(project, head))).toMatchObject({ exitCode: 0 });
    expect(await project.query(schema)).toEqual(await twin.query(schema));
    expect(JSON.stringify(await project.query(schema))).toContain('/* kept */');
  });

  it('says why the history cannot be replayed', async () => {
    const project = await openProject('sqlite', {
      'a.mjs': revisionSource('a', null, `await op.execute('INSERT INTO nowhere VALUES (1)');`),
      'b.mjs': revisionSource('b', 'a', `await op.alterColumn('t', 'a', { nullable: false });`),
    });
    await expect(written(project, head)).rejects.toMatchObject({
      code: 'offline.needs-database',
      where: join('versions', 'b.mjs:8'),
      message: expect.stringContaining('no such table: nowhere') as unknown,
    });
    expect(existsSync(project.url.slice('sqlite:'.length))).toBe(false);
  });
});

describe('a dialect that is asked for', () => {
  it('comes before that of the configured database', async () => {
    const project = await openProject('sqlite');
    const other = configAt({ ...project.config, dialect: 'postgresql' });
    expect(await textOf(script(other, head))).toMatch(/^-- aludel \S+: upgrade base:head, for postgresql\n/);
    const unknown = configAt({ ...project.config, dialect: 'oracle' });
    await expect(textOf(script(unknown, head))).rejects.toMatchObject({ code: 'config.unsupported-database' });
  });

  it('tells MariaDB from MySQL, which has no sequences', async () => {
    const project = await openProject('sqlite', {
      'a.mjs': revisionSource('a', null, `await op.createSequence('counter');`),
    });
    const on = (dialect: string): Promise<string> => textOf(script(configAt({ ...project.config, dialect }), head));
    expect(await on('mariadb')).toContain('CREATE SEQUENCE `counter`');
    await expect(on('mysql')).rejects.toMatchObject({ code: 'migration.failed', where: join('versions', 'a.mjs:8') });
  });
});
