import type { TableName } from '../connection.ts';
import { quoteIdentifier, quoteTable } from './quote.ts';

/** Alembic's table, wide enough: its own VARCHAR(32) is too narrow for many real ids on other databases. */
export function createVersionTable(table: TableName): readonly string[] {
  return [
    `CREATE TABLE IF NOT EXISTS ${quoteTable(table)} (version_num VARCHAR(255) NOT NULL, ` +
      `CONSTRAINT ${quoteIdentifier(`${table.name}_pkc`)} PRIMARY KEY (version_num))`,
  ];
}

export function createJournalTable(table: TableName): readonly string[] {
  return [
    `CREATE TABLE IF NOT EXISTS ${quoteTable(table)} (id INTEGER PRIMARY KEY, run_id TEXT NOT NULL, ` +
      'at TEXT NOT NULL, event TEXT NOT NULL, revision TEXT, direction TEXT, message TEXT, statement INTEGER, ' +
      'sql_text TEXT, sql_hash TEXT, checksum TEXT, exact_checksum TEXT, duration_ms INTEGER, actor TEXT NOT NULL, ' +
      'tool TEXT NOT NULL, detail TEXT)',
  ];
}

/** The file itself: a revision may attach others, and a temporary table of the same name would be found first. */
export function homeOf(_connection: unknown, { schema }: TableName): Promise<string> {
  return Promise.resolve(schema ?? 'main');
}

/**
 * changes() counts the rows of the statement before; the smallest integer has no absolute value, so that abs() fails. Nothing
 * is answered, so that a client prints nothing.
 */
export function changingOneRow(sql: string): readonly string[] {
  return [sql, 'SELECT 1 WHERE CASE changes() WHEN 1 THEN 0 ELSE abs(-9223372036854775807 - 1) END'];
}
