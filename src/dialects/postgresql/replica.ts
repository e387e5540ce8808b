import type { Connection } from '../connection.ts';

/** A standby replays what its primary writes; default_transaction_read_only makes any database read-only. */
export async function whyReadOnly(connection: Connection): Promise<string | null> {
  const { rows } = await connection.query(
    `SELECT pg_catalog.pg_is_in_recovery() AS standby, pg_catalog.current_setting('transaction_read_only') AS read_only`,
  );
  if (rows[0]?.['standby'] === true) return 'a standby, which follows its primary';
  return rows[0]?.['read_only'] === 'on' ? 'read-only (default_transaction_read_only is on)' : null;
}
