import { randomBytes } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { current } from '../../src/commands/current.ts';
import { configAt, type RunEvent } from '../../src/commands/invocation.ts';
import { log } from '../../src/commands/log.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import type { AludelError } from '../../src/support/aludel-error.ts';
import { describeOn, describeOnEveryDialect } from '../servers.ts';
import { liveProject, openedConnection, revisionSource } from './live-project.ts';

await describeOn('postgresql', 'an error that a revision caught', () => {
  const missing = `try { await op.execute('SELECT * FROM missing'); } catch {}`;

  test.for([
    ['before another statement', `${missing}\n  await op.execute('CREATE TABLE t (id INT)');`],
    ['at the end', missing],
    [
      'and told in words of its own',
      `${missing}\n  await op.execute('SELECT 1').catch((cause) => { throw new Error('no', { cause }); });`,
    ],
  ] as const)('is the one that is named: %s', async ([, body]) => {
    const project = await liveProject('postgresql', { 'a1.ts': revisionSource('a1', null, body) });
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({
      code: 'migration.failed',
      message: expect.stringContaining('relation "missing" does not exist') as unknown,
      hint: expect.stringMatching(/caught this error[^]*op\.knex\.transaction[^]*rolled back/) as unknown,
      facts: expect.objectContaining({ line: 8, statement: 'SELECT * FROM missing', statement_number: 1 }) as unknown,
    });
  });

  test('and from which it went back is none', async () => {
    const body = `try { await op.knex.transaction(async (trx) => { await trx.raw('SELECT * FROM missing'); }); } catch {}
  await op.execute('SELECT * FROM gone');`;
    const project = await liveProject('postgresql', { 'a1.ts': revisionSource('a1', null, body) });
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({
      message: expect.stringContaining('relation "gone" does not exist') as unknown,
    });
  });
});

await describeOn('postgresql', 'a place that the server names', () => {
  const inBody = 'CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  retrun 2;\nEND $$;';

  test.for([
    ['in a statement', `SELECT 1;\nSELECT 'é𝄞',\n  nosuch;`, 3, 'nosuch'],
    ['in the body of a function, which begins the revision', inBody, 3, 'retrun'],
    ['in a DO block', 'SELECT 1;\nDO $x$\nBEGIN\n  PERFORM 1;\n  PERFORM 1 / 0;\nEND $x$;', 5, 'PERFORM 1 / 0'],
    ['in the first line of a DO block', `DO LANGUAGE plpgsql 'BEGIN RAISE ''no''; END';`, 1, `'BEGIN`],
    ['behind a secret', `CREATE ROLE aludel_nobody\n  PASSWORD 'geheim' nonsense;`, 2, 'nonsense'],
  ] as const)('has its own line, and its place in the statement as it is shown: %s', async ([, sql, line, word]) => {
    const head = '-- revision: a1\n-- down_revision: null\n-- migrate:up\n';
    const project = await liveProject('postgresql', { 'a1.sql': `${head}${sql}\n` });
    const error = await upgrade(project.config, 'head').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'migration.failed', where: `versions/a1.sql:${3 + line}` });
    const { statement, offset } = (error as AludelError).facts;
    expect(String(statement).slice(Number(offset))).toMatch(new RegExp(`^${word}`));
  });

  test('in a function is told with that function and its line', async () => {
    const body = 'CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  RETURN 1 / 0;\nEND $$;';
    const head = '-- revision: a1\n-- down_revision: null\n-- migrate:up\n';
    const project = await liveProject('postgresql', {
      'a1.sql': `${head}${body}\nDO $$ BEGIN\n  PERFORM f(); END $$;\n`,
    });
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({
      message: expect.stringMatching(
        /: division by zero\. In PL\/pgSQL function .*f\(\) line 3 at RETURN\.$/,
      ) as unknown,
      where: 'versions/a1.sql:9',
    });
  });

  test('in a body leaves the transaction rolled back, the failure in the journal and no warning', async () => {
    const project = await liveProject('postgresql', {
      'a1.ts': revisionSource('a1', null, `await op.execute(${JSON.stringify(inBody)});`),
    });
    const warnings: string[] = [];
    const onEvent = (event: RunEvent): void => {
      if (event.kind === 'warning') warnings.push(event.text);
    };
    await expect(upgrade(project.config, 'head', { onEvent })).rejects.toMatchObject({ code: 'migration.failed' });
    expect(warnings).toEqual([]);
    expect((await log(project.config)).entries).toMatchObject([{ event: 'failed' }]);
  });
});

