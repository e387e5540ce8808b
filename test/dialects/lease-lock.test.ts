import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import type { Connection, DialectName } from '../../src/dialects/connection.ts';
import { acquireLease } from '../../src/dialects/lease.ts';
import type { HeldLock, LockKind, LockRequest } from '../../src/dialects/lock.ts';
import { galeraVariables, isGalera } from '../../src/dialects/mysql/lock.ts';
import { leaseRules } from '../../src/dialects/postgresql/lease-rules.ts';
import { dialectOf } from '../../src/dialects/registry.ts';
import { parseDatabaseUrl } from '../../src/environment/config/database-url.ts';
import { systemClock } from '../../src/environment/system.ts';
import { createDatabase, describeOn } from '../servers.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';

/** Long enough for a renewal on a busy machine, short enough to wait for its end. */
const shortLease = 1500;
/** So long that no heartbeat comes before the end of a test. */
const longLease = 600_000;

/** Runs that ask for the lock of one database, each on a connection of its own. */
interface Contest {
  /** A connection with the lock, or who kept it from it. */
  ask(
    owner: string,
    kind: LockKind,
    options?: { readonly timeoutMs?: number; readonly heartUrl?: string },
  ): Promise<{ readonly lock: HeldLock; readonly run: Connection }>;
  /** Runs a statement in a transaction that begins as those of a run do. */
  writeAs(holder: { readonly lock: HeldLock; readonly run: Connection }, sql: string): Promise<void>;
  /** Lets the lease end at once, as if its holder had been silent for so long. */
  expire(): Promise<unknown>;
  readonly query: Connection['query'];
  /** Of the database. */
  readonly url: string;
}

async function contestOn(name: DialectName, leaseMs = longLease): Promise<Contest> {
  const database = await createDatabase(name);
  const dialect = await dialectOf(name);
  const settings = parseDatabaseUrl(database.url, '/');
  const opened: Connection[] = [];
  const connect = async (owner: string): Promise<Connection> => {
    const connection = await dialect.connect(settings, {
      applicationName: `aludel ${owner}`,
      busyTimeoutMs: 0,
      readOnly: false,
    });
    opened.push(connection);
    return connection;
  };
  onTestFinished(async () => {
    await Promise.all(opened.map((connection) => connection.close()));
    await database.drop();
  });
  const observer = await connect('observer');
  await observer.query('CREATE TABLE written (id INTEGER)');
  return {
    url: database.url,
    async ask(owner, kind, { timeoutMs = 0, heartUrl = database.url } = {}) {
      const run = await connect(owner);
      const lock = await dialect.acquireLock({
        connection: run,
        settings: parseDatabaseUrl(heartUrl, '/'),
        versionTable: { schema: null, name: 'aludel_version' },
        lockTable: { schema: null, name: 'aludel_lock' },
        kind,
        leaseMs,
        owner,
        timeoutMs,
        onWait: () => undefined,
        revisionOf: () => Promise.resolve(null),
        clock: { now: () => performance.now(), sleep: (ms) => systemClock.sleep(ms), random: Math.random },
      });
      onTestFinished(() => lock.release());
      return { lock, run };
    },
    async writeAs({ lock, run }, sql) {
      for (const text of [dialect.beginStatement, ...lock.fence]) run.sendWithNext(text);
      await run.query(sql);
      await run.script('COMMIT');
    },
    expire: () => observer.query('UPDATE aludel_lock SET expires = since'),
    query: (sql) => observer.query(sql),
  };
}

