import { createHash } from 'node:crypto';
import type { Connection, QueryResult } from '../connection.ts';
import { acquireLease, leaseHolder } from '../lease.ts';
import { readLease, takeLease, type LeaseRules } from '../lease-table.ts';
import { pollForLock, sessionLock, type HeldLock, type LockHolder, type LockRequest } from '../lock.ts';
import { connectMysql } from './driver.ts';
import { leaseRules, sessionName } from './lease-rules.ts';

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
  const { schema, session } = await whereWeAre(connection);
  const lock = namedLock(connection, request.versionTable.schema ?? schema, request.versionTable.name);
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
      connect: () =>
        connectMysql(settings, { applicationName: `aludel ${owner} heartbeat`, busyTimeoutMs: 0, readOnly: false }),
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
  return sessionLock({ lostBecause: () => connection.lostBecause(), release: () => lock.release() });
}

/** What a Galera node says of itself; other servers know neither variable. */
export const galeraVariables = "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('wsrep_on', 'wsrep_provider')";

/** True for a node of a Galera cluster. A plain MariaDB answers OFF and none, MySQL nothing. */
export function isGalera({ rows }: QueryResult): boolean {
  const values = new Map(rows.map((row) => [String(row['Variable_name']), String(row['Value'])]));
  return values.get('wsrep_on') === 'ON' && (values.get('wsrep_provider') ?? 'none') !== 'none';
}

async function whereWeAre(connection: Connection): Promise<{ readonly schema: string; readonly session: string }> {
  const { rows } = await connection.query(
    `SELECT DATABASE() AS db, ${sessionName} AS session FROM information_schema.PROCESSLIST WHERE ID = CONNECTION_ID()`,
  );
  return { schema: String(rows[0]?.['db']), session: String(rows[0]?.['session']) };
}

function namedLock(connection: Connection, schema: string, table: string) {
  const name = `aludel:${createHash('sha1').update(`${schema}.${table}`).digest('hex')}`;
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
