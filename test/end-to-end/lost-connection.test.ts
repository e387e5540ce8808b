/** Connections that break in the middle of a run: what the user is told, and what the next run makes of it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { DialectName } from '../../src/dialects/connection.ts';
import { createCrashDatabase, type CrashDatabase } from '../crash/crash-database.ts';
import { writeCrashHistory, type CrashHistory } from '../crash/crash-history.ts';
import { liveProject, type LiveProject } from '../commands/live-project.ts';
import { describeOn } from '../servers.ts';
import { startTcpProxy, type CutMoment } from '../support/tcp-proxy.ts';
import { expectError, fileExists, pauseInRevision, revision, start, tableRevision, type Finished } from './project.ts';

/** What is said of a transaction that the database has certainly rolled back. */
const rolledBack = 'It was rolled back';
/** … and of what it may or may not have carried out. */
const unknown = 'It finds out whether what was under way took effect';

/** A run that ended with its connection: the error in words, and what to do. */
function expectLost(run: Finished, ...mentions: readonly string[]): void {
  expectError(run, 'database.connection-lost', 'Run the same command again', ...mentions);
}

interface Cut {
  readonly what: string;
  /** A part of the message that is cut. */
  readonly text: string;
  readonly moments: readonly CutMoment[];
  readonly told: string;
}

const everyMoment = ['before-request', 'during-request', 'before-answer'] as const;

const cuts: Readonly<Record<'postgresql' | 'mysql', readonly Cut[]>> = {
  postgresql: [
    { what: 'DDL', text: 'ALTER TABLE account ADD COLUMN level', moments: everyMoment, told: rolledBack },
    { what: 'DML', text: 'UPDATE account SET level', moments: ['before-request', 'before-answer'], told: rolledBack },
    { what: 'a commit', text: "SET version_num = 'c2'", moments: everyMoment, told: unknown },
    { what: 'CREATE INDEX CONCURRENTLY', text: 'CONCURRENTLY account_n', moments: everyMoment, told: unknown },
  ],
  mysql: [
    { what: 'DDL', text: 'ALTER TABLE account ADD COLUMN level', moments: everyMoment, told: unknown },
    { what: 'DML', text: 'UPDATE account SET level', moments: ['before-request', 'before-answer'], told: unknown },
    { what: 'a commit', text: "SET version_num = 'c2'", moments: everyMoment, told: unknown },
  ],
};

for (const dialect of ['postgresql', 'mysql'] as const) {
  await describeOn(dialect, 'a connection that is cut', () => {
    let history: CrashHistory;
    let undisturbed: string;
    const upgrade = (url: string): Promise<Finished> =>
      start(history.directory, ['upgrade', 'head', '--url', url]).finished;

    beforeAll(async () => {
      history = writeCrashHistory(dialect);
      const database = await createCrashDatabase(dialect);
      writeFileSync(join(history.directory, 'migrate.config.json'), '{ "versionLocations": ["."] }');
      expect(await upgrade(database.url)).toMatchObject({ code: 0 });
      undisturbed = await database.state();
      await database.drop();
    });
    afterAll(() => history.remove());

    describe.each(cuts[dialect])('at $what', ({ text, moments, told }) => {
      it.each(moments)('%s: is told, and the next run ends as an undisturbed one does', async (moment) => {
        const database = await createCrashDatabase(dialect);
        const proxy = await startTcpProxy(database.url);
        onTestFinished(async () => {
          await proxy.close();
          await database.drop();
        });
        const cut = proxy.cutAt(text, moment);
        const run = await upgrade(proxy.through(database.url));
        await cut;
        expectLost(run, 'the connection was lost', told);

        expect(await upgrade(database.url)).toMatchObject({ code: 0 });
        expect(await database.state()).toBe(undisturbed);
        expect(await timesApplied(database)).toEqual([...new Set(await timesApplied(database))]);
      });
    });
  });
}

async function timesApplied(database: CrashDatabase): Promise<readonly unknown[]> {
  return (await database.query("SELECT revision FROM aludel_log WHERE event = 'applied'")).map(
    (row) => row['revision'],
  );
}

const countUp = "  await op.execute('UPDATE a1 SET id = id + 1');";
const counting = {
  'a1.ts': tableRevision('a1'),
  'b1.ts': revision('b1', { down: 'a1', upgrade: "  await op.execute('INSERT INTO a1 (id) VALUES (1)');" }),
};

