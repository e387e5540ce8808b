import type { Connection, TableName } from '../connection.ts';
import { pollForLock, type HeldLock, type LockRequest } from '../lock.ts';

/** First half of our advisory lock keys: "alud" in ASCII. The second half names the version table. */
const lockClass = 0x616c7564;

/**
 * The migration lock: a session-level advisory lock on the connection that does the work. It is polled, never waited
 * for inside the server: a session that blocks in pg_advisory_lock() deadlocks with CREATE INDEX CONCURRENTLY of the
 * holder. The lock ends with its session, so a dead run frees it as soon as the server notices.
 *
 * One connection for lock and work leaves no window in which the lock is free while a statement of a killed run is
 * still being executed.
 */
export async function acquirePostgresqlLock(request: LockRequest): Promise<HeldLock> {
  const { connection } = request;
  await noticeDeadClients(connection);
  const key = keyOf(request.versionTable);
  await pollForLock(request, {
    tryLock: async () => {
      const { rows } = await connection.query(`SELECT pg_catalog.pg_try_advisory_lock(${key}) AS locked`);
      return rows[0]?.['locked'] === true;
    },
    holder: () => holderOf(connection, request.versionTable),
  });
  return {
    lostBecause: () => connection.lostBecause(),
    release: async () => {
      if (connection.lostBecause() === null) await connection.query(`SELECT pg_catalog.pg_advisory_unlock(${key})`);
    },
  };
}

/** Two-key form; the server hashes the name, so that every client agrees on it. Locks are per database by themselves. */
function keyOf(table: TableName): string {
  return `${lockClass}, ${tableHash(table)}`;
}

function tableHash(table: TableName): string {
  const schema = table.schema === null ? 'pg_catalog.current_schema()' : literal(table.schema);
  return `pg_catalog.hashtext(${schema} || '.' || ${literal(table.name)})`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/**
 * Asks the server to look every second whether the client is still there (PostgreSQL 14, and only where the operating
 * system can tell). Without it the server finishes the statement of a killed client first, holding the lock meanwhile.
 */
async function noticeDeadClients(connection: Connection): Promise<void> {
  try {
    await connection.query(
      `SELECT pg_catalog.set_config('client_connection_check_interval', '1000', false)
       WHERE pg_catalog.current_setting('server_version_num')::int >= 140000`,
    );
  } catch {
    // This platform cannot; the lock is then freed when the statement ends.
  }
}

async function holderOf(connection: Connection, table: TableName): Promise<string | null> {
  const { rows } = await connection.query(
    `SELECT activity.application_name, activity.usename, activity.pid, activity.backend_start
     FROM pg_catalog.pg_locks held
     JOIN pg_catalog.pg_stat_activity activity ON activity.pid = held.pid
     JOIN pg_catalog.pg_database base ON base.oid = held.database AND base.datname = pg_catalog.current_database()
     WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 2
       AND held.classid::bigint = ${lockClass}
       AND held.objid::bigint = (${tableHash(table)}::bigint & 4294967295)`,
  );
  const row = rows[0];
  if (row === undefined) return null;
  const since =
    row['backend_start'] instanceof Date ? row['backend_start'].toISOString() : String(row['backend_start']);
  return `${String(row['application_name'])} (database user ${String(row['usename'])}, server process ${String(row['pid'])}, connected since ${since})`;
}
