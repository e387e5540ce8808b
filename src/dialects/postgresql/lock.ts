import type { Connection, TableName } from '../connection.ts';
import { acquireLease, leaseHolder, takeFromExpired } from '../lease.ts';
import { pollForLock, sessionLock, type HeldLock, type LockHolder, type LockRequest } from '../lock.ts';
import { homeExpression } from './bookkeeping.ts';
import { connectPostgresql } from './driver.ts';
import { isoText, leaseRules } from './lease-rules.ts';
import { refuseUnsuitablePooler, sessionOf } from './pooler.ts';
import { literal } from './literal.ts';

/** First half of our advisory lock keys: "alud" in ASCII. The second half names the version table. */
const lockClass = 0x616c7564;
/** The same for the moment in which the table of the lease is created: "alue". */
const creationClass = 0x616c7565;

/** What connections of the tool have in application_name before their owner. */
export const applicationPrefix = 'aludel ';

/**
 * The migration lock: a session-level advisory lock on the connection that does the work. It is polled, never waited
 * for inside the server: a session that blocks in pg_advisory_lock() deadlocks with CREATE INDEX CONCURRENTLY of the
 * holder. The lock ends with its session, so a dead run frees it as soon as the server notices.
 *
 * One connection for lock and work leaves no window in which the lock is free while a statement of a killed run is
 * still being executed.
 *
 * Behind a pooler no session is ours, and a lease takes the place of the advisory lock. The two exclude each other: who
 * takes the lease tries the advisory lock in the same transaction, who has the advisory lock looks at the lease.
 */
export async function acquirePostgresqlLock(request: LockRequest): Promise<HeldLock> {
  const { connection, settings, owner } = request;
  const key = lockKey(request.versionTable);
  const { isBehindPooler, name } = await sessionOf(connection);
  const rules = leaseRules(request, name, keyOf(request.versionTable, creationClass));
  if (request.kind === 'lease' || (request.kind === 'auto' && isBehindPooler)) {
    if (isBehindPooler) await refuseUnsuitablePooler(request);
    return await acquireLease(request, {
      rules,
      pooled: isBehindPooler,
      commit: isBehindPooler ? [...restoreInPool(name), 'COMMIT'] : ['COMMIT'],
      restore: isBehindPooler ? restoreInPool(name) : sessionDefaults,
      connect: (timeoutMs) =>
        connectPostgresql(settings, {
          applicationName: `${applicationPrefix}${owner} heartbeat`,
          busyTimeoutMs: 0,
          readOnly: false,
          timeoutMs,
        }),
      isAlone: () => isTrue(connection, `pg_catalog.pg_try_advisory_xact_lock(${key})`),
      sessionHolder: () => sessionHolder(connection, key),
    });
  }
  const ownSettings = await noticeDeadClients(connection);
  const hasLeaseTable = `pg_catalog.to_regclass(${literal(rules.table)}) IS NOT NULL`;
  const unlock = `SELECT pg_catalog.pg_advisory_unlock(${key})`;
  await pollForLock(request, {
    tryLock: async () => {
      const { rows } = await connection.query(
        `SELECT pg_catalog.pg_try_advisory_lock(${key}) AS locked, ${hasLeaseTable} AS has_lease`,
      );
      if (rows[0]?.['locked'] !== true) return false;
      if (rows[0]['has_lease'] !== true || (await takeFromExpired(connection, rules))) return true;
      await connection.query(unlock);
      return false;
    },
    holder: async () => {
      const holder = await sessionHolder(connection, key);
      return holder === null && (await isTrue(connection, hasLeaseTable))
        ? await leaseHolder(connection, rules)
        : holder;
    },
  });
  return sessionLock({
    lostBecause: () => connection.lostBecause(),
    restore: [...sessionDefaults, ...ownSettings],
    release: async () => {
      if (connection.lostBecause() === null) await connection.query(unlock);
    },
  });
}

/**
 * Puts back what a connection begins with. RESET ALL knows it of each setting but the user: the first statement forgets
 * SET ROLE too, the second gives back the role that a connection of this user begins with, if any.
 */
export const sessionDefaults = ['SET SESSION AUTHORIZATION DEFAULT', 'RESET ROLE', 'RESET ALL'];

/**
 * Takes back what a transaction has set for the session before the next client gets it, all but what the pooler itself
 * sets for each client: our name, by which others see whether a statement of ours is still under way, and the encoding.
 */
function restoreInPool(applicationName: string): readonly string[] {
  return [...sessionDefaults, `SET application_name = ${literal(applicationName)}`, "SET client_encoding = 'UTF8'"];
}

/** The two keys of the migration lock, as arguments of an advisory lock function. */
export function lockKey(versionTable: TableName): string {
  return keyOf(versionTable, lockClass);
}

/** Two-key form; the server hashes the name, so that every client agrees on it. Locks are per database by themselves. */
function keyOf(table: TableName, keyClass: number): string {
  return `${keyClass}, pg_catalog.hashtext(${homeExpression(table)} || '.' || ${literal(table.name)})`;
}

/**
 * Asks the server to look every second whether the client is still there (PostgreSQL 14, and only where the operating
 * system can tell). Without it the server finishes the statement of a killed client first, holding the lock meanwhile.
 * Answers the statements that ask for it again.
 */
async function noticeDeadClients(connection: Connection): Promise<readonly string[]> {
  try {
    const { rows } = await connection.query(
      `SELECT pg_catalog.set_config('client_connection_check_interval', '1000', false)
       WHERE pg_catalog.current_setting('server_version_num')::int >= 140000`,
    );
    return rows.length === 0 ? [] : ['SET client_connection_check_interval = 1000'];
  } catch {
    // This platform cannot; the lock is then freed when the statement ends.
    return [];
  }
}

async function isTrue(connection: Connection, condition: string): Promise<boolean> {
  const { rows } = await connection.query(`SELECT ${condition} AS answer`);
  return rows[0]?.['answer'] === true;
}

/** Who has the advisory lock with this key. */
async function sessionHolder(connection: Connection, key: string): Promise<LockHolder | null> {
  const { rows } = await connection.query(
    `SELECT activity.application_name AS name, activity.usename AS role, activity.pid,
       ${isoText('activity.backend_start')} AS since ${lockHolders(key)}`,
  );
  const row = rows[0];
  if (row === undefined) return null;
  const name = String(row['name']);
  return {
    owner: name.startsWith(applicationPrefix) ? name.slice(applicationPrefix.length) : null,
    since: typeof row['since'] === 'string' ? row['since'] : null,
    session: `server process ${String(row['pid'])} of database user ${String(row['role'])}`,
  };
}

/** FROM and WHERE of the sessions (`activity`, a row of pg_stat_activity) that have the lock with this key. */
export function lockHolders(key: string): string {
  return `FROM (VALUES (${key})) AS ours (class, hash)
     JOIN pg_catalog.pg_locks held ON held.classid::bigint = ours.class
       AND held.objid::bigint = (ours.hash::bigint & 4294967295)
     JOIN pg_catalog.pg_stat_activity activity ON activity.pid = held.pid
     JOIN pg_catalog.pg_database base ON base.oid = held.database AND base.datname = pg_catalog.current_database()
     WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 2`;
}
