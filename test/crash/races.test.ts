import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCrashDatabase, type CrashDatabase, type CrashDialect } from './crash-database.ts';
import { writeCrashHistory, type CrashHistory } from './crash-history.ts';
import { buildWorker, runWorker, startWorker, type WorkerProgram } from './run-worker.ts';
import type { WorkerJob } from './worker.ts';

let program: WorkerProgram;
beforeAll(async () => {
  program = await buildWorker();
});
afterAll(() => program.remove());

describe.each<{ readonly dialect: CrashDialect; readonly autocommit: boolean; readonly name: string }>([
  { dialect: 'sqlite', autocommit: true, name: 'SQLite' },
  { dialect: 'postgresql', autocommit: false, name: 'PostgreSQL' },
  { dialect: 'postgresql', autocommit: true, name: 'PostgreSQL with CREATE INDEX CONCURRENTLY' },
  { dialect: 'mysql', autocommit: true, name: 'MariaDB' },
])('$name', ({ dialect, autocommit }) => {
  it.each([2, 10])(
    '%i processes upgrade an empty database: one applies, all succeed',
    { timeout: 120_000 },
    async (count) => {
      await withBench(dialect, autocommit, async (database, upgrade) => {
        const ends = await Promise.all(Array.from({ length: count }, () => runWorker(program, upgrade)));
        expect(ends.filter(({ exitCode }) => exitCode !== 0).map(({ output }) => output)).toEqual([]);
        expect(ends.filter(({ answer }) => (answer?.steps ?? 0) > 0)).toHaveLength(1);
        const revisions = await finished(database);
        expect(revisions).toEqual([...new Set(revisions)]);
        expect(revisions[0]).toBe('applied c1');
      });
    },
  );

  it('upgrade against downgrade: one after the other', { timeout: 120_000 }, async () => {
    await withBench(dialect, autocommit, async (database, upgrade) => {
      const downgrade: WorkerJob = { ...upgrade, direction: 'downgrade', target: 'base' };
      expect((await runWorker(program, upgrade)).exitCode).toBe(0);
      const top = await database.state();
      const ends = await Promise.all([downgrade, upgrade, downgrade, upgrade].map((job) => runWorker(program, job)));
      expect(ends.filter(({ exitCode }) => exitCode !== 0).map(({ output }) => output)).toEqual([]);
      expect((await runWorker(program, upgrade)).exitCode).toBe(0);
      expect(await database.state()).toBe(top);
      expect(balanceOf(await finished(database))).toEqual([0, 1]);
    });
  });

  it('a stopped holder: the others give up after their time and name it', { timeout: 120_000 }, async () => {
    await withBench(dialect, autocommit, async (_database, upgrade) => {
      const holder = startWorker(program, { ...upgrade, stopAt: 'lock-obtained' });
      await holder.stopped;
      try {
        const waiter = await runWorker(program, { ...upgrade, options: { lockTimeoutMs: 500 } });
        expect(waiter.exitCode, waiter.output).toBe(3);
        // MySQL shows the holder's connection, not its process.
        const named = dialect === 'mysql' ? 'server connection' : `pid ${holder.child.pid}`;
        expect(waiter.answer?.message).toContain(named);
      } finally {
        holder.child.kill('SIGCONT');
      }
      const end = await holder.end;
      expect(end.exitCode, end.output).toBe(0);
    });
  });
});

async function withBench(
  dialect: CrashDialect,
  autocommit: boolean,
  use: (database: CrashDatabase, upgrade: WorkerJob) => Promise<void>,
): Promise<void> {
  const history: CrashHistory = writeCrashHistory(dialect, { autocommit });
  const database = await createCrashDatabase(dialect);
  try {
    const config = { database: database.url, versionLocations: [history.directory] };
    await use(database, { config, direction: 'upgrade', target: 'head', killAt: null, killAfterMs: null });
  } finally {
    await database.drop();
    history.remove();
  }
}

/** What the journal says was finished, in order. */
async function finished(database: CrashDatabase): Promise<readonly string[]> {
  const rows = await database.query(
    `SELECT event, revision FROM aludel_log WHERE event IN ('applied', 'reverted') ORDER BY id`,
  );
  return rows.map(({ event, revision }) => `${String(event)} ${String(revision)}`);
}

/** Least and greatest number of times more that a revision was applied than reverted, at any time. */
function balanceOf(events: readonly string[]): readonly [number, number] {
  const applied = new Map<string, number>();
  const seen = [0];
  for (const text of events) {
    const [event = '', revision = ''] = text.split(' ');
    const count = (applied.get(revision) ?? 0) + (event === 'applied' ? 1 : -1);
    applied.set(revision, count);
    seen.push(count);
  }
  return [Math.min(...seen), Math.max(...seen)];
}
