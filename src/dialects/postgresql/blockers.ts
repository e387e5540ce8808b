import { numberIn, textIn, type Blocker } from '../blocker.ts';
import type { Connection } from '../connection.ts';

/**
 * Whom a session waits for, as pg_blocking_pids() tells (manual, "System Information Functions"). It tells only while
 * the session waits; the error of a deadlock names the others itself.
 */
export async function blockersOf(observer: Connection, waiting: number, error: unknown): Promise<readonly Blocker[]> {
  const named = error === null ? null : sessionsInDeadlock(error).filter((session) => session !== waiting);
  if (named?.length === 0) return [];
  const sessions = named === null ? `pg_catalog.pg_blocking_pids(${waiting})` : `'{${named.join(',')}}'::int[]`;
  const { rows } = await observer.query(
    `SELECT DISTINCT blocking.pid AS session, application_name, usename, host(client_addr) AS host,
       CASE blocking.pid WHEN 0 THEN 'prepared transaction' ELSE state END AS state,
       to_char((CASE state WHEN 'active' THEN query_start ELSE state_change END) AT TIME ZONE 'UTC',
         'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS since,
       query
     FROM unnest(${sessions}) AS blocking (pid)
     LEFT JOIN pg_catalog.pg_stat_activity activity ON activity.pid = blocking.pid
     ORDER BY 1`,
  );
  return rows.map((row) => ({
    session: numberIn(row, 'session'),
    certain: true,
    application: textIn(row, 'application_name'),
    user: textIn(row, 'usename'),
    host: textIn(row, 'host'),
    state: textIn(row, 'state'),
    since: textIn(row, 'since'),
    query: textIn(row, 'query'),
  }));
}

/** "Process 11 waits for ShareLock on transaction 7; blocked by process 12." for each session of the circle. */
function sessionsInDeadlock(error: unknown): readonly number[] {
  const { detail } = (error ?? {}) as { readonly detail?: unknown };
  if (typeof detail !== 'string') return [];
  return [...detail.matchAll(/blocked by process (\d+)/g)].map(([, session]) => Number(session));
}
