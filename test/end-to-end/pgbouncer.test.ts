import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { createDatabase } from '../servers.ts';
import { describeBehindPgbouncer, pgbouncerBefore, type PoolSettings } from '../support/pgbouncer.ts';
import {
  expectError,
  fileExists,
  projectOf,
  revision,
  start,
  tableRevision,
  untilToldToGoOn,
  type Finished,
} from './project.ts';

const transactionPool: PoolSettings = { mode: 'transaction', size: 3 };

/** A project whose database is behind PgBouncer. */
interface PooledProject {
  readonly directory: string;
  /** URLs that lead to its database. */
  readonly urls: { readonly pool: string; readonly server: string };
  /** Starts `aludel` through the pool unless another URL is given. */
  readonly start: (args: readonly string[], url?: string) => ReturnType<typeof start>;
  readonly run: (args: readonly string[], url?: string) => Promise<Finished>;
  /** Asks the server itself. With one column only, its values. */
  readonly query: (sql: string) => Promise<readonly unknown[]>;
}

interface PooledSettings {
  readonly pool?: PoolSettings;
  readonly lease?: string;
  readonly lock?: 'auto' | 'session';
}

async function pooledProject(
  files: Readonly<Record<string, string>>,
  { pool = transactionPool, lease = '30s', lock = 'auto' }: PooledSettings = {},
): Promise<PooledProject> {
  const database = await createDatabase('postgresql');
  onTestFinished(() => database.drop());
  const urls = { pool: await pgbouncerBefore(database.url, pool), server: database.url };
  const directory = projectOf(files);
  writeFileSync(join(directory, 'migrate.config.json'), JSON.stringify({ lock, lockLease: lease }));
  const startIn: PooledProject['start'] = (args, url = urls.pool) => start(directory, [...args, '--url', url]);
  return {
    directory,
    urls,
    start: startIn,
    run: async (args, url) => await startIn(args, url).finished,
    async query(sql) {
      const client = new Client({ connectionString: database.url });
      await client.connect();
      try {
        const { rows } = await client.query<Record<string, unknown>>(sql);
        return rows.map((row) => (Object.keys(row).length === 1 ? Object.values(row)[0] : row));
      } finally {
        await client.end();
      }
    },
  };
}

const applied = "SELECT revision FROM aludel_log WHERE event = 'applied' ORDER BY id";
const versions = 'SELECT version_num FROM aludel_version ORDER BY 1';
const userTables =
  "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'aludel%' ORDER BY 1";

/** Every way a statement can take: in the transaction, through knex, outside of it, and in a SQL section without one. */
const allWays = {
  'a1.ts': tableRevision('a1'),
  'b1.ts': revision('b1', {
    down: 'a1',
    upgrade: `
  await op.execute('INSERT INTO a1 SELECT generate_series(1, 100)');
  await op.knex('a1').where('id', '>', 90).delete();
  await op.bulkInsert('a1', [{ id: 1001 }, { id: 1002 }]);
  await op.autocommit(async () => { await op.execute('CREATE INDEX CONCURRENTLY a1_by_id ON a1 (id)'); });
  await op.execute('INSERT INTO a1 VALUES ($1)', [2000]);`,
    downgrade: `
  await op.autocommit(async () => { await op.execute('DROP INDEX CONCURRENTLY a1_by_id'); });
  await op.execute('DELETE FROM a1');`,
  }),
  'c1.sql': `-- revision: c1
-- down_revision: b1
-- migrate:up transaction:false
CREATE TABLE c1 (id INTEGER);
INSERT INTO c1 VALUES (1);
CREATE UNIQUE INDEX CONCURRENTLY c1_id ON c1 (id);
-- migrate:down
DROP TABLE c1;
`,
};

/** Waits outside its transaction to be told to go on, and then writes a row. */
const waitsOutside = `
  await op.autocommit(async () => {
    await op.execute('CREATE INDEX CONCURRENTLY a1_by_id ON a1 (id)');${untilToldToGoOn}
  });
  await op.execute('INSERT INTO a1 VALUES (1)');`;

/** The same inside its transaction. */
const waitsInside = `
  await op.execute('INSERT INTO a1 VALUES (2)');${untilToldToGoOn}
  await op.execute('INSERT INTO a1 VALUES (1)');`;

function waitingFiles(body: string): Readonly<Record<string, string>> {
  return { 'a1.ts': tableRevision('a1'), 'b1.ts': revision('b1', { down: 'a1', upgrade: body }) };
}

