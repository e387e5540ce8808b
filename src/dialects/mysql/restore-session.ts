import type { Connection, Row } from '../connection.ts';
import { literal } from './literal.ts';
import { quoteIdentifier } from './quote.ts';
import { settingsOfEither } from './session-settings.ts';

/**
 * Statements that put a session back as it is now: its settings, its current database and its roles. Remembered, for DEFAULT
 * is what a new session begins with, which is neither what the driver asked for nor what we have set since.
 */
export async function restoringSession(connection: Connection): Promise<readonly string[]> {
  const names = settingsOfEither.map((name) => literal(name)).join(', ');
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
