import type { LeaseRules } from '../lease-table.ts';
import type { LockRequest } from '../lock.ts';
import { changingOneRow, createLockTable } from './bookkeeping.ts';
import { literal } from './literal.ts';
import { quoteTable } from './quote.ts';

/** The name of a session: the server, its connection there and the address of its client, since ids begin anew with the server. */
export const sessionName = "CONCAT(@@hostname, ':', @@port, ' connection ', ID, ' from ', HOST)";

/** The lease on MySQL and MariaDB. `session` is our own {@link sessionName}. */
export function leaseRules({ connection, lockTable }: LockRequest, session: string): LeaseRules {
  return {
    table: quoteTable(lockTable),
    begin: 'START TRANSACTION',
    async create() {
      for (const sql of createLockTable(lockTable)) await connection.query(sql);
    },
    after: (ms) => `UTC_TIMESTAMP(6) + INTERVAL ${ms * 1000} MICROSECOND`,
    isoText: (column) => `DATE_FORMAT(${column}, '%Y-%m-%dT%H:%i:%sZ')`,
    literal,
    changingOneRow,
    session,
    /** A stopped process would keep what its transaction has locked for as long as it is stopped. */
    async clearAway({ session: of }) {
      if (of === null) return true;
      const { rows } = await connection.query(
        `SELECT ID AS id, COMMAND AS command FROM information_schema.PROCESSLIST WHERE ${sessionName} = ?`,
        [of],
      );
      const sleeping = rows.filter(({ command }) => command === 'Sleep');
      for (const { id } of sleeping) await connection.query(`KILL CONNECTION ${Number(id)}`);
      return sleeping.length === rows.length;
    },
    missingCodes: ['ER_NO_SUCH_TABLE'],
    // MariaDB gives the first of these for NOWAIT, MySQL the second; a Galera cluster the third when another node was first.
    contendedCodes: ['ER_LOCK_WAIT_TIMEOUT', 'ER_LOCK_NOWAIT', 'ER_LOCK_DEADLOCK'],
  };
}
