import { createHash } from 'node:crypto';
import { pollForLock, type HeldLock, type LockRequest } from '../lock.ts';
import type { Connection } from '../connection.ts';

/**
 * The migration lock: GET_LOCK on the connection that does the work, polled. The name holds the database, because these
 * locks belong to the server, not to a database; it is hashed because MySQL allows 64 characters. The lock ends with
 * its connection.
 */
export async function acquireMysqlLock(request: LockRequest): Promise<HeldLock> {
  const { connection } = request;
  // An idle session is closed after wait_timeout, and the lock with it: be idle for up to a day.
  await connection.query('SET SESSION wait_timeout = 86400');
  const name = await lockName(connection, request);
  await pollForLock(request, {
    tryLock: async () => {
      const { rows } = await connection.query('SELECT GET_LOCK(?, 0) AS locked', [name]);
      return Number(rows[0]?.['locked']) === 1;
    },
    holder: () => holderOf(connection, name),
  });
  return {
    lostBecause: () => connection.lostBecause(),
    release: async () => {
      if (connection.lostBecause() === null) await connection.query('DO RELEASE_LOCK(?)', [name]);
    },
  };
}

async function lockName(connection: Connection, request: LockRequest): Promise<string> {
  const { rows } = await connection.query('SELECT DATABASE() AS db');
  const schema = request.versionTable.schema ?? String(rows[0]?.['db']);
  return `aludel:${createHash('sha1').update(`${schema}.${request.versionTable.name}`).digest('hex')}`;
}

/** Seen by the same user always, by others with the PROCESS privilege. */
async function holderOf(connection: Connection, name: string): Promise<string | null> {
  const { rows } = await connection.query(
    `SELECT ID AS id, USER AS user, HOST AS host, TIME AS seconds FROM information_schema.PROCESSLIST WHERE ID = IS_USED_LOCK(?)`,
    [name],
  );
  const row = rows[0];
  if (row === undefined) return null;
  return `database user ${String(row['user'])} at ${String(row['host'])} (server connection ${String(row['id'])})`;
}
