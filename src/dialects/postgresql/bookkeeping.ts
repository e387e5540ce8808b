import { AludelError } from '../../support/aludel-error.ts';
import type { Connection, TableName } from '../connection.ts';
import { literal } from './literal.ts';
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

/** Whoever may not create schemas is refused by CREATE SCHEMA IF NOT EXISTS though there is nothing to create. */
function createSchema({ schema }: TableName): readonly string[] {
  if (schema === null) return [];
  const isThere = `EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = ${literal(schema)})`;
  const body = `BEGIN IF NOT ${isThere} THEN CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(schema)}; END IF; END`;
  return [`DO ${literal(body)}`];
}

/**
 * The schema of a table of ours, as an expression: where the search_path finds it, or else where it would be created. A
 * temporary table of that name is none of ours.
 */
export function homeExpression({ schema, name }: TableName): string {
  if (schema !== null) return literal(schema);
  return `COALESCE((SELECT space.nspname::text FROM pg_catalog.pg_class found
    JOIN pg_catalog.pg_namespace space ON space.oid = found.relnamespace
    WHERE found.oid = pg_catalog.to_regclass(${literal(quoteIdentifier(name))}) AND found.relpersistence <> 't'),
    pg_catalog.current_schema()::text)`;
}

/** The schema of {@link homeExpression}. Throws database.failed when the search_path leads to none. */
export async function homeOf(connection: Connection, table: TableName): Promise<string> {
  if (table.schema !== null) return table.schema;
  const { rows } = await connection.query(
    `SELECT ${homeExpression(table)} AS home, pg_catalog.current_setting('search_path') AS path`,
  );
  const home = rows[0]?.['home'];
  if (typeof home === 'string') return home;
  throw new AludelError('database.failed', `No schema of the search_path (${String(rows[0]?.['path'])}) is there.`, {
    hint: 'Create one of them, or say with versionTableSchema where the tables of aludel are to be.',
  });
}

/** The type modifier of a character type is its width and four more; it is -1 where there is no limit. */
export async function idWidth(connection: Connection, table: TableName): Promise<number | null> {
  const { rows } = await connection.query(
    `SELECT atttypmod - 4 AS width FROM pg_catalog.pg_attribute
     WHERE attrelid = pg_catalog.to_regclass(${literal(quoteTable(table))}) AND attname = 'version_num' AND atttypmod > 4`,
  );
  const width = rows[0]?.['width'] ?? null;
  return width === null ? null : Number(width);
}

/** A division by zero is the one error that plain SQL can raise by itself. */
export function changingOneRow(sql: string): readonly string[] {
  return [`WITH changed AS (${sql} RETURNING 1) SELECT 1 / CASE count(*) WHEN 1 THEN 1 ELSE 0 END ${oneRowChanged}`];
}

/** How the statements of {@link changingOneRow} end, and no others. */
export const oneRowChanged = 'AS aludel_changed FROM changed';
