import type { Connection, Row } from '../connection.ts';
import { literal } from './literal.ts';
import { quoteIdentifier } from './quote.ts';

/**
 * What dumps and revisions set for their session, as far as every user may set it: MySQL 8 keeps some session variables,
 * such as sql_log_bin and auto_increment_increment, for the privileged, also when they are set to what they are. Each server
 * has its own of the two names for isolation, for the access mode and for the time limit.
 */
const remembered = [
  'sql_mode',
  'time_zone',
  'character_set_client',
  'character_set_results',
  'collation_connection',
  'foreign_key_checks',
  'unique_checks',
  'check_constraint_checks',
  'sql_notes',
  'sql_safe_updates',
  'sql_auto_is_null',
  'sql_big_selects',
  'sql_select_limit',
  'sql_quote_show_create',
  'group_concat_max_len',
  'default_storage_engine',
  'completion_type',
  'tx_isolation',
  'transaction_isolation',
  'tx_read_only',
  'transaction_read_only',
  'max_statement_time',
  'max_execution_time',
  'lock_wait_timeout',
  'innodb_lock_wait_timeout',
  'wait_timeout',
] as const;

/**
 * Statements that put a session back as it is now: its settings, its current database and its roles. Remembered, for DEFAULT
 * is what a new session begins with, which is neither what the driver asked for nor what we have set since.
 */
export async function restoringSession(connection: Connection): Promise<readonly string[]> {
  const names = remembered.map((name) => literal(name)).join(', ');
  const settings = await connection.query(`SHOW SESSION VARIABLES WHERE Variable_name IN (${names})`);
  const { rows } = await connection.query('SELECT DATABASE() AS base, CURRENT_ROLE() AS roles, VERSION() AS version');
  const { base, roles, version } = rows[0] ?? {};
  return [
    `SET SESSION ${settings.rows.map(assignment).join(', ')}`,
    ...(typeof base === 'string' ? [`USE ${quoteIdentifier(base)}`] : []),
    `SET ROLE ${rolesText(roles, String(version))}`,
  ];
}

function assignment(row: Row): string {
  const value = String(row['Value']);
  // character_set_results is shown empty while it is NULL, and a number is refused as text.
  const text = value === '' && row['Variable_name'] !== 'sql_mode' ? 'NULL' : literal(value);
  return `${String(row['Variable_name'])} = ${/^\d+(?:\.\d+)?$/.test(value) ? value : text}`;
}

/** MariaDB has one role, shown by its bare name; MySQL shows several as its SET ROLE takes them, or NONE. */
function rolesText(roles: unknown, version: string): string {
  if (typeof roles !== 'string') return 'NONE';
  return version.includes('MariaDB') ? quoteIdentifier(roles) : roles;
}