await describeBehindPgbouncer('behind PgBouncer', () => {
  it('a transaction pool carries every kind of statement, up and down', async () => {
    const { run, query } = await pooledProject(allWays);
    expect(await run(['upgrade', 'head'])).toMatchObject({ code: 0 });
    expect(await query(versions)).toEqual(['c1']);
    expect(await query(applied)).toEqual(['a1', 'b1', 'c1']);
    expect(await query('SELECT count(*)::int FROM a1')).toEqual([93]);
    expect(
      await query(
        "SELECT indexrelid::regclass::text FROM pg_index WHERE indisvalid AND indexrelid::regclass::text ~ '(a1_by_id|c1_id)' ORDER BY 1",
      ),
    ).toEqual(['a1_by_id', 'c1_id']);
    expect(await run(['current', '--check-heads'])).toMatchObject({ code: 0 });
    expect(await run(['downgrade', 'base'])).toMatchObject({ code: 0 });
    expect(await query(versions)).toEqual([]);
    expect(await query(userTables)).toEqual([]);
    expect(await run(['stamp', 'b1'])).toMatchObject({ code: 0 });
    expect(await query(versions)).toEqual(['b1']);
  });

  it.each(['all', 'none'])('a transaction pool carries a run in transaction mode %s', async (mode) => {
    const { run, query } = await pooledProject({
      'a1.ts': tableRevision('a1'),
      'b1.ts': tableRevision('b1', { down: 'a1' }),
    });
    expect(await run(['upgrade', 'head', '--transaction-mode', mode])).toMatchObject({ code: 0 });
    expect(await query(applied)).toEqual(['a1', 'b1']);
    expect(await query(userTables)).toEqual(['a1', 'b1']);
  });

  it('ten processes upgrade a new database at once: each revision is applied once, and all succeed', async () => {
    const { run, query } = await pooledProject(allWays);
    const runs = await Promise.all(Array.from({ length: 10 }, () => run(['upgrade', 'head'])));
    expect(runs.map(({ code, stderr }) => (code === 0 ? 0 : stderr))).toEqual(runs.map(() => 0));
    expect(runs.filter(({ stdout }) => stdout.includes('Upgraded 3 revisions'))).toHaveLength(1);
    expect(await query(applied)).toEqual(['a1', 'b1', 'c1']);
    expect(await query('SELECT count(*)::int FROM a1')).toEqual([93]);
  });

  it.each([
    ['between two transactions', waitsOutside, []],
    ['inside a transaction', waitsInside, [2]],
  ])(
    'a holder stopped %s for longer than its lease is replaced, and changes nothing when it goes on',
    async (_, body, before) => {
      const project = await pooledProject(waitingFiles(body), { lease: '2s' });
      const holder = project.start(['upgrade', 'head']);
      await fileExists(join(project.directory, 'reached'));
      holder.child.kill('SIGSTOP');
      writeFileSync(join(project.directory, 'go-on'), '');
      const next = await project.run(['upgrade', 'head']);
      expect(next, next.stderr).toMatchObject({ code: 0 });
      const left = async () => [
        await project.query('SELECT id FROM a1 ORDER BY id'),
        await project.query('SELECT * FROM aludel_log ORDER BY id'),
      ];
      const state = await left();
      expect(state[0]).toEqual([1, ...before]);

      holder.child.kill('SIGCONT');
      const fenced = await holder.finished;
      expect(fenced.stderr).toMatch(/database\.lock-lost: .*taken over/s);
      expect(fenced.code).toBe(1);
      expect(await left()).toEqual(state);
      expect(await project.query(applied)).toEqual(['a1', 'b1']);
      expect(await project.query('SELECT owner FROM aludel_lock')).toEqual([null, null]);
    },
  );

  it('the lease of a killed holder is taken over when it has expired, not before', async () => {
    const project = await pooledProject(waitingFiles(waitsOutside), { lease: '4s' });
    const holder = project.start(['upgrade', 'head']);
    await fileExists(join(project.directory, 'reached'));
    holder.child.kill('SIGKILL');
    await holder.finished;
    const [end] = await project.query('SELECT MAX(expires)::text FROM aludel_lock');
    writeFileSync(join(project.directory, 'go-on'), '');
    expect(await project.run(['upgrade', 'head'])).toMatchObject({ code: 0 });
    expect(await project.query('SELECT id FROM a1')).toEqual([1]);
    expect(await project.query(applied)).toEqual(['a1', 'b1']);
    expect(await project.query(`SELECT since >= '${String(end)}' FROM aludel_lock`)).toEqual([true, true]);
  });

  it('the lease of a killed holder is not taken over while the server still carries out its statement', async () => {
    const files = {
      'a1.ts': tableRevision('a1'),
      'b1.sql': `-- revision: b1
-- down_revision: a1
-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY a1_by_id ON a1 (id);
-- migrate:down
`,
    };
    const project = await pooledProject(files, { lease: '1s' });
    await project.run(['upgrade', 'a1']);
    const writer = new Client({ connectionString: project.urls.server });
    writer.on('error', () => undefined);
    await writer.connect();
    // The index is not finished before this transaction is.
    await writer.query('BEGIN; INSERT INTO a1 VALUES (1)');
    const holder = project.start(['upgrade', 'head']);
    const building = "SELECT pid FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX%' AND state = 'active'";
    await until(async () => (await project.query(building)).length === 1);
    holder.child.kill('SIGKILL');
    await holder.finished;
    const early = await project.run(['upgrade', 'head', '--lock-timeout', '3s']);
    expectError(early, 'database.locked', `pid ${holder.child.pid}`, 'at revision b1', 'its lease has expired');

    await writer.query('COMMIT');
    await writer.end();
    expect(await project.run(['upgrade', 'head'])).toMatchObject({ code: 0 });
    expect(await project.query(applied)).toEqual(['a1', 'b1']);
    expect(
      await project.query("SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = 'a1'::regclass ORDER BY 1"),
    ).toEqual(['a1_by_id', 'a1_pkey']);
  });

  it('what a revision sets for the session is not handed on to the next client of the pool', async () => {
    const set = `
  await op.execute("SET statement_timeout = '11s'; SELECT set_config('lock_timeout', '12s', false)");
  await op.createTable('b1', (t) => { t.integer('id'); });`;
    const { run, urls } = await pooledProject(
      { 'b1.ts': revision('b1', { upgrade: set }) },
      { pool: { ...transactionPool, size: 1 } },
    );
    expect(await run(['upgrade', 'head'])).toMatchObject({ code: 0 });
    const next = new Client({ connectionString: urls.pool });
    await next.connect();
    const { rows } = await next.query(
      "SELECT current_setting('statement_timeout') AS st, current_setting('lock_timeout') AS lt",
    );
    await next.end();
    expect(rows).toEqual([{ st: '0', lt: '0' }]);
  });

  it('a setting for the session is refused where there is no transaction to hold it', async () => {
    const set = `  await op.autocommit(async () => { await op.execute("SET statement_timeout = '11s'"); });`;
    const { run } = await pooledProject({ 'b1.ts': revision('b1', { upgrade: set }) });
    expectError(await run(['upgrade', 'head']), 'migration.failed', 'belongs to the pool', 'SET statement_timeout');
  });

  it('a run through the pool and one on the server itself keep each other out, and name each other', async () => {
    const project = await pooledProject(waitingFiles(waitsOutside));
    const pooled = project.start(['upgrade', 'head']);
    await fileExists(join(project.directory, 'reached'));
    const direct = await project.run(['stamp', 'a1', '--lock-timeout', '0'], project.urls.server);
    expectError(direct, 'database.locked', `pid ${pooled.child.pid}, since 20`, 'at revision b1', 'by lease');
    writeFileSync(join(project.directory, 'go-on'), '');
    expect(await pooled.finished).toMatchObject({ code: 0 });

    expect(await project.run(['stamp', 'a1'], project.urls.server)).toMatchObject({ code: 0 });
  });

  it('a run on the server itself keeps out one through the pool', async () => {
    const project = await pooledProject(waitingFiles(waitsOutside));
    const direct = project.start(['upgrade', 'head'], project.urls.server);
    await fileExists(join(project.directory, 'reached'));
    expect(await project.query("SELECT to_regclass('aludel_lock')")).toEqual([null]);
    const pooled = await project.run(['upgrade', 'head', '--lock-timeout', '300ms']);
    expectError(pooled, 'database.locked', `pid ${direct.child.pid}, since 20`, 'at revision b1', 'server process');
    writeFileSync(join(project.directory, 'go-on'), '');
    expect(await direct.finished).toMatchObject({ code: 0 });
  });

  it.each([
    ['auto', 'aludel_lock'],
    ['session', null],
  ] as const)('a session pool carries a run with lock %s', async (lock, lockTable) => {
    const pool = { mode: 'session', size: 3 } as const;
    const { run, query } = await pooledProject(allWays, { pool, lock });
    expect(await run(['upgrade', 'head'])).toMatchObject({ code: 0 });
    expect(await query(applied)).toEqual(['a1', 'b1', 'c1']);
    expect(await query("SELECT to_regclass('aludel_lock')::text")).toEqual([lockTable]);
  });

  it('a statement pool is refused before anything is changed', async () => {
    const project = await pooledProject(allWays, { pool: { mode: 'statement', size: 3 } });
    expectError(await project.run(['upgrade', 'head']), 'database.pooler', 'statement pooling');
    expect(await project.query("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace")).toEqual([]);
  });

  it('a pool that ignores the search_path of the URL is refused before anything is changed', async () => {
    const pool = { ...transactionPool, more: ['ignore_startup_parameters = options'] };
    const { run, query, urls } = await pooledProject({ 'a1.ts': tableRevision('a1') }, { pool });
    await query('CREATE SCHEMA shop');
    const withPath = `${urls.pool}?search_path=shop`;
    expectError(await run(['upgrade', 'head'], withPath), 'database.pooler', 'search_path', 'ALTER ROLE');
    expect(await query(userTables)).toEqual([]);
  });

  it('a direct connection is told from a pool', async () => {
    const { run, query, urls } = await pooledProject({ 'a1.ts': tableRevision('a1') });
    expect(await run(['upgrade', 'head'], urls.server)).toMatchObject({ code: 0 });
    expect(await query("SELECT to_regclass('aludel_lock')")).toEqual([null]);
  });
});

/** Asks until the answer is yes. */
async function until(question: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; !(await question()); waited += 50) {
    if (waited > 20_000) throw new Error('it did not come to pass within 20 s');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
