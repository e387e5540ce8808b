import { AludelError } from '../../support/aludel-error.ts';
import type { Connection } from '../connection.ts';
import type { LockRequest } from '../lock.ts';

/** The session of a connection, as the server shows it. */
export interface ServerSession {
  /** True when something stands before the server that may give the session to other clients. */
  readonly isBehindPooler: boolean;
  /** Its application_name: shortened to 63 bytes by the server, lengthened by some poolers. */
  readonly name: string;
}

/**
 * A pooler announces to each client a process id of its own making, for cancel requests, and gives it whatever server
 * process is free. Where the announced id is that of the process that answers, there is no such thing in between.
 *
 * A pooler in session mode looks the same from here and is treated as one that pools transactions: a lease is safe
 * with either, a session's lock with one only.
 */
export async function sessionOf(connection: Connection): Promise<ServerSession> {
  const { rows } = await connection.query(
    "SELECT pg_catalog.pg_backend_pid() AS pid, pg_catalog.current_setting('application_name') AS name",
  );
  return { isBehindPooler: rows[0]?.['pid'] !== connection.session, name: String(rows[0]?.['name']) };
}

/** Throws database.pooler for one that gives each statement a session of its own, or that ignores our search_path. */
export async function refuseUnsuitablePooler({ connection, settings }: LockRequest): Promise<void> {
  try {
    // Not in one message: such a pooler looks only at the state after each.
    await connection.script('BEGIN');
    await connection.script('COMMIT');
  } catch (error) {
    // What PgBouncer answers to BEGIN in statement mode; 08P01 is a protocol violation.
    if ((error as { code?: unknown }).code !== '08P01') throw error;
    throw unsuitable(settings.display, 'it allows no transactions (statement pooling)', useAnotherPool, error);
  }
  if (settings.searchPath === null) return;
  const { rows } = await connection.query("SELECT pg_catalog.current_setting('search_path') AS path");
  const path = String(rows[0]?.['path'])
    .split(',')
    .map((schema) => schema.trim().replaceAll(/^"|"$/g, ''));
  if (path.join() === settings.searchPath.join()) return;
  const difference = `${path.join(', ')} instead of ${settings.searchPath.join(', ')}`;
  throw unsuitable(settings.display, `it does not pass on the search_path, which is ${difference}`, setPathOnServer);
}

const useAnotherPool = 'Connect to the server itself, or through a pool in transaction or session mode.';
const setPathOnServer =
  'Set it on the server, with ALTER ROLE … SET search_path, and leave it out of the configuration; or connect to the server itself.';

function unsuitable(display: string, reason: string, hint: string, cause?: unknown): AludelError {
  return new AludelError('database.pooler', `The connection pooler before ${display} cannot be used: ${reason}.`, {
    where: display,
    hint,
    cause,
  });
}
