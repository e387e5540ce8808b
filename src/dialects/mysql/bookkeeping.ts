import type { Connection, TableName } from '../connection.ts';
import { literal } from './literal.ts';
import { quoteIdentifier, quoteTable } from './quote.ts';

/** Bytes are compared, not letters: in MySQL's usual collations `abc` and `ABC` would be one id. */
const text = 'CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';

/** Alembic's table, wide enough: its own VARCHAR(32) is too narrow for many real ids. */
export function createVersionTable(table: TableName): readonly string[] {
  return [
    `CREATE TABLE IF NOT EXISTS ${quoteTable(table)} (version_num VARCHAR(255) ${text} NOT NULL, ` +
      `CONSTRAINT ${quoteIdentifier(`${table.name}_pkc`)} PRIMARY KEY (version_num)) ENGINE = InnoDB`,
  ];
}

/** InnoDB, whatever the default engine is: a `done` row must be part of its statement's transaction. */
export function createJournalTable(table: TableName): readonly string[] {
  return [
    `CREATE TABLE IF NOT EXISTS ${quoteTable(table)} (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, ` +
      `run_id VARCHAR(64) NOT NULL, at VARCHAR(30) NOT NULL, event VARCHAR(20) NOT NULL, revision VARCHAR(255), ` +
      'direction VARCHAR(10), message TEXT, statement INTEGER, sql_text LONGTEXT, sql_hash VARCHAR(100), ' +
      'checksum VARCHAR(100), exact_checksum VARCHAR(100), duration_ms BIGINT, actor VARCHAR(255) NOT NULL, ' +
      `tool VARCHAR(100) NOT NULL, detail LONGTEXT) ENGINE = InnoDB ${text}`,
  ];
}

/** The two rows of the lease; see lease-table.ts. Its times are in UTC. */
export function createLockTable(table: TableName): readonly string[] {
  return [
    `CREATE TABLE IF NOT EXISTS ${quoteTable(table)} (name VARCHAR(10) NOT NULL PRIMARY KEY, token BIGINT NOT NULL, ` +
      'owner VARCHAR(255), session VARCHAR(255), since DATETIME(6), expires DATETIME(6)) ' +
      `ENGINE = InnoDB ${text}`,
    `INSERT IGNORE INTO ${quoteTable(table)} (name, token) VALUES ('heartbeat', 0), ('work', 0)`,
  ];
}

/** The current database. */
export async function homeOf(connection: Connection, { schema }: TableName): Promise<string | null> {
  if (schema !== null) return schema;
  const { rows } = await connection.query('SELECT DATABASE() AS home');
  return (rows[0]?.['home'] as string | null | undefined) ?? null;
}

export async function idWidth(connection: Connection, { schema, name }: TableName): Promise<number | null> {
  const { rows } = await connection.query(
    'SELECT CHARACTER_MAXIMUM_LENGTH AS width FROM information_schema.COLUMNS WHERE COLUMN_NAME = ' +
      `'version_num' AND TABLE_NAME = ${literal(name)} AND TABLE_SCHEMA = ${schema === null ? 'DATABASE()' : literal(schema)}`,
  );
  const width = rows[0]?.['width'] ?? null;
  return width === null ? null : Number(width);
}

/**
 * ROW_COUNT() counts the rows of the statement before; a subquery of two rows is an error in every SQL mode. The answer goes
 * into a variable, so that a client does not print it.
 */
export function changingOneRow(sql: string): readonly string[] {
  return [sql, 'SELECT CASE ROW_COUNT() WHEN 1 THEN 1 ELSE (SELECT 1 UNION SELECT 2) END INTO @aludel_changed'];
}

/** The journal numbers its rows by AUTO_INCREMENT, and LAST_INSERT_ID() of a revision must not be one of those numbers. */
export function aside(statements: readonly string[]): readonly string[] {
  return ['SET @aludel_last_insert_id = LAST_INSERT_ID()', ...statements, 'DO LAST_INSERT_ID(@aludel_last_insert_id)'];
}
