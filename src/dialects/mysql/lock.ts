import type { Connection, QueryResult, TableName } from '../connection.ts';
import { acquireLease, leaseHolder } from '../lease.ts';
import { readLease, takeLease, type LeaseRules } from '../lease-table.ts';
import { pollForLock, sessionLock, type HeldLock, type LockHolder, type LockRequest } from '../lock.ts';
import { connectMysql } from './driver.ts';
import { leaseRules, sessionName } from './lease-rules.ts';
import { literal } from './literal.ts';
import { restoringSession } from './restore-session.ts';

/**
 * The migration lock: GET_LOCK on the connection that does the work, polled. The name holds the database, because these
 * locks belong to the server, not to a database; it is hashed because MySQL allows 64 characters. The lock ends with
 * its connection.
 *
 * Nothing on the server tells which process has a lock (MariaDB keeps connection attributes only with the performance
 * schema, which is off by default), so the holder leaves its name in the table of the lease.
 *
 * On a Galera cluster each node has locks of its own, and a lease takes the place of GET_LOCK. The two exclude each
 * other: who takes the lease sees that GET_LOCK is free, who has GET_LOCK looks at the lease.
 */
export async function acquireMysqlLock(request: LockRequest): Promise<HeldLock> {
  const { connection, settings, owner } = request;
  // An idle session is closed after wait_timeout, and the lock with it: be idle for up to a day.
  await connection.query('SET SESSION wait_timeout = 86400');
  const { lock: name, session } = await namesOf(request);
  const lock = namedLock(connection, name);
  const rules = leaseRules(request, session);
  const holder = (): Promise<LockHolder | null> => sessionHolder(connection, lock.name, rules);

  const isCluster = request.kind === 'auto' && isGalera(await connection.query(galeraVariables));
  if (request.kind === 'lease' || isCluster) {
    // Reads wait for what other nodes have committed: the catalogue must show what a killed run did there.
    if (isCluster) await connection.query('SET SESSION wsrep_sync_wait = 15');
    return await acquireLease(request, {
      rules,
      pooled: false,
      commit: ['COMMIT'],
      restore: await restoringSession(connection),
      connect: (timeoutMs) =>
        connectMysql(settings, {
          applicationName: `aludel ${owner} heartbeat`,
          busyTimeoutMs: 0,
          readOnly: false,
          timeoutMs,
        }),
      isAlone: () => lock.isFree(),
      sessionHolder: holder,
    });
  }
  await pollForLock(request, {
    tryLock: async () => {
      if (!(await lock.tryLock())) return false;
      const taker = { owner, leaseMs: null, isAlone: () => Promise.resolve(true) };
      if ((await takeLease(connection, rules, taker)) !== null) return true;
      await lock.release();
      return false;
    },
    holder: async () => (await holder()) ?? (await leaseHolder(connection, rules)),
  });
  return sessionLock({
    lostBecause: () => connection.lostBecause(),
    restore: await restoringSession(connection),
    release: () => lock.release(),
  });
}

/** What a Galera node says of itself; other servers know neither variable. */
export const galeraVariables = "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('wsrep_on', 'wsrep_provider')";

/** True for a node of a Galera cluster. A plain MariaDB answers OFF and none, MySQL nothing. */
export function isGalera({ rows }: QueryResult): boolean {
  const values = new Map(rows.map((row) => [String(row['Variable_name']), String(row['Value'])]));
  return values.get('wsrep_on') === 'ON' && (values.get('wsrep_provider') ?? 'none') !== 'none';
}

async function namesOf({
  connection,
  versionTable,
}: LockRequest): Promise<{ readonly lock: string; readonly session: string }> {
  const { rows } = await connection.query(
    `SELECT ${lockName(versionTable)} AS name, ${sessionName} AS session
     FROM information_schema.PROCESSLIST WHERE ID = CONNECTION_ID()`,
  );
  return { lock: String(rows[0]?.['name']), session: String(rows[0]?.['session']) };
}

function namedLock(connection: Connection, name: string) {
  const isTrue = async (call: string): Promise<boolean> => {
    const { rows } = await connection.query(`SELECT ${call} AS answer`, [name]);
    return Number(rows[0]?.['answer']) === 1;
  };
  return {
    name,
    tryLock: () => isTrue('GET_LOCK(?, 0)'),
    isFree: () => isTrue('IS_FREE_LOCK(?)'),
    async release(): Promise<void> {
      if (connection.lostBecause() === null) await connection.query('DO RELEASE_LOCK(?)', [name]);
    },
  };
}

/** SQL for the name of the migration lock. */
export function lockName({ schema, name }: TableName): string {
  const database = schema === null ? "COALESCE(CONVERT(DATABASE() USING utf8mb4), '')" : literal(schema);
  return `CONCAT('aludel:', SHA1(CONCAT(${database}, '.', ${literal(name)})))`;
}

/** Who has GET_LOCK. The server's list shows the sessions of one's own user, all of them with the PROCESS privilege. */
async function sessionHolder(connection: Connection, name: string, rules: LeaseRules): Promise<LockHolder | null> {
  const { rows } = await connection.query(
    `SELECT ID AS id, USER AS user, HOST AS host, ${sessionName} AS session
     FROM information_schema.PROCESSLIST WHERE ID = IS_USED_LOCK(?)`,
    [name],
  );
  const row = rows[0];
  if (row === undefined) return null;
  const { owner, since, session } = await readLease(connection, rules);
  const hasNamedItself = session === row['session'];
  return {
    owner: hasNamedItself ? owner : null,
    since: hasNamedItself ? since : null,
    session: `server connection ${String(row['id'])} of database user ${String(row['user'])} at ${String(row['host'])}`,
  };
}
