/** Databases of the crash kit's own, and an independent look at them: no code of ours reads what is compared. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { Client } from 'pg';
import sqlite3 from 'sqlite3';
import type { DialectName } from '../../src/dialects/connection.ts';
import { createDatabase } from '../servers.ts';

type Rows = readonly Readonly<Record<string, unknown>>[];

export interface CrashDatabase {
  readonly url: string;
  query(sql: string): Promise<Rows>;
  /** Schema, rows and version rows as text; what the journal holds and counters aside. */
  state(): Promise<string>;
  drop(): Promise<void>;
}

/** A connection of the checker's own. */
export interface Checker {
  query(sql: string): Promise<Rows>;
  schema(): Promise<readonly string[]>;
  tables(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Makes a database of this dialect with the rows every scenario starts from. */
export async function createCrashDatabase(dialect: DialectName): Promise<CrashDatabase> {
  const database = await createDatabase(dialect);
  const checker = await openChecker(dialect, database.url);
  for (const sql of seed(dialect)) await checker.query(sql);
  return {
    url: database.url,
    query: (sql) => checker.query(sql),
    async state() {
      const rows: string[] = [];
      for (const table of await checker.tables()) {
        // They name processes and times.
        if (table === 'aludel_log' || table === 'aludel_lock') continue;
        const found = await checker.query(`SELECT * FROM ${table}`);
        rows.push(...found.map((row) => `${table}: ${JSON.stringify(row)}`).sort());
      }
      return [...(await checker.schema()), ...rows].join('\n');
    },
    async drop() {
      await checker.close();
      await database.drop();
    },
  };
}

export function openChecker(dialect: DialectName, url: string): Promise<Checker> {
  return { sqlite: checkSqlite, postgresql: checkPostgresql, mysql: checkMysql }[dialect](url);
}

function seed(dialect: DialectName): readonly string[] {
  const engine = dialect === 'mysql' ? ' ENGINE = InnoDB' : '';
  const rows = Array.from({ length: 20 }, (_, i) => `(${i + 1}, 'account ${i + 1}', ${i * 7})`);
  return [
    `CREATE TABLE account (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(50) NOT NULL, n INTEGER NOT NULL)${engine}`,
    `INSERT INTO account (id, name, n) VALUES ${rows.join(', ')}`,
  ];
}

function linesOf(rows: Rows): readonly string[] {
  return rows.map((row) => JSON.stringify(row));
}

/** Opens the file anew for each question, as the next process would: what a killed one left is recovered then. */
async function checkSqlite(url: string): Promise<Checker> {
  const query = (sql: string): Promise<Rows> =>
    new Promise((resolve, reject) => {
      const database = new sqlite3.Database(url.slice('sqlite:'.length), (opened) => {
        if (opened !== null) return reject(opened);
        database.configure('busyTimeout', 10_000);
        database.all<Record<string, unknown>>(sql, (error, rows) => {
          database.close(() => (error === null ? resolve(rows) : reject(error)));
        });
      });
    });
  const master = `FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'`;
  return {
    query,
    schema: async () => [
      ...linesOf(await query(`SELECT type, name, tbl_name, sql ${master} ORDER BY 1, 2`)),
      ...linesOf(await query('PRAGMA integrity_check')),
      ...linesOf(await query('PRAGMA foreign_key_check')),
    ],
    tables: async () =>
      (await query(`SELECT name ${master} AND type = 'table' ORDER BY 1`)).map(({ name }) => String(name)),
    close: () => Promise.resolve(),
  };
}

async function checkPostgresql(url: string): Promise<Checker> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const query = async (sql: string): Promise<Rows> => (await client.query<Record<string, unknown>>(sql)).rows;
  return {
    query,
    schema: async () => [
      ...linesOf(await query(indexes)),
      ...((await dump(url)) ?? linesOf(await query(relationsAndTypes))),
    ],
    tables: async () =>
      (await query(`SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`)).map((row) =>
        String(row['tablename']),
      ),
    close: () => client.end(),
  };
}

/** What pg_dump leaves out: whether an index is valid, and those that are not. */
const indexes = `
  SELECT i.indexrelid::regclass::text AS index, pg_get_indexdef(i.indexrelid) AS definition, i.indisvalid, i.indisready
  FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE c.relnamespace = 'public'::regnamespace ORDER BY 1`;

/** In place of pg_dump where that is missing or older than the server. */
const relationsAndTypes = `
  SELECT 'column' AS kind, table_name || '.' || column_name AS name,
         concat_ws(' ', row_number() OVER (PARTITION BY table_name ORDER BY ordinal_position), udt_name,
           character_maximum_length, is_nullable, column_default, is_identity) AS definition
  FROM information_schema.columns WHERE table_schema = 'public'
  UNION ALL
  SELECT 'constraint', conrelid::regclass::text || '.' || conname, pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
  UNION ALL
  SELECT 'relation', relname, relkind::text || coalesce(CASE WHEN relkind = 'v' THEN pg_get_viewdef(oid) END, '')
  FROM pg_class WHERE relnamespace = 'public'::regnamespace
  UNION ALL
  SELECT 'enum', t.typname, string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder)
  FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid GROUP BY t.typname
  ORDER BY 1, 2, 3`;

let dumpMissing = false;

/** The schema as pg_dump writes it, or null where it cannot. */
async function dump(url: string): Promise<readonly string[] | null> {
  if (dumpMissing) return null;
  try {
    const { stdout } = await promisify(execFile)('pg_dump', ['--schema-only', '--dbname', url]);
    // Newer ones guard their script with a random word.
    return stdout.split('\n').filter((line) => line !== '' && !/^(?:--|\\(?:un)?restrict)/.test(line));
  } catch (error) {
    console.warn(`the catalogue is compared in place of pg_dump: ${error instanceof Error ? error.message : ''}`);
    dumpMissing = true;
    return null;
  }
}

async function checkMysql(url: string): Promise<Checker> {
  const connection = await createConnection(url);
  const query = async (sql: string): Promise<Rows> => {
    const [rows] = await connection.query<RowDataPacket[]>(sql);
    return Array.isArray(rows) ? rows : [];
  };
  const tables = `FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()`;
  return {
    query,
    async schema() {
      const lines: string[] = [];
      for (const { name } of await query(`SELECT TABLE_NAME AS name ${tables} ORDER BY 1`)) {
        const [row = {}] = await query(`SHOW CREATE TABLE \`${String(name).replaceAll('`', '``')}\``);
        lines.push(JSON.stringify(row).replace(/ AUTO_INCREMENT=\d+/, ''));
      }
      return [
        ...lines,
        ...linesOf(
          await query(
            'SELECT ROUTINE_NAME AS name, ROUTINE_DEFINITION AS body FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() ORDER BY 1',
          ),
        ),
        ...linesOf(
          await query(
            'SELECT TRIGGER_NAME AS name, ACTION_STATEMENT AS body FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() ORDER BY 1',
          ),
        ),
      ];
    },
    tables: async () =>
      (await query(`SELECT TABLE_NAME AS name ${tables} AND TABLE_TYPE = 'BASE TABLE' ORDER BY 1`)).map(({ name }) =>
        String(name),
      ),
    close: () => connection.end(),
  };
}
