import type { LeaseRules } from '../lease-table.ts';
import type { LockRequest } from '../lock.ts';
import { changingOneRow, createLockTable } from './bookkeeping.ts';
import { literal } from './literal.ts';
import { quoteTable } from './quote.ts';

/** The lease on PostgreSQL. `session` is our application_name; `creationLock` an advisory lock that creators take. */
export function leaseRules({ connection, lockTable }: LockRequest, session: string, creationLock: string): LeaseRules {
  return {
    table: quoteTable(lockTable),
    begin: 'BEGIN ISOLATION LEVEL READ COMMITTED',
    async create() {
      // Two sessions that create one table at the same time can fail in spite of IF NOT EXISTS.
      const alone = `SELECT pg_catalog.pg_advisory_xact_lock(${creationLock})`;
      try {
        await connection.script(['BEGIN', alone, ...createLockTable(lockTable), 'COMMIT'].join('; '));
      } catch (error) {
        await connection.script('ROLLBACK');
        throw error;
      }
    },
    after: (ms) => `pg_catalog.clock_timestamp() + interval '${ms} milliseconds'`,
    isoText,
    literal,
    changingOneRow,
    session,
    /** A transaction of a stopped process would keep its row of the lease locked, and much else, for as long as it is stopped. */
    async clearAway({ session: of }) {
      if (of === null) return true;
      const { rows } = await connection.query(
        `SELECT CASE WHEN state LIKE 'idle in transaction%' THEN pg_catalog.pg_terminate_backend(pid) END AS ended
         FROM pg_catalog.pg_stat_activity
         WHERE datname = pg_catalog.current_database() AND pid <> pg_catalog.pg_backend_pid()
           AND application_name = ${literal(of)} AND state <> 'idle'`,
      );
      return rows.every(({ ended }) => ended === true);
    },
    missingCodes: ['42P01', '3F000'],
    contendedCodes: ['55P03', '40001', '40P01'],
  };
}

/** A time as ISO 8601 in UTC, whatever the session's time zone. */
export function isoText(column: string): string {
  return `pg_catalog.to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
}
