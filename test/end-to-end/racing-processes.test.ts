/** Many processes on one database at once: what replicas with migrations at their start do. */
import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { DialectName } from '../../src/dialects/connection.ts';
import { liveProject, openedConnection, type LiveProject } from '../commands/live-project.ts';
import { describeOn, describeOnEveryDialect } from '../servers.ts';
import { expectError, fileExists, pauseInRevision, revision, start, tableRevision, type Finished } from './project.ts';

/** Three revisions whose statements would not go through twice, or would leave a trace. */
const revisions = {
  'a1.ts': tableRevision('a1'),
  'b1.sql': `-- revision: b1
-- down_revision: a1
-- migrate:up
INSERT INTO a1 (id) VALUES (1);
ALTER TABLE a1 ADD COLUMN n INTEGER DEFAULT 0;
UPDATE a1 SET n = n + 1;
-- migrate:down
ALTER TABLE a1 DROP COLUMN n;
DELETE FROM a1;
`,
  'c1.ts': revision('c1', {
    down: 'b1',
    upgrade: `  await op.knex('a1').increment('n', 10);
  await op.createIndex('a1', ['n']);`,
    downgrade: `  await op.dropIndex('a1_n_index', { table: 'a1' });
  await op.knex('a1').decrement('n', 10);`,
  }),
};

const concurrently = revision('d1', {
  down: 'c1',
  upgrade: `  await op.autocommit(async () => {
    await op.execute('CREATE INDEX CONCURRENTLY a1_again ON a1 (n)');
    await op.execute('UPDATE a1 SET n = n + 100');
  });`,
});

function run(project: LiveProject, ...args: readonly string[]): ReturnType<typeof start> {
  return start(project.directory, [...args, '--url', project.url]);
}

/** Settles when a process has said that it waits for the lock; fails when it ends without having waited. */
function waits(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stderr?.on('data', (text: string) => {
      if (text.includes('waiting for the migration lock')) resolve();
    });
    child.once('close', () => reject(new Error('the process did not wait')));
  });
}

async function together(project: LiveProject, commands: readonly (readonly string[])[]): Promise<readonly Finished[]> {
  return await Promise.all(commands.map((args) => run(project, ...args).finished));
}

function failuresOf(runs: readonly Finished[]): readonly string[] {
  return runs.filter(({ code }) => code !== 0).map(({ code, stderr }) => `${code}: ${stderr}`);
}

async function applied(project: LiveProject): Promise<readonly unknown[]> {
  const rows = await project.query("SELECT revision FROM aludel_log WHERE event = 'applied' ORDER BY id");
  return rows.map((row) => row['revision']);
}

async function versionRows(project: LiveProject): Promise<readonly unknown[]> {
  const rows = await project.query('SELECT version_num FROM aludel_version ORDER BY version_num');
  return rows.map((row) => row['version_num']);
}

/** The version rows that the journal adds up to. Each of its rows must begin where the one before it ended. */
async function rowsByTheJournal(project: LiveProject): Promise<readonly string[]> {
  const journal = await project.query(
    "SELECT event, detail FROM aludel_log WHERE event IN ('applied', 'reverted', 'stamped') ORDER BY id",
  );
  let rows: readonly string[] = [];
  for (const { event, detail } of journal) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- JSON that the tool wrote
    const facts = JSON.parse(String(detail)) as Readonly<Record<string, readonly string[]>>;
    const stamped = event === 'stamped';
    const removed = (stamped ? facts['heads_before'] : facts['rows_removed']) ?? [];
    const added = (stamped ? facts['heads_after'] : facts['rows_added']) ?? [];
    expect(rows).toEqual(expect.arrayContaining([...removed]));
    rows = [...rows.filter((row) => !removed.includes(row)), ...added];
  }
  return [...rows].sort();
}

/** How many connections to the project's own database there are at most while `work` goes on, those that ask aside. */
async function mostConnections(project: LiveProject, dialect: DialectName, work: Promise<unknown>): Promise<number> {
  const question = {
    sqlite: 'SELECT 0 AS n',
    postgresql:
      'SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    mysql: 'SELECT COUNT(*) - 1 AS n FROM information_schema.PROCESSLIST WHERE DB = DATABASE()',
  }[dialect];
  const ended = work.then(() => true);
  // One connection for all the questions: of several, one that has just been closed would still be counted.
  const asking = await openedConnection(project.url);
  let most = 0;
  do {
    const [row] = (await asking.query(question)).rows;
    most = Math.max(most, Number(row?.['n']));
  } while (!(await Promise.race([ended, new Promise<false>((resolve) => setTimeout(() => resolve(false), 20))])));
  await asking.close();
  return most;
}

const upgrade = ['upgrade', 'head'] as const;

/** Pauses half-way. */
const paused = revision('d1', {
  down: 'c1',
  upgrade: `  await op.execute('INSERT INTO a1 (id) VALUES (2)');${pauseInRevision}  await op.execute('INSERT INTO a1 (id) VALUES (3)');`,
});

