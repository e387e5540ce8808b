import type { Connection } from './connection.ts';

/**
 * The lease: two rows in a table beside the version table. Both carry the name of the holder, the time until which the
 * lock is its own, and a token that grows with every holder.
 *
 * - `heartbeat` is renewed by a timer;
 * - `work` is renewed first thing in every transaction of the run (the fence), which keeps the row locked until that
 *   transaction ends. Whoever takes the lease over writes both rows, so a transaction that has begun with the old token is
 *   either finished by then, or never commits.
 *
 * Two rows, because a heartbeat that had to wait for the transaction would be none; on a Galera cluster, where the first
 * commit of a row wins, it would even abort the transaction.
 */
export type LeaseRow = 'heartbeat' | 'work';

/** What the two rows say. */
export interface Lease {
  /** `held` until the later of its two times, by the clock of the server; `free` also while a session has the lock. */
  readonly state: 'free' | 'held' | 'expired';
  readonly owner: string | null;
  /** The name the server shows for the holder's session. */
  readonly session: string | null;
  /** ISO 8601 in UTC. */
  readonly since: string | null;
  readonly token: number;
}

/** What a dialect adds to the statements of a lease. */
export interface LeaseRules {
  /** The table, quoted. */
  readonly table: string;
  /** Begins a transaction that sees what others have committed meanwhile. */
  readonly begin: string;
  /** Creates the table and its two rows unless they are there; others may be about to do the same. */
  create(): Promise<void>;
  /** The time on the server's clock, moved by so many milliseconds. */
  readonly after: (ms: number) => string;
  /** A column of times as ISO 8601 in UTC. */
  readonly isoText: (column: string) => string;
  readonly literal: (value: string | number | null) => string;
  readonly changingOneRow: (sql: string) => readonly string[];
  /** The name the server shows for our session. */
  readonly session: string;
  /**
   * Ends what a holder whose lease has expired left on the server: a transaction that waits for its client. True when
   * nothing of it is left; false while a statement of it is still being carried out.
   */
  clearAway(lease: Lease): Promise<boolean>;
  /** Codes of errors that say that the table is not there, or that another connection is at its rows just now. */
  readonly missingCodes: readonly string[];
  readonly contendedCodes: readonly string[];
}

/** Who takes the lease, and for how long. */
export interface Taker {
  /** Null to take it from an expired holder and leave it free. */
  readonly owner: string | null;
  /** Null for a holder whose session keeps the lock. */
  readonly leaseMs: number | null;
  /** Asked with both rows locked: whether no session holds the lock. */
  readonly isAlone: () => Promise<boolean>;
}

/** The lease as it stands; creates the table when it is missing. */
export async function readLease(connection: Connection, rules: LeaseRules): Promise<Lease> {
  try {
    const lease = await queryLease(connection, rules, '');
    if (lease !== null) return lease;
  } catch (error) {
    if (!hasCode(error, rules.missingCodes)) throw error;
  }
  await rules.create();
  return (await queryLease(connection, rules, '')) ?? { ...nobody, token: 0 };
}

const nobody = { state: 'free', owner: null, session: null, since: null } as const;

async function queryLease(connection: Connection, rules: LeaseRules, locking: string): Promise<Lease | null> {
  const { table, isoText, after } = rules;
  const { rows } = await connection.query(
    `SELECT owner, session, token, ${isoText('since')} AS since, ` +
      `CASE WHEN expires IS NULL THEN 'free' WHEN expires > ${after(0)} THEN 'held' ELSE 'expired' END AS state ` +
      `FROM ${table} ORDER BY name${locking}`,
  );
  const row = rows.find(({ state }) => state === 'held') ?? rows[0];
  if (row === undefined || rows.length < 2) return null;
  return {
    state: row['state'] as Lease['state'],
    owner: textOf(row['owner']),
    session: textOf(row['session']),
    since: textOf(row['since']),
    token: Number(row['token']),
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/**
 * Takes the lease unless somebody holds it, and answers its new token; null when it was not to be had.
 *
 * 1. Look without locking anything, so that those who wait never stand in the holder's way.
 * 2. When it has expired, see that nothing of its holder is still at work on the server.
 * 3. In one transaction lock both rows without waiting, look again, see that no session holds the lock, and write the new
 *    holder with the next token.
 */
export async function takeLease(connection: Connection, rules: LeaseRules, taker: Taker): Promise<number | null> {
  const seen = await readLease(connection, rules);
  if (seen.state === 'held') return null;
  if (seen.state === 'expired' && !(await rules.clearAway(seen))) return null;
  await connection.script(rules.begin);
  try {
    const lease = await queryLease(connection, rules, ' FOR UPDATE NOWAIT');
    if (lease?.token === seen.token && lease.state !== 'held' && (await taker.isAlone())) {
      await connection.script(takeOver(rules, taker));
      await connection.script('COMMIT');
      return lease.token + 1;
    }
    await connection.script('ROLLBACK');
  } catch (error) {
    await connection.script('ROLLBACK').catch(() => {
      // The connection is gone, and the transaction with it: the first error says so.
    });
    if (!hasCode(error, rules.contendedCodes)) throw error;
  }
  return null;
}

function takeOver({ table, after, literal, session }: LeaseRules, { owner, leaseMs }: Taker): string {
  const name = owner === null ? 'NULL' : literal(owner);
  return (
    `UPDATE ${table} SET token = token + 1, owner = ${name}, session = ${owner === null ? 'NULL' : literal(session)}, ` +
    `since = ${after(0)}, expires = ${leaseMs === null ? 'NULL' : after(leaseMs)}`
  );
}

/** Renews one row of the lease with this token; it changes no row when the lease has been taken over. */
export function renewal({ table, after }: LeaseRules, row: LeaseRow, token: number, leaseMs: number): string {
  return `UPDATE ${table} SET expires = ${after(leaseMs)} WHERE name = '${row}' AND token = ${token}`;
}

/** Gives the lease back; its token stays, so that the next one is another. */
export function freeing({ table }: LeaseRules, token: number): string {
  return `UPDATE ${table} SET owner = NULL, session = NULL, expires = NULL WHERE token = ${token}`;
}

function hasCode(error: unknown, codes: readonly string[]): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && codes.includes(code);
}