await describeOn('mysql', 'a place that the server names', () => {
  test.for([
    ['by what follows', `CREATE PROCEDURE p()\nBEGIN\n  SELECT 1;\n  SELEC 1;\nEND;`, 4, /^1;\nEND$/],
    ['by the end', `SELECT 1,\n  (2;`, 2, /^$/],
  ] as const)('has its own line, and its place in the statement: %s', async ([, sql, line, rest]) => {
    const head = '-- revision: a1\n-- down_revision: null\n-- migrate:up\n';
    const project = await liveProject('mysql', { 'a1.sql': `${head}${sql}\n` });
    const error = await upgrade(project.config, 'head').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'migration.failed', where: `versions/a1.sql:${3 + line}` });
    const { statement, offset } = (error as AludelError).facts;
    expect(String(statement).slice(Number(offset))).toMatch(rest);
  });
});

await describeOn('postgresql', 'an index whose building was held up until its time was over', () => {
  test('is not said to be rolled back, and the same command builds it', async () => {
    const head = '-- revision: a1\n-- down_revision: null\n-- statement_timeout: 500ms\n';
    const build = '-- migrate:up transaction:false\nCREATE INDEX CONCURRENTLY by_n ON one (n);\n';
    const project = await liveProject('postgresql', { 'a1.sql': head + build });
    await project.query('CREATE TABLE one (n INT)');
    const other = await openedConnection(project.url);
    try {
      await other.script('BEGIN; INSERT INTO one VALUES (1)');
      await expect(upgrade(project.config, 'head')).rejects.toMatchObject({
        code: 'migration.failed',
        hint: expect.stringMatching(
          /may be left, such as an invalid index: the same command clears it away\.$/,
        ) as unknown,
      });
      await other.script('COMMIT');
    } finally {
      await other.close();
    }
    await upgrade(project.config, 'head');
    expect(await project.query('SELECT indisvalid FROM pg_index WHERE indexrelid = $$by_n$$::regclass')).toEqual([
      { indisvalid: true },
    ]);
  });
});

await describeOn('mysql', 'a statement that is larger than the server takes', () => {
  test('is told as such: running it again would not help', async ({ skip }) => {
    const insert = `await op.execute('INSERT INTO one VALUES (?)', ['x'.repeat(Number(op.context.x['size']))]);`;
    const project = await liveProject('mysql', {
      'a1.ts': revisionSource('a1', null, insert),
    });
    await project.query('CREATE TABLE one (text LONGTEXT)');
    const [row] = await project.query('SELECT @@max_allowed_packet AS size');
    const size = Number(row?.['size']);
    if (size > 2 ** 26) skip('this server takes more than a test should send');
    await expect(upgrade({ ...project.config, x: [`size=${size}`] }, 'head')).rejects.toMatchObject({
      code: 'database.connection-lost',
      hint: expect.stringMatching(/^The statement had \d+ MiB: .*max_allowed_packet/) as unknown,
    });
  });
});

test.each(['ssl=true', 'charset=klingon'])('options that mysql2 cannot read are no defect: %s', async (options) => {
  await expect(current(configAt({ url: `mysql://ada@127.0.0.1:1/app?${options}` }))).rejects.toMatchObject({
    code: 'config.invalid',
    message: expect.stringMatching(/^mysql2 cannot read the options of mysql:.*\?(?:ssl|charset)=.*\.$/) as unknown,
  });
});

await describeOn('postgresql', 'a COMMIT that fails', () => {
  const parent = `await op.execute('CREATE TABLE parent (id INT PRIMARY KEY)');`;
  const orphan = `await op.execute('CREATE TABLE child (id INT REFERENCES parent DEFERRABLE INITIALLY DEFERRED)');
  await op.execute('INSERT INTO child VALUES (1)');`;

  test('names the revisions of the transaction, and is in the journal', async () => {
    const project = await liveProject('postgresql', {
      'a1.ts': revisionSource('a1', null, parent),
      'b2.ts': revisionSource('b2', 'a1', orphan),
    });
    await expect(upgrade(project.config, 'head', { transactionMode: 'all' })).rejects.toMatchObject({
      code: 'migration.failed',
      message: expect.stringMatching(/^2 revisions, a1 to b2, failed at the COMMIT.*foreign key/) as unknown,
      hint: expect.stringContaining('rolled back') as unknown,
      facts: expect.objectContaining({ revisions: ['a1', 'b2'], database_code: '23503', completed: [] }) as unknown,
    });
    expect((await log(project.config)).entries).toMatchObject([
      { event: 'failed', message: expect.any(String) as unknown },
    ]);
  });

  test('names its revision when each has a transaction of its own', async () => {
    const project = await liveProject('postgresql', {
      'a1.ts': revisionSource('a1', null, parent),
      'b2.ts': revisionSource('b2', 'a1', orphan),
    });
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({
      code: 'migration.failed',
      facts: expect.objectContaining({ revision: 'b2', completed: ['a1'] }) as unknown,
    });
  });
});