await describeOnEveryDialect('processes at once', (dialect) => {
  it.each([2, 10, 50])('%i that upgrade an empty database: one applies, all succeed', async (count) => {
    const project = await liveProject(dialect, revisions);
    const racing = together(
      project,
      Array.from({ length: count }, () => upgrade),
    );
    const connections = await mostConnections(project, dialect, racing);
    const runs = await racing;
    expect(failuresOf(runs)).toEqual([]);
    expect(runs.filter(({ stdout }) => stdout.includes('Upgraded 3 revisions'))).toHaveLength(1);
    expect(runs.filter(({ stdout }) => stdout.includes('Nothing to do'))).toHaveLength(count - 1);
    expect(await applied(project)).toEqual(['a1', 'b1', 'c1']);
    expect(await versionRows(project)).toEqual(['c1']);
    expect(await project.query('SELECT id, n FROM a1')).toEqual([{ id: 1, n: 11 }]);
    // A server takes 100 (PostgreSQL) or 151 (MariaDB) unless told otherwise.
    expect(connections).toBeLessThanOrEqual(count);
  });

  it('upgrades against downgrades: one after the other, each from where the other ended', async () => {
    const project = await liveProject(dialect, revisions);
    const downgrade = ['downgrade', 'base'] as const;
    expect(failuresOf(await together(project, [upgrade]))).toEqual([]);
    const runs = await together(project, [downgrade, upgrade, downgrade, upgrade, downgrade, upgrade]);
    expect(failuresOf(runs)).toEqual([]);
    expect(await rowsByTheJournal(project)).toEqual(await versionRows(project));

    expect(failuresOf(await together(project, [upgrade]))).toEqual([]);
    expect(await project.query('SELECT id, n FROM a1')).toEqual([{ id: 1, n: 11 }]);
  });

  it('an upgrade against stamps: the version rows are those of whoever came last', async () => {
    const project = await liveProject(dialect, revisions);
    const runs = await together(project, [
      ['stamp', 'a1'],
      upgrade,
      ['stamp', 'c1', '--purge'],
      ['upgrade', 'b1'],
      ['stamp', 'base'],
    ]);
    // An upgrade that follows a stamp may find a table missing, or there already; what it does not do is mix with it.
    for (const { code, stderr } of runs) expect(code === 0 ? '' : stderr).toMatch(/^$|failed in its upgrade/);
    expect(await rowsByTheJournal(project)).toEqual(await versionRows(project));
  });

  it('a stopped holder: others name it and give up after their time, or wait until it goes on', async () => {
    const project = await liveProject(dialect, {
      ...revisions,
      'd1.ts': paused,
    });
    const { child, finished } = run(project, ...upgrade);
    await fileExists(join(project.directory, 'reached'));
    child.kill('SIGSTOP');
    const refused = await run(project, ...upgrade, '--lock-timeout', '300ms').finished;
    const stamped = await run(project, 'stamp', 'a1', '--lock-timeout', '0').finished;
    const reading = await run(project, 'current').finished;
    const patient = run(project, ...upgrade);
    await waits(patient.child);
    writeFileSync(join(project.directory, 'go-on'), '');
    child.kill('SIGCONT');

    expectError(refused, 'database.locked', `pid ${child.pid}`);
    expectError(stamped, 'database.locked', `pid ${child.pid}`);
    expect(reading).toMatchObject({ code: 0 });
    expect(failuresOf([await finished, await patient.finished])).toEqual([]);
    expect((await patient.finished).stderr).toContain(`pid ${child.pid}`);
    expect(await applied(project)).toEqual(['a1', 'b1', 'c1', 'd1']);
  });

  it('a holder killed while others wait: one of them takes over and finishes', async () => {
    const project = await liveProject(dialect, {
      ...revisions,
      'd1.ts': paused,
    });
    const { child, finished } = run(project, ...upgrade);
    await fileExists(join(project.directory, 'reached'));
    const waiting = [run(project, ...upgrade), run(project, ...upgrade)];
    await Promise.all(waiting.map((waiter) => waits(waiter.child)));
    writeFileSync(join(project.directory, 'go-on'), '');
    child.kill('SIGKILL');
    expect((await finished).code).toBe(null);
    expect(failuresOf(await Promise.all(waiting.map((waiter) => waiter.finished)))).toEqual([]);
    expect(await applied(project)).toEqual(['a1', 'b1', 'c1', 'd1']);
    expect(await project.query('SELECT id, n FROM a1 ORDER BY id')).toEqual([
      { id: 1, n: 11 },
      { id: 2, n: 0 },
      { id: 3, n: 0 },
    ]);
  });
});

await describeOn('postgresql', 'processes at once with CREATE INDEX CONCURRENTLY', (dialect) => {
  it.each([2, 10, 50])('%i that upgrade an empty database: one applies, all succeed', async (count) => {
    const project = await liveProject(dialect, { ...revisions, 'd1.ts': concurrently });
    const runs = await together(
      project,
      Array.from({ length: count }, () => upgrade),
    );
    expect(failuresOf(runs)).toEqual([]);
    expect(await applied(project)).toEqual(['a1', 'b1', 'c1', 'd1']);
    expect(await project.query('SELECT n FROM a1')).toEqual([{ n: 111 }]);
    expect(await project.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'a1_again'::regclass")).toEqual([
      { indisvalid: true },
    ]);
  });
});
