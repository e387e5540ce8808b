/** Backfills that are killed: each row is changed once, however often it happens, on the way up and on the way down. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DialectName } from '../../src/dialects/connection.ts';
import { openedConnection, revisionSource } from '../commands/live-project.ts';
import { createDatabase, describeOnEveryDialect, type TestDatabase } from '../servers.ts';
import { buildWorker, runWorker, startWorker, type WorkerEnd, type WorkerProgram } from './run-worker.ts';
import type { WorkerJob } from './worker.ts';

const rows = 40;
/** Kills of each direction in `npm test`; ALUDEL_BACKFILL_KILLS asks for more, "all" for one at every moment. */
const wanted = process.env['ALUDEL_BACKFILL_KILLS'] ?? '3';

/** Statements before, between and after two backfills, one of them by a key of two columns. */
function body(step: string): string {
  const set = `set: { n: { sql: 'n ${step} 1' } }, targetMs: null`;
  return `
  await op.execute('UPDATE once SET n = n ${step} 1');
  await op.backfill({ table: 'plain', ${set}, batchSize: 7 });
  await op.execute('UPDATE once SET n = n ${step} 1');
  await op.backfill({ table: 'paired', ${set}, where: 'id <> 3', batchSize: 9 });
  await op.execute('UPDATE once SET n = n ${step} 1');`;
}

async function fill(database: TestDatabase): Promise<void> {
  const connection = await openedConnection(database.url);
  const ids = Array.from({ length: rows }, (_, index) => index + 1);
  try {
    await connection.query('CREATE TABLE once (n INTEGER NOT NULL)');
    await connection.query('INSERT INTO once VALUES (0)');
    await connection.query('CREATE TABLE plain (id INTEGER NOT NULL PRIMARY KEY, n INTEGER NOT NULL)');
    await connection.query(`INSERT INTO plain VALUES ${ids.map((id) => `(${id}, 0)`).join(', ')}`);
    await connection.query(
      'CREATE TABLE paired (id INTEGER NOT NULL, name VARCHAR(10) NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (name, id))',
    );
    await connection.query(`INSERT INTO paired VALUES ${ids.map((id) => `(${id}, 'n${id % 4}', 0)`).join(', ')}`);
  } finally {
    await connection.close();
  }
}

/** Sums and extremes of the counters, and how many revisions the journal counts. */
async function countersOf(database: TestDatabase): Promise<readonly number[]> {
  const connection = await openedConnection(database.url);
  try {
    const { rows: found } = await connection.query(
      `SELECT (SELECT n FROM once) AS a, (SELECT SUM(n) FROM plain) AS b, (SELECT MIN(n) FROM plain) AS c,
              (SELECT MAX(n) FROM plain) AS d, (SELECT SUM(n) FROM paired) AS e, (SELECT MAX(n) FROM paired) AS f,
              (SELECT n FROM paired WHERE id = 3) AS g`,
    );
    return Object.values(found[0] ?? {}).map(Number);
  } finally {
    await connection.close();
  }
}

const directions = ['upgrade', 'downgrade'] as const;
const states = {
  upgrade: [3, rows, 1, 1, rows - 1, 1, 0],
  downgrade: [0, 0, 0, 0, 0, 0, 0],
} as const;

await describeOnEveryDialect('a backfill that is killed', (dialect: DialectName) => {
  let program: WorkerProgram;
  let database: TestDatabase;
  let directory: string;
  beforeAll(async () => {
    program = await buildWorker();
    database = await createDatabase(dialect);
    await fill(database);
    directory = mkdtempSync(join(tmpdir(), 'aludel-backfill-crash-'));
    writeFileSync(join(directory, 'a.mjs'), revisionSource('a', null, body('+'), body('-')));
  });
  afterAll(async () => {
    program.remove();
    await database.drop();
    rmSync(directory, { recursive: true, force: true });
  });

  const jobOf = (direction: WorkerJob['direction'], killAt: number | null, killAfterMs: number | null): WorkerJob => ({
    config: { database: database.url, versionLocations: [directory] },
    direction,
    target: direction === 'upgrade' ? 'head' : 'base',
    killAt,
    killAfterMs,
  });
  const plainly = (direction: WorkerJob['direction']): Promise<WorkerEnd> =>
    runWorker(program, jobOf(direction, null, null));
  /** Runs to the end and compares. */
  const finish = async (direction: WorkerJob['direction'], told: string): Promise<void> => {
    const end = await plainly(direction);
    expect(end.exitCode, `${told}: ${end.output}`).toBe(0);
    expect(await countersOf(database), told).toEqual(states[direction]);
  };

  it('is finished by the next run, whatever the moment', async () => {
    const undisturbed = [await plainly('upgrade'), await plainly('downgrade')];
    expect(undisturbed.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    const moments = undisturbed[0]?.answer?.events ?? [];
    const every = wanted === 'all' ? 1 : Math.ceil(moments.length / Number(wanted));
    for (let moment = Math.floor(Math.random() * every); moment < moments.length; moment += every) {
      for (const direction of directions) {
        const killAfterMs = [null, 0, 2][moment % 3] ?? null;
        const { killed, exitCode, output } = await runWorker(program, jobOf(direction, moment, killAfterMs));
        const told = `${direction} killed at moment ${moment} (${moments[moment]})`;
        if (!killed) expect(exitCode, `${told}: ${output}`).toBe(0);
        await finish(direction, told);
      }
    }
  });

  it('is finished at last by runs that are all killed after a batch or two', async () => {
    await finish('downgrade', 'down');
    let kills = 0;
    for (let run = 0; run < 100; run++) {
      const { child, stopped, end } = startWorker(program, {
        ...jobOf('upgrade', null, null),
        stopAt: 'backfill-progress',
      });
      const first = await Promise.race([end, stopped.then(() => 'stopped' as const)]);
      if (first !== 'stopped') {
        expect(first.exitCode, first.output).toBe(0);
        break;
      }
      child.kill('SIGKILL');
      expect((await end).killed).toBe(true);
      kills++;
    }
    expect(kills).toBeGreaterThan(8);
    expect(await countersOf(database)).toEqual(states.upgrade);
  });

  it('is finished by the next run after kills at random times', async () => {
    await finish('downgrade', 'down');
    await finish('upgrade', 'up');
    const startedAt = performance.now();
    await finish('downgrade', 'down again');
    const duration = performance.now() - startedAt;
    for (const direction of directions) {
      for (let kill = 0; kill < 2; kill++) {
        const { child, end } = startWorker(program, jobOf(direction, null, null));
        const timer = setTimeout(() => child.kill('SIGKILL'), duration * (0.3 + 0.7 * Math.random()));
        const { killed, exitCode: code, output } = await end;
        clearTimeout(timer);
        if (!killed) expect(code, output).toBe(0);
      }
      await finish(direction, `${direction} killed at random times`);
    }
  });
});
