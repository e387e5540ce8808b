/** The real PgBouncer before a test's database, on a port and with a configuration of its own. */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { describe, onTestFinished } from 'vitest';
import { absenceOf, describeOn } from '../servers.ts';
import { freePort } from './private-server.ts';

export interface PoolSettings {
  readonly mode: 'session' | 'transaction' | 'statement';
  /** Connections to the server, shared by all clients. */
  readonly size: number;
  /** More lines for the section [pgbouncer]. */
  readonly more?: readonly string[];
}

/** Starts PgBouncer before the database of a URL until the test ends; answers the URL that leads through it. */
export async function pgbouncerBefore(databaseUrl: string, settings: PoolSettings): Promise<string> {
  const server = new URL(databaseUrl);
  const directory = mkdtempSync(join(tmpdir(), 'aludel-pgbouncer-'));
  const port = await freePort();
  const file = join(directory, 'pgbouncer.ini');
  const password = server.password === '' ? '' : ` password=${decodeURIComponent(server.password)}`;
  writeFileSync(
    file,
    [
      '[databases]',
      `* = host=${server.hostname} port=${server.port || 5432} user=${server.username}${password}`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'auth_type = any',
      `pool_mode = ${settings.mode}`,
      `default_pool_size = ${settings.size}`,
      'max_client_conn = 200',
      ...(settings.more ?? []),
      '',
    ].join('\n'),
  );
  chmodSync(directory, 0o755);
  // It refuses to serve as root.
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const child = spawn(program, [...user, file], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
    rmSync(directory, { recursive: true, force: true });
  });
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  for (let waited = 0; !(await answers(url.href)); waited += 50) {
    if (waited > 20_000 || child.exitCode !== null) throw new Error(`PgBouncer does not answer: ${log}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return url.href;
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url });
  try {
    await client.connect();
    await client.query('SELECT 1');
    await client.end();
    return true;
  } catch {
    return false;
  }
}

/** Debian installs it where only an administrator's PATH leads. */
const program = ((): string => {
  try {
    execFileSync('pgbouncer', ['--version'], { stdio: 'ignore' });
    return 'pgbouncer';
  } catch {
    return '/usr/sbin/pgbouncer';
  }
})();

/** A suite that needs PgBouncer and PostgreSQL. Left out loudly where one is missing; in CI that is a failure. */
export async function describeBehindPgbouncer(title: string, body: () => void): Promise<void> {
  const absent = (await absenceOf('postgresql')) ?? pgbouncerAbsence();
  if (absent === null) {
    await describeOn('postgresql', title, body);
    return;
  }
  console.warn(`LEFT OUT: ${title}: ${absent}`);
  describe.skip(`${title} (LEFT OUT: ${absent})`, body);
}

function pgbouncerAbsence(): string | null {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return null;
  } catch {
    const absent = 'pgbouncer is not installed (Debian package pgbouncer)';
    if (process.env['CI'] !== undefined) throw new Error(absent);
    return absent;
  }
}
