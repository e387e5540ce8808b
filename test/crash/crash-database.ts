/** Databases of the crash kit's own, and an independent look at them: no code of ours reads what is compared. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { Client } from 'pg';
import sqlite3 from 'sqlite3';

export type CrashDialect = 'sqlite' | 'postgresql' | 'mysql';

type Rows = readonly Readonly<Record<string, unknown>>[];

export interface CrashDatabase {
  readonly url: string;
  query(sql: string): Promise<Rows>;
  /** Schema, rows and version rows as text; the journal and counters aside. */
  state(): Promise<string>;
  drop(): Promise<void>;
}

const serverUrls = {
  postgresql: process.env['TEST_POSTGRESQL_URL'] ?? 'postgresql://root@127.0.0.1:5432/postgres',
  mysql: process.env['TEST_MYSQL_URL'] ?? 'mysql://root@127.0.0.1:3306/',
};

/** Makes a database of this dialect with the rows every scenario starts from. */
export async function createCrashDatabase(dialect: CrashDialect): Promise<CrashDatabase> {
  const made = await { sqlite: createSqlite, postgresql: createPostgresql, mysql: createMysql }[dialect]();
  for (const sql of seed(dialect)) await made.query(sql);
  return made;
}

/** True when the server of this dialect answers. */
export async function isReachable(dialect: CrashDialect): Promise<boolean> {
  try {
    if (dialect === 'postgresql') await withServer(async () => undefined);
    if (dialect === 'mysql') await (await createConnection(serverUrls.mysql)).end();
    return true;
  } catch {
    return false;
  }
}

function seed(dialect: CrashDialect): readonly string[] {
  const engine = dialect === 'mysql' ? ' ENGINE = InnoDB' : '';
  const rows = Array.from({ length: 20 }, (_, i) => `(${i + 1}, 'account ${i + 1}', ${i * 7})`);
  return [
    `CREATE TABLE account (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(50) NOT NULL, n INTEGER NOT NULL)${engine}`,
    `INSERT INTO account (id, name, n) VALUES ${rows.join(', ')}`,
  ];
}

function freshName(): string {
  return `aludel_crash_${process.pid}_${randomBytes(4).toString('hex')}`;
}

async function createSqlite(): Promise<CrashDatabase> {
  const directory = mkdtempSync(join(tmpdir(), 'aludel-crash-db-'));
  const file = join(directory, 'app.db');
  const query = (sql: string): Promise<Rows> =>
    new Promise((resolve, reject) => {
      const database = new sqlite3.Database(file, (opened) => {
        if (opened !== null) return reject(opened);
        database.configure('busyTimeout', 10_000);
        database.all<Record<string, unknown>>(sql, (error, rows) => {
          database.close(() => (error === null ? resolve(rows) : reject(error)));
        });
      });
    });
  return {
    url: `sqlite:${file}`,
    query,
    async state() {
      const schema = await query(
        `SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 1, 2`,
      );
      const check = await query('PRAGMA integrity_check');
      const tables = schema.filter(({ type }) => type === 'table').map(({ name }) => String(name));
      return describe([...schema, ...check], await rowsOf(query, tables, '"'));
    },
    drop: () => Promise.resolve(rmSync(directory, { recursive: true, force: true })),
  };
}

async function withServer(use: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: serverUrls.postgresql });
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}

async function createPostgresql(): Promise<CrashDatabase> {
  const name = freshName();
  await withServer((client) => client.query(`CREATE DATABASE ${name}`));
  const url = new URL(serverUrls.postgresql);
  url.pathname = `/${name}`;
  const client = new Client({ connectionString: url.href });
  await client.connect();
  const query = async (sql: string): Promise<Rows> => (await client.query<Record<string, unknown>>(sql)).rows;
  return {
    url: url.href,
    query,
    async state() {
      const schema = await query(`
        SELECT 'column' AS kind, table_name || '.' || column_name AS name,
               concat_ws(' ', row_number() OVER (PARTITION BY table_name ORDER BY ordinal_position), udt_name,
                 character_maximum_length, is_nullable, column_default, is_identity) AS definition
        FROM information_schema.columns WHERE table_schema = 'public'
        UNION ALL
        SELECT 'index', i.indexrelid::regclass::text,
               concat_ws(' ', pg_get_indexdef(i.indexrelid), 'valid', i.indisvalid, 'ready', i.indisready)
        FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE c.relnamespace = 'public'::regnamespace
        UNION ALL
        SELECT 'constraint', conrelid::regclass::text || '.' || conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL
        SELECT 'relation', relname, relkind::text || coalesce(CASE WHEN relkind = 'v' THEN pg_get_viewdef(oid) END, '')
        FROM pg_class WHERE relnamespace = 'public'::regnamespace
        UNION ALL
        SELECT 'enum', t.typname, string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder)
        FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid GROUP BY t.typname
        ORDER BY 1, 2, 3`);
      const tables = await query(`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`);
      return describe(
        schema,
        await rowsOf(
          query,
          tables.map((row) => String(row['name'])),
          '"',
        ),
      );
    },
    async drop() {
      await client.end();
      await withServer((server) => server.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
}

async function createMysql(): Promise<CrashDatabase> {
  const name = freshName();
  const connection = await createConnection(serverUrls.mysql);
  await connection.query(`CREATE DATABASE ${name}`);
  await connection.query(`USE ${name}`);
  const url = new URL(serverUrls.mysql);
  url.pathname = `/${name}`;
  const query = async (sql: string): Promise<Rows> => {
    const [rows] = await connection.query<RowDataPacket[]>(sql);
    return Array.isArray(rows) ? rows : [];
  };
  return {
    url: url.href,
    query,
    async state() {
      const found = await query(
        `SELECT TABLE_NAME AS name, TABLE_TYPE AS type FROM information_schema.TABLES WHERE TABLE_SCHEMA = '${name}' ORDER BY 1`,
      );
      const schema: Rows[] = [];
      for (const { name: table } of found) {
        const [row = {}] = await query(`SHOW CREATE TABLE \`${String(table)}\``);
        schema.push([{ create: JSON.stringify(row).replace(/ AUTO_INCREMENT=\d+/, '') }]);
      }
      schema.push(
        await query(
          `SELECT ROUTINE_NAME AS name, ROUTINE_DEFINITION AS body FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = '${name}' ORDER BY 1`,
        ),
        await query(
          `SELECT TRIGGER_NAME AS name, ACTION_STATEMENT AS body FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = '${name}' ORDER BY 1`,
        ),
      );
      const tables = found.filter(({ type }) => type === 'BASE TABLE').map((row) => String(row['name']));
      return describe(schema.flat(), await rowsOf(query, tables, '`'));
    },
    async drop() {
      await connection.query(`DROP DATABASE IF EXISTS ${name}`);
      await connection.end();
    },
  };
}

async function rowsOf(
  query: (sql: string) => Promise<Rows>,
  tables: readonly string[],
  quote: string,
): Promise<readonly string[]> {
  const texts: string[] = [];
  for (const table of tables) {
    if (table === 'aludel_log') continue;
    const rows = await query(`SELECT * FROM ${quote}${table}${quote}`);
    texts.push(
      `${table}: ${rows
        .map((row) => JSON.stringify(row))
        .sort()
        .join('\n  ')}`,
    );
  }
  return texts;
}

function describe(schema: Rows, rows: readonly string[]): string {
  return [...schema.map((row) => JSON.stringify(row)), ...rows].join('\n');
}
