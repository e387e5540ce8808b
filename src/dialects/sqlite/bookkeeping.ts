import type { TableName } from '../connection.ts';
import { quoteIdentifier, quoteTable } from './quote.ts';

/** Alembic's table, wide enough: its own VARCHAR(32) is too narrow for many real ids on other databases. */
export function createVersionTable(table: TableName): readonly string[] {
  return [
    `CREATE TABLE IF NOT EXISTS ${quoteTable(table)} (version_num VARCHAR(255) NOT NULL, ` +
      `CONSTRAINT ${quoteIdentifier(`${table.name}_pkc`)} PRIMARY KEY (version_num))`,
  ];
}

/** AUTOINCREMENT, so that a number is never given twice even when rows are deleted by hand. */
export function createJournalTable(table: TableName): readonly string[] {
  return [
    `CREATE TABLE IF NOT EXISTS ${quoteTable(table)} (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, ` +
      'at TEXT NOT NULL, event TEXT NOT NULL, revision TEXT, direction TEXT, message TEXT, statement INTEGER, ' +
      'sql_text TEXT, sql_hash TEXT, checksum TEXT, exact_checksum TEXT, duration_ms INTEGER, actor TEXT NOT NULL, ' +
      'tool TEXT NOT NULL, detail TEXT)',
  ];
}