await describeOn('postgresql', 'a journal that cannot be read before the next try', () => {
  test('does not hide why there was to be one', async () => {
    const body = `await op.execute("DO $$ BEGIN RAISE EXCEPTION 'too late' USING ERRCODE = '40001'; END $$");`;
    const project = await liveProject('postgresql', { 'a1.ts': revisionSource('a1', null, body) });
    const other = await openedConnection(project.url);
    const broken: Promise<unknown>[] = [];
    const onEvent = ({ kind }: RunEvent): void => {
      if (kind === 'retrying' && broken.length === 0)
        broken.push(other.query('ALTER TABLE aludel_log RENAME COLUMN tool TO tools'));
    };
    await expect(upgrade(project.config, 'head', { onEvent })).rejects.toMatchObject({
      code: 'migration.blocked',
      message: expect.stringContaining('too late') as unknown,
      facts: expect.objectContaining({ revision: 'a1' }) as unknown,
    });
    await Promise.all(broken);
    await other.close();
  });
});

await describeOnEveryDialect('SQL that cannot be read', (dialect) => {
  const unread = `await op.execute("SELECT 'open");`;

  test('in a revision that runs is a failure of that revision', async () => {
    const project = await liveProject(dialect, {
      'a1.ts': revisionSource('a1', null, `await op.createTable('t', (table) => table.integer('n'));`),
      'b2.ts': revisionSource('b2', 'a1', unread),
    });
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({
      code: 'migration.failed',
      where: 'versions/b2.ts:8',
      facts: expect.objectContaining({ revision: 'b2', line: 8, completed: ['a1'] }) as unknown,
    });
  });

  test('after statements that stay leaves the revision partly applied', async () => {
    const body = `await op.createTable('t', (table) => table.integer('n'));\n  ${unread}`;
    const project = await liveProject(dialect, { 'a1.ts': revisionSource('a1', null, body) });
    await expect(upgrade(project.config, 'head', { transactionMode: 'none' })).rejects.toMatchObject({
      code: 'migration.partial',
      facts: expect.objectContaining({ line: 9 }) as unknown,
    });
  });
});

await describeOnEveryDialect('what a run before has left for good', (dialect) => {
  const leftBehind = async (name: string, source: string) => {
    const project = await liveProject(dialect, { [name]: source });
    await expect(upgrade(project.config, 'head', { transactionMode: 'none' })).rejects.toMatchObject({
      code: 'migration.partial',
    });
    return project;
  };
  const stays = { hint: expect.stringMatching(/^(?![^]*rolled back: )[^]*1 statement of it took effect/) as unknown };

  test('is not said to be rolled back when a statement was changed', async () => {
    const source = (first: string): string =>
      `-- revision: a1\n-- down_revision: null\n-- migrate:up\n${first};\nnonsense;\n`;
    const project = await leftBehind('a1.sql', source('CREATE TABLE one (id INTEGER)'));
    project.write('a1.sql', source('CREATE TABLE other (id INTEGER)'));
    const again = upgrade(project.config, 'head', { transactionMode: 'none' });
    await expect(again).rejects.toMatchObject({ code: 'migration.changed', ...stays });
  });

  test('is not said to be rolled back when the revision fails before it', async () => {
    const body = `if (op.context.x.early) throw new Error('no');
  await op.execute('CREATE TABLE one (id INTEGER)');
  await op.execute('nonsense');`;
    const project = await leftBehind('a1.ts', revisionSource('a1', null, body));
    const again = upgrade({ ...project.config, x: ['early=yes'] }, 'head', { transactionMode: 'none' });
    await expect(again).rejects.toMatchObject({ code: 'migration.partial', ...stays });
  });
});

const withoutRights = {
  postgresql: {
    create: (user: string) => [`CREATE ROLE ${user} LOGIN PASSWORD 'poor'`],
    drop: (user: string) => `DROP ROLE ${user}`,
  },
  mysql: {
    create: (user: string, database: string) => [
      `CREATE USER ${user}@'%' IDENTIFIED BY 'poor'`,
      `GRANT SELECT ON ${database}.* TO ${user}@'%'`,
    ],
    drop: (user: string) => `DROP USER ${user}@'%'`,
  },
};

for (const dialect of ['postgresql', 'mysql'] as const) {
  await describeOn(dialect, 'a user who may not create tables', () => {
    test('is told what a migration needs', async () => {
      const project = await liveProject(dialect, { 'a1.ts': revisionSource('a1', null, '') });
      const { create, drop } = withoutRights[dialect];
      const user = `aludel_poor_${randomBytes(4).toString('hex')}`;
      for (const sql of create(user, new URL(project.url).pathname.slice(1))) await project.query(sql);
      onTestFinished(async () => void (await project.query(drop(user))));
      const url = Object.assign(new URL(project.url), { username: user, password: 'poor' }).href;
      await expect(upgrade(configAt({ cwd: project.directory, url }), 'head')).rejects.toMatchObject({
        code: 'database.failed',
        message: expect.stringMatching(/ refused: .*(?:permission denied|command denied)/) as unknown,
        hint: expect.stringContaining('creates tables of its own') as unknown,
      });
    });
  });
}
