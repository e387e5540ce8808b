import { numberIn, textIn, type Blocker } from '../blocker.ts';
import type { Connection, Row } from '../connection.ts';

/**
 * Whom a session waits for while it waits. Each server has some of these sources, and most users may read only some:
 * the first one that answers counts. The error of a deadlock names nobody.
 */
export async function blockersOf(observer: Connection, waiting: number, error: unknown): Promise<readonly Blocker[]> {
  if (error !== null) return [];
  for (const { sql, certain } of sources) {
    const rows = await rowsOrNone(observer, sql, waiting);
    if (rows.length > 0) return await described(observer, rows, certain);
  }
  return [];
}

const sources: readonly { readonly sql: string; readonly certain: boolean }[] = [
  // Row locks on MariaDB.
  {
    certain: true,
    sql: `SELECT DISTINCT holder.trx_mysql_thread_id AS session
      FROM information_schema.INNODB_LOCK_WAITS waits
      JOIN information_schema.INNODB_TRX waiter ON waiter.trx_id = waits.requesting_trx_id
      JOIN information_schema.INNODB_TRX holder ON holder.trx_id = waits.blocking_trx_id
      WHERE waiter.trx_mysql_thread_id = ?`,
  },
  // Row locks on MySQL 8.
  {
    certain: true,
    sql: `SELECT DISTINCT holder.PROCESSLIST_ID AS session
      FROM performance_schema.data_lock_waits waits
      JOIN performance_schema.threads waiter ON waiter.THREAD_ID = waits.REQUESTING_THREAD_ID
      JOIN performance_schema.threads holder ON holder.THREAD_ID = waits.BLOCKING_THREAD_ID
      WHERE waiter.PROCESSLIST_ID = ?`,
  },
  // Table locks on MySQL 8, and on MariaDB where performance_schema is switched on.
  {
    certain: true,
    sql: `SELECT DISTINCT holder.PROCESSLIST_ID AS session
      FROM performance_schema.threads waiter
      JOIN performance_schema.metadata_locks wanted
        ON wanted.OWNER_THREAD_ID = waiter.THREAD_ID AND wanted.LOCK_STATUS = 'PENDING'
      JOIN performance_schema.metadata_locks held
        ON held.LOCK_STATUS = 'GRANTED' AND held.OBJECT_TYPE = wanted.OBJECT_TYPE
        AND held.OBJECT_SCHEMA <=> wanted.OBJECT_SCHEMA AND held.OBJECT_NAME <=> wanted.OBJECT_NAME
        AND held.OWNER_THREAD_ID <> wanted.OWNER_THREAD_ID
      JOIN performance_schema.threads holder ON holder.THREAD_ID = held.OWNER_THREAD_ID
      WHERE waiter.PROCESSLIST_ID = ?`,
  },
  // Nobody tells who holds a table lock on a plain MariaDB: whoever is in a transaction in this database might.
  {
    certain: false,
    sql: `SELECT DISTINCT other.ID AS session
      FROM information_schema.PROCESSLIST waiter
      JOIN information_schema.PROCESSLIST other ON other.DB = waiter.DB AND other.ID <> waiter.ID
      JOIN information_schema.INNODB_TRX transaction ON transaction.trx_mysql_thread_id = other.ID
      WHERE waiter.ID = ? AND waiter.STATE LIKE 'Waiting for %lock%' AND other.STATE NOT LIKE 'Waiting for %lock%'`,
  },
  // The same for a user who may not see transactions.
  {
    certain: false,
    sql: `SELECT other.ID AS session
      FROM information_schema.PROCESSLIST waiter
      JOIN information_schema.PROCESSLIST other ON other.DB = waiter.DB AND other.ID <> waiter.ID
      WHERE waiter.ID = ? AND waiter.STATE LIKE 'Waiting for %lock%' AND other.STATE NOT LIKE 'Waiting for %lock%'
        AND other.ID <> CONNECTION_ID()`,
  },
];

/** A source that this server has not, or that is closed to us, has no rows. */
async function rowsOrNone(observer: Connection, sql: string, waiting: number): Promise<readonly Row[]> {
  try {
    return (await observer.query(sql, [waiting])).rows;
  } catch (error) {
    if (observer.lostBecause() !== null) throw error;
    return [];
  }
}

async function described(observer: Connection, rows: readonly Row[], certain: boolean): Promise<readonly Blocker[]> {
  const sessions = rows.map((row) => numberIn(row, 'session'));
  const { rows: known } = await observer.query(
    `SELECT ID AS session, USER AS user, HOST AS host, INFO AS query,
       IF(COMMAND = 'Sleep', 'idle in transaction', COALESCE(NULLIF(STATE, ''), COMMAND)) AS state,
       DATE_FORMAT(UTC_TIMESTAMP() - INTERVAL TIME SECOND, '%Y-%m-%dT%H:%i:%sZ') AS since
     FROM information_schema.PROCESSLIST WHERE ID IN (${sessions.join(', ')}) ORDER BY ID`,
  );
  return known.map((row) => ({
    session: numberIn(row, 'session'),
    certain,
    application: null,
    user: textIn(row, 'user'),
    host: textIn(row, 'host'),
    state: textIn(row, 'state'),
    since: textIn(row, 'since'),
    query: textIn(row, 'query'),
  }));
}