/** Ends the sessions of `aludel` in the database of a project, as an administrator does. */
async function endSessions(project: Pick<LiveProject, 'query'>, dialect: DialectName): Promise<number> {
  if (dialect === 'postgresql') {
    const ended = await project.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    return ended.length;
  }
  const sessions = await project.query(
    'SELECT ID AS id FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND ID <> CONNECTION_ID()',
  );
  for (const { id } of sessions) await project.query(`KILL ${String(id)}`);
  return sessions.length;
}

async function expectCountedOnce(project: LiveProject, dialect: DialectName): Promise<void> {
  const again = await start(project.directory, ['upgrade', 'head', '--url', project.url]).finished;
  expect(again).toMatchObject({ code: 0 });
  expect((await project.query('SELECT id FROM a1')).map(({ id }) => Number(id))).toEqual([2]);
  const applied = await project.query("SELECT revision FROM aludel_log WHERE event = 'applied' ORDER BY id");
  expect(applied.map((row) => row['revision'])).toEqual(['a1', 'b1', 'c1']);
  // Its lock went with its session.
  expect(await endSessions(project, dialect)).toBe(0);
}

for (const dialect of ['postgresql', 'mysql'] as const) {
  await describeOn(dialect, 'a session that the server ends', () => {
    it('in the middle of a long statement: the run stops, and the next one finishes', async () => {
      const long = dialect === 'postgresql' ? 'SELECT pg_sleep(60)' : 'SELECT SLEEP(60) FROM a1';
      const slow = `  if (process.env['SLOW'] === '1') await op.execute('UPDATE a1 SET id = id + 1 WHERE id < (SELECT 100 FROM (${long}) AS t)');
  else ${countUp.trim()}`;
      const project = await liveProject(dialect, {
        ...counting,
        'c1.ts': revision('c1', { down: 'b1', upgrade: slow }),
      });
      const { finished } = start(project.directory, ['upgrade', 'head', '--url', project.url], { env: { SLOW: '1' } });
      await untilUnderWay(project, dialect);
      await endSessions(project, dialect);
      expectLost(await finished, 'c1', dialect === 'postgresql' ? rolledBack : unknown);
      await expectCountedOnce(project, dialect);
    });

    it('between two statements: the run stops before the next one', async () => {
      const project = await liveProject(dialect, {
        ...counting,
        'c1.ts': revision('c1', { down: 'b1', upgrade: pauseInRevision + countUp }),
      });
      const { finished } = start(project.directory, ['upgrade', 'head', '--url', project.url]);
      await fileExists(join(project.directory, 'reached'));
      expect(await endSessions(project, dialect)).toBe(1);
      writeFileSync(join(project.directory, 'go-on'), '');
      expectLost(await finished, 'before its next statement');
      await expectCountedOnce(project, dialect);
    });
  });
}

/** Settles when the long statement runs. */
async function untilUnderWay(project: LiveProject, dialect: DialectName): Promise<void> {
  const question =
    dialect === 'postgresql'
      ? "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
      : "SELECT 1 FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND STATE = 'User sleep'";
  for (let waited = 0; (await project.query(question)).length === 0; waited += 50) {
    if (waited > 20_000) throw new Error('the statement did not begin within 20 s');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

await describeOn('postgresql', 'a process killed in the middle of a long statement', (dialect) => {
  it('leaves no lock behind: the next run need not wait for the statement to end', async () => {
    const project = await liveProject(dialect, {
      ...counting,
      'c1.ts': revision('c1', {
        down: 'b1',
        upgrade: `  await op.execute(process.env['SLOW'] === '1' ? 'SELECT pg_sleep(60)' : 'UPDATE a1 SET id = id + 1');`,
      }),
    });
    const upgrade = ['upgrade', 'head', '--url', project.url] as const;
    const { child, finished } = start(project.directory, upgrade, { env: { SLOW: '1' } });
    await untilUnderWay(project, dialect);
    child.kill('SIGKILL');
    await finished;
    expect(await start(project.directory, [...upgrade, '--lock-timeout', '20s']).finished).toMatchObject({ code: 0 });
    await expectCountedOnce(project, dialect);
  });
});
