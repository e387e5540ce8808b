import type { Row } from './connection.ts';

/** Another session for which a statement has to wait. */
export interface Blocker {
  /** The server's number for it, as KILL and pg_terminate_backend() take it. */
  readonly session: number;
  /** False where the server does not tell whom a statement waits for, and this one might be it. */
  readonly certain: boolean;
  /** What it calls itself; null where the server does not tell. */
  readonly application: string | null;
  readonly user: string | null;
  readonly host: string | null;
  /** In the server's words: "active", "idle in transaction", "Sleep". */
  readonly state: string | null;
  /** When its present query, or its last one, began: ISO 8601 by the server's clock. */
  readonly since: string | null;
  /** That query; null where we may not see it. Not redacted. */
  readonly query: string | null;
}

/** "session 4711 (psql, user bob, idle in transaction since 2026-01-31T10:00:00.000Z, last query: UPDATE …)". */
export function blockerInWords({ session, certain, application, user, host, state, since, query }: Blocker): string {
  const known = [
    application,
    user === null ? null : `user ${user}${host === null ? '' : ` at ${host}`}`,
    state === null ? null : `${state}${since === null ? '' : ` since ${since}`}`,
    query === null ? null : `query: ${shortened(query)}`,
  ].filter((fact) => fact !== null && fact !== '');
  const named = `${certain ? '' : 'probably '}session ${session}`;
  return known.length === 0 ? named : `${named} (${known.join(', ')})`;
}

/** On one line, and no longer than one. */
function shortened(query: string): string {
  const line = query.replace(/\s+/g, ' ').trim();
  return line.length <= 120 ? line : `${line.slice(0, 119)}…`;
}

/** A column of a row about a session, as text; null when it is null or empty. */
export function textIn(row: Row, column: string): string | null {
  const value = row[column];
  return typeof value === 'string' && value !== '' ? value : null;
}

export function numberIn(row: Row, column: string): number {
  return Number(row[column]);
}
