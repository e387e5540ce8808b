import type { TableName } from '../connection.ts';
import { quoteIdentifier, quoteTable } from './quote.ts';

/** Alembic's table, wide enough: its own VARCHAR(32) is too narrow for many real ids. */
export function createVersionTable(table: TableName): readonly string[] {
  return [
    ...createSchema(table),
    `CREATE TABLE IF NOT EXISTS ${quoteTable(table)} (version_num VARCHAR(255) NOT NULL, ` +
      `CONSTRAINT ${quoteIdentifier(`${table.name}_pkc`)} PRIMARY KEY (version_num))`,
  ];
}

export function createJournalTable(table: TableName): readonly string[] {
  return [
    ...createSchema(table),
    `CREATE TABLE IF NOT EXISTS ${quoteTable(table)} (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, ` +
      'run_id TEXT NOT NULL, at TEXT NOT NULL, event TEXT NOT NULL, revision TEXT, direction TEXT, message TEXT, ' +
      'statement INTEGER, sql_text TEXT, sql_hash TEXT, checksum TEXT, exact_checksum TEXT, duration_ms BIGINT, ' +
      'actor TEXT NOT NULL, tool TEXT NOT NULL, detail TEXT)',
  ];
}

/** The two rows of the lease; see lease-table.ts. */
export function createLockTable(table: TableName): readonly string[] {
  return [
    ...createSchema(table),
    `CREATE TABLE IF NOT EXISTS ${quoteTable(table)} (name TEXT PRIMARY KEY, token BIGINT NOT NULL, owner TEXT, ` +
      'session TEXT, since TIMESTAMPTZ, expires TIMESTAMPTZ)',
    `INSERT INTO ${quoteTable(table)} (name, token) VALUES ('heartbeat', 0), ('work', 0) ON CONFLICT DO NOTHING`,
  ];
}

function createSchema(table: TableName): readonly string[] {
  return table.schema === null ? [] : [`CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(table.schema)}`];
}

/** A division by zero is the one error that plain SQL can raise by itself. */
export function changingOneRow(sql: string): readonly string[] {
  return [`WITH changed AS (${sql} RETURNING 1) SELECT 1 / CASE count(*) WHEN 1 THEN 1 ELSE 0 END FROM changed`];
}
