import type { Connection } from '../connection.ts';

/**
 * Replicas run with read_only, on Aurora with innodb_read_only. Some users may write all the same (SUPER, READ ONLY
 * ADMIN); what they change on a replica is missing on its primary, so the setting counts for them too.
 */
export async function whyReadOnly(connection: Connection): Promise<string | null> {
  const { rows } = await connection.query(
    'SELECT @@global.read_only AS read_only, @@global.innodb_read_only AS innodb_read_only',
  );
  const set = ['read_only', 'innodb_read_only'].find((name) => !isOff(rows[0]?.[name]));
  return set === undefined ? null : `read-only (${set} is on), as a replica is`;
}

/** 0 and 1; MariaDB 12 has words. */
function isOff(value: unknown): boolean {
  return value === undefined || value === 0 || value === '0' || (typeof value === 'string' && /^off$/i.test(value));
}