for (const name of ['postgresql', 'mysql'] as const) {
  await describeOn(name, 'the lock by lease', () => {
    it('is given to one at a time, and to the next when it is released', async () => {
      const contest = await contestOn(name);
      const { lock } = await contest.ask('ada@one pid 1', 'lease');
      await expect(contest.ask('bob@two pid 2', 'lease')).rejects.toMatchObject({
        code: 'database.locked',
        message: expect.stringMatching(/held by ada@one pid 1, since \d{4}-\d\d-\d\dT[\d:]+Z \(by lease\)/) as string,
      });
      await lock.release();
      await contest.ask('bob@two pid 2', 'lease');
    });

    it('is kept by its heartbeat for longer than a lease lasts', async () => {
      const contest = await contestOn(name, shortLease);
      const { lock } = await contest.ask('ada@one pid 1', 'lease');
      await sleep(2 * shortLease);
      await expect(contest.ask('bob@two pid 2', 'lease')).rejects.toThrow('ada@one pid 1');
      expect(lock.lostBecause()).toBe(null);
      expect(await lock.loss()).toBe(null);
    });

    it('is lost before it expires when its heartbeat gets no answer any more', async () => {
      const contest = await contestOn(name, 2 * shortLease);
      const proxy = await startTcpProxy(contest.url);
      onTestFinished(() => proxy.close());
      const { lock } = await contest.ask('ada@one pid 1', 'lease', { heartUrl: proxy.through(contest.url) });
      await sleep(shortLease);
      proxy.pause();
      while (lock.lostBecause() === null) await sleep(10);
      expect(lock.lostBecause()).toContain('was not renewed');
      await expect(contest.ask('bob@two pid 2', 'lease')).rejects.toThrow('ada@one pid 1');
      expect(await lock.loss()).toMatchObject({ code: 'database.lock-lost' });
      await lock.release();
      await contest.ask('bob@two pid 2', 'lease');
    });

    it('is kept when its heartbeat has to go over to another connection', async () => {
      const contest = await contestOn(name, shortLease);
      const proxy = await startTcpProxy(contest.url);
      onTestFinished(() => proxy.close());
      const { lock } = await contest.ask('ada@one pid 1', 'lease', { heartUrl: proxy.through(contest.url) });
      await sleep(shortLease / 2);
      const before = proxy.connections();
      expect(before).toBeGreaterThan(0);
      proxy.cut();
      await sleep(2 * shortLease);
      expect(proxy.connections()).toBeGreaterThan(before);
      expect(lock.lostBecause()).toBe(null);
      expect(await lock.loss()).toBe(null);
    });

    it('is kept while its holder is in a transaction, and lets the holder commit', async () => {
      const contest = await contestOn(name, shortLease);
      const holder = await contest.ask('ada@one pid 1', 'lease');
      for (const text of ['BEGIN', ...holder.lock.fence]) holder.run.sendWithNext(text);
      await holder.run.query('INSERT INTO written VALUES (1)');
      await sleep(2 * shortLease);
      await expect(contest.ask('bob@two pid 2', 'lease')).rejects.toThrow('ada@one pid 1');
      await holder.run.script('COMMIT');
      expect((await contest.query('SELECT id FROM written')).rows).toEqual([{ id: 1 }]);
    });

    it('is taken over when it was not renewed in time, and its old holder cannot write any more', async () => {
      const contest = await contestOn(name);
      const old = await contest.ask('ada@one pid 1', 'lease');
      await contest.writeAs(old, 'INSERT INTO written VALUES (1)');
      await contest.expire();
      const next = await contest.ask('bob@two pid 2', 'lease');
      const late = contest.writeAs(old, 'INSERT INTO written VALUES (2)');
      await expect(late).rejects.toThrow();
      await contest.writeAs(next, 'INSERT INTO written VALUES (3)');
      expect((await contest.query('SELECT id FROM written ORDER BY id')).rows).toEqual([{ id: 1 }, { id: 3 }]);
      expect(await old.lock.loss()).toMatchObject({
        code: 'database.lock-lost',
        message: expect.stringContaining('taken over by bob@two pid 2') as string,
      });
      expect(old.lock.lostBecause()).toContain('taken over by bob@two pid 2');
    });

    it('has a fence that lets nobody through with an old token, whatever connection asks', async () => {
      const contest = await contestOn(name);
      const { lock } = await contest.ask('ada@one pid 1', 'lease');
      const pass = async (): Promise<void> => {
        for (const sql of lock.fence) await contest.query(sql);
      };
      await pass();
      await contest.expire();
      // A lease that nobody has taken is still its holder's, and in force again.
      await pass();
      await expect(contest.ask('bob@two pid 2', 'lease')).rejects.toThrow('ada@one pid 1');
      await contest.expire();
      await contest.ask('bob@two pid 2', 'lease');
      await expect(pass()).rejects.toThrow();
    });

    it('is not given back by a holder that has lost it', async () => {
      const contest = await contestOn(name);
      const old = await contest.ask('ada@one pid 1', 'lease');
      await contest.expire();
      await contest.ask('bob@two pid 2', 'lease');
      await old.lock.release();
      await expect(contest.ask('eve@three pid 3', 'lease')).rejects.toThrow('bob@two pid 2');
    });

    it('is not to be had while a session holds the lock, nor the other way round', async () => {
      const contest = await contestOn(name);
      const session = await contest.ask('ada@one pid 1', 'session');
      await expect(contest.ask('bob@two pid 2', 'lease')).rejects.toThrow('ada@one pid 1');
      await session.lock.release();
      const lease = await contest.ask('bob@two pid 2', 'lease');
      await expect(contest.ask('ada@one pid 1', 'session')).rejects.toThrow('bob@two pid 2');
      await lease.lock.release();
      await contest.ask('ada@one pid 1', 'session');
    });

    it('that has expired is ended for good by a session that takes the lock', async () => {
      const contest = await contestOn(name);
      const old = await contest.ask('ada@one pid 1', 'lease');
      await contest.expire();
      const session = await contest.ask('bob@two pid 2', 'session');
      await expect(contest.writeAs(old, 'INSERT INTO written VALUES (2)')).rejects.toThrow();
      await contest.writeAs(session, 'INSERT INTO written VALUES (3)');
      expect((await contest.query('SELECT id FROM written')).rows).toEqual([{ id: 3 }]);
    });

    it('goes to one of many who find it expired at the same time', async () => {
      const contest = await contestOn(name);
      await contest.ask('ada@one pid 1', 'lease');
      await contest.expire();
      const asked = await Promise.allSettled(
        Array.from({ length: 8 }, (_, index) => contest.ask(`bob@two pid ${index}`, 'lease')),
      );
      expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('is created once by many who come first', async () => {
      const contest = await contestOn(name);
      const asked = await Promise.allSettled(
        Array.from({ length: 8 }, (_, index) => contest.ask(`bob@two pid ${index}`, 'lease')),
      );
      const refused = asked.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as unknown] : []));
      expect(refused.map((error) => (error as { code?: unknown }).code)).toEqual(Array(7).fill('database.locked'));
    });

    it('is not used on a connection whose session holds', async () => {
      const contest = await contestOn(name);
      const { lock } = await contest.ask('ada@one pid 1', 'auto');
      expect(lock.fence).toEqual([]);
      expect(lock.pooled).toBe(false);
    });
  });
}

