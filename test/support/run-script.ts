import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { assertNever } from '../../src/support/assert-never.ts';
import type { TestDatabase } from '../servers.ts';

/** What a client answered. */
export interface ClientAnswer {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ClientOptions {
  /** More arguments for the client, before those that name the database. */
  readonly more?: readonly string[];
  /** Where it runs, and may leave a file; beside a SQLite file unless given. */
  readonly directory?: string;
}

type Database = Pick<TestDatabase, 'dialect' | 'url'>;

/** Runs a script as its header says: psql, the mariadb client or the sqlite3 shell reads it, or its pieces as they come, from its input. */
export async function runScript(
  database: Database,
  script: string | AsyncIterable<string>,
  options: ClientOptions = {},
): Promise<ClientAnswer> {
  return await startScript(database, script, options).ended;
}

/** A client that runs. */
export interface RunningClient {
  /** SIGKILL. */
  readonly kill: () => void;
  readonly ended: Promise<ClientAnswer>;
}

/** {@link runScript}, without waiting for its end. */
export function startScript(
  database: Database,
  script: string | AsyncIterable<string>,
  { more = [], directory }: ClientOptions = {},
): RunningClient {
  const beside = database.dialect === 'sqlite' ? dirname(database.url.slice('sqlite:'.length)) : undefined;
  const argumentList = [...argumentsFor[database.dialect], ...more, ...connectionArguments(database)];
  const child = spawn(clients[database.dialect], argumentList, { cwd: directory ?? beside, stdio: 'pipe' });
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  // A client that stops early leaves the rest unread.
  child.stdin.on('error', () => undefined);
  Readable.from(typeof script === 'string' ? [script] : script).pipe(child.stdin);
  const said = Promise.all([textOf(child.stdout), textOf(child.stderr), closed]);
  return {
    kill: () => void child.kill('SIGKILL'),
    ended: said.then(([stdout, stderr, exitCode]) => ({ exitCode, stdout, stderr })),
  };
}

const clients = { postgresql: 'psql', mysql: 'mariadb', sqlite: 'sqlite3' } as const;
const argumentsFor = {
  postgresql: ['-X'],
  mysql: ['--no-defaults', '--binary-mode', '--comments'],
  sqlite: [],
} as const;

/** The arguments by which the tools of a database find it; its name or file is the last. */
export function connectionArguments({ dialect, url }: Database): readonly string[] {
  switch (dialect) {
    case 'postgresql':
      return ['-d', url];
    case 'sqlite':
      return [url.slice('sqlite:'.length)];
    case 'mysql': {
      const { hostname, port, username, password, pathname } = new URL(url);
      const secret = password === '' ? [] : [`--password=${decodeURIComponent(password)}`];
      const user = `--user=${decodeURIComponent(username)}`;
      const server = ['--protocol=tcp', `--host=${hostname}`, `--port=${port === '' ? '3306' : port}`];
      return [...server, user, ...secret, decodeURIComponent(pathname.slice(1))];
    }
    default:
      return assertNever(dialect);
  }
}