await describeOn('mysql', 'Galera', () => {
  it('is told from a plain server by what the server says', async () => {
    const contest = await contestOn('mysql');
    const plain = await contest.query(galeraVariables);
    expect(isGalera(plain)).toBe(false);
    const node = plain.rows.map((row) => ({
      ...row,
      Value: row['Variable_name'] === 'wsrep_on' ? 'ON' : '/usr/lib/galera/libgalera_smm.so',
    }));
    const known = plain.rows.length === 2;
    expect(isGalera({ ...plain, rows: node })).toBe(known);
    expect(isGalera({ ...plain, rows: [] })).toBe(false);
  });
});

await describeOn('postgresql', 'a heartbeat whose connection comes too late', () => {
  it('closes it, also when the lock has been given back by then', async () => {
    const database = await createDatabase('postgresql');
    const dialect = await dialectOf('postgresql');
    const settings = parseDatabaseUrl(database.url, '/');
    const connect = (applicationName: string): Promise<Connection> =>
      dialect.connect(settings, { applicationName, busyTimeoutMs: 0, readOnly: false });
    const run = await connect('run');
    onTestFinished(async () => {
      await run.close();
      await database.drop();
    });
    const request: LockRequest = {
      connection: run,
      settings,
      versionTable: { schema: null, name: 'aludel_version' },
      lockTable: { schema: null, name: 'aludel_lock' },
      kind: 'lease',
      leaseMs: 600,
      owner: 'ada@one pid 1',
      timeoutMs: 0,
      onWait: () => undefined,
      revisionOf: () => Promise.resolve(null),
      clock: { now: () => performance.now(), sleep: (ms) => systemClock.sleep(ms), random: Math.random },
    };
    const hearts: Connection[] = [];
    const lock = await acquireLease(request, {
      rules: leaseRules(request, 'run', '1, 2'),
      pooled: false,
      commit: ['COMMIT'],
      restore: [],
      connect: async (timeoutMs) => {
        await sleep(3 * timeoutMs);
        const heart = await connect('heart');
        hearts.push(heart);
        return heart;
      },
      isAlone: () => Promise.resolve(true),
      sessionHolder: () => Promise.resolve(null),
    });
    while (hearts.length === 0) await sleep(10);
    await lock.release();
    await sleep(1000);
    expect(hearts.length).toBeGreaterThan(1);
    expect((await run.query("SELECT pid FROM pg_stat_activity WHERE application_name = 'heart'")).rows).toEqual([]);
  });
});
