import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { current } from '../../src/commands/current.ts';
import { configAt } from '../../src/commands/invocation.ts';
import { defineConfig } from '../../src/environment/config/config.ts';
import { parseDatabaseUrl } from '../../src/environment/config/database-url.ts';
import { absenceOf } from '../servers.ts';
import { startPrivateServer, type PrivateServer } from '../support/private-server.ts';

/** Certificates for a server on this machine: `ca` has signed the server's, `other` has signed nothing. */
const directory = mkdtempSync(join(tmpdir(), 'aludel-tls-'));
const file = (name: string): string => join(directory, name);

beforeAll(() => {
  const options = ['-newkey', 'rsa:2048', '-nodes', '-days', '2'];
  const make = (name: string, ...more: readonly string[]): void => {
    execFileSync(
      'openssl',
      ['req', '-x509', ...options, '-keyout', file(`${name}.key`), '-out', file(`${name}.pem`), ...more],
      { stdio: 'ignore' },
    );
  };
  make('ca', '-subj', '/CN=authority of a test');
  make('other', '-subj', '/CN=another authority');
  const signed = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-addext', 'basicConstraints=critical,CA:FALSE'];
  make('server', '-subj', '/CN=database', '-addext', 'subjectAltName=DNS:localhost', ...signed);
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Adds a database and TLS options to the URL of a server, and a host by which to reach it. */
function urlOf(server: PrivateServer, host: string, options: string): string {
  const url = new URL(server.url);
  url.hostname = host;
  if (url.protocol === 'mysql:') url.pathname = '/mysql';
  return `${url.href}?${options}`;
}

const refused = (reason: RegExp, hint: RegExp) => ({
  code: 'database.unreachable',
  message: expect.stringMatching(reason) as string,
  hint: expect.stringMatching(hint) as string,
});

const postgresqlAbsent = await absenceOf('postgresql');
if (postgresqlAbsent !== null) console.warn(`LEFT OUT: TLS on postgresql: ${postgresqlAbsent}`);

describe.skipIf(postgresqlAbsent !== null)('TLS on postgresql', () => {
  let server: PrivateServer;
  beforeAll(async () => {
    handToServer();
    server = await startPrivateServer('postgresql', [
      '-c',
      'ssl=on',
      '-c',
      `ssl_cert_file=${file('server.pem')}`,
      '-c',
      `ssl_key_file=${file('server.key')}`,
    ]);
  }, 60_000);
  afterAll(() => server.remove());
  const connect = (host: string, options: string) => current(configAt({ url: urlOf(server, host, options) }));

  it.for([
    [
      'verify-full with the right authority',
      'localhost',
      (): string => `sslmode=verify-full&sslrootcert=${file('ca.pem')}`,
    ],
    ['require with the right authority', 'localhost', (): string => `sslmode=require&sslrootcert=${file('ca.pem')}`],
    ['require as libpq means it', '127.0.0.1', (): string => 'sslmode=require&uselibpqcompat=true'],
    [
      'verify-ca as libpq means it',
      '127.0.0.1',
      (): string => `sslmode=verify-ca&uselibpqcompat=true&sslrootcert=${file('ca.pem')}`,
    ],
    ['no-verify', '127.0.0.1', (): string => 'sslmode=no-verify'],
    ['disable', '127.0.0.1', (): string => 'sslmode=disable'],
  ] as const)('%s connects', async ([, host, options]) => {
    expect(await connect(host, options())).toMatchObject({ revisions: [] });
  });

  it('a certificate of another authority is refused, and the hint says what to name', async () => {
    await expect(connect('localhost', `sslmode=verify-full&sslrootcert=${file('other.pem')}`)).rejects.toMatchObject(
      refused(/unable to verify|self-signed|issuer/, /sslrootcert=/),
    );
    await expect(connect('localhost', 'sslmode=require')).rejects.toMatchObject(
      refused(/unable to verify|self-signed|issuer/, /no-verify/),
    );
  });

  it('a host that the certificate does not name is refused', async () => {
    await expect(connect('127.0.0.1', `sslmode=verify-full&sslrootcert=${file('ca.pem')}`)).rejects.toMatchObject(
      refused(/altname/, /as the certificate names it/),
    );
  });

  it('options of the driver in a configuration are passed on', async () => {
    const { port, username, password } = new URL(server.url);
    const connection = { host: 'localhost', port: Number(port), user: username, password, database: 'postgres' };
    const withTls = (ssl: object) => defineConfig({ database: { client: 'pg', connection: { ...connection, ssl } } });
    expect(await current(withTls({ rejectUnauthorized: false }))).toMatchObject({ revisions: [] });
    await expect(current(withTls({ rejectUnauthorized: true }))).rejects.toMatchObject({
      code: 'database.unreachable',
    });
  });

  it('a statement is cancelled over TLS too', async () => {
    const { cancelStatement } = await import('../../src/dialects/postgresql/cancel.ts');
    const { Client } = await import('pg');
    const { href } = new URL(urlOf(server, '127.0.0.1', ''));
    const client = new Client({ connectionString: href, ssl: { rejectUnauthorized: false } });
    await client.connect();
    try {
      const sleeping = client.query('SELECT pg_sleep(60)').catch((error: unknown) => error);
      await cancelStatement(client);
      expect(await sleeping).toMatchObject({ code: '57014' });
    } finally {
      await client.end();
    }
  }, 15_000);
});

const mysqlAbsent = await absenceOf('mysql');
if (mysqlAbsent !== null) console.warn(`LEFT OUT: TLS on mysql: ${mysqlAbsent}`);

describe.skipIf(mysqlAbsent !== null)('TLS on mysql', () => {
  let server: PrivateServer;
  beforeAll(async () => {
    server = await startPrivateServer('mysql', [`--ssl-cert=${file('server.pem')}`, `--ssl-key=${file('server.key')}`]);
  }, 60_000);
  afterAll(() => server.remove());
  const connect = (host: string, options: string) => current(configAt({ url: urlOf(server, host, options) }));

  it.for([
    [
      'VERIFY_IDENTITY with the right authority',
      'localhost',
      (): string => `ssl-mode=VERIFY_IDENTITY&ssl-ca=${file('ca.pem')}`,
    ],
    ['VERIFY_CA by another name', '127.0.0.1', (): string => `ssl-mode=VERIFY_CA&ssl-ca=${file('ca.pem')}`],
    ['REQUIRED', '127.0.0.1', (): string => 'ssl-mode=REQUIRED'],
    ['DISABLED', '127.0.0.1', (): string => 'ssl-mode=DISABLED'],
  ] as const)('%s connects', async ([, host, options]) => {
    expect(await connect(host, options())).toMatchObject({ revisions: [] });
  });

  it('a certificate of another authority is refused, and the hint says what to name', async () => {
    for (const mode of ['VERIFY_CA', 'VERIFY_IDENTITY']) {
      await expect(connect('localhost', `ssl-mode=${mode}&ssl-ca=${file('other.pem')}`)).rejects.toMatchObject(
        refused(/unable to verify|self-signed|issuer/, /ssl-ca/),
      );
    }
  });

  it('an address is not compared with the certificate, so it is refused', async () => {
    await expect(connect('127.0.0.1', `ssl-mode=VERIFY_IDENTITY&ssl-ca=${file('ca.pem')}`)).rejects.toMatchObject({
      code: 'config.invalid',
      hint: expect.stringContaining('VERIFY_CA') as string,
    });
  });
});

describe('files of certificates', () => {
  it.for([
    ['postgresql', 'sslmode=verify-full&sslrootcert=ca.pem', { ca: 'ca.pem' }, {}],
    ['postgresql', 'sslcert=server.pem&sslkey=server.key', { cert: 'server.pem', key: 'server.key' }, {}],
    ['mysql', 'ssl-mode=VERIFY_CA&ssl-ca=ca.pem', { ca: 'ca.pem' }, { rejectUnauthorized: true }],
    ['mysql', 'ssl-ca=ca.pem', { ca: 'ca.pem' }, { rejectUnauthorized: true }],
    [
      'mysql',
      'ssl-cert=server.pem&ssl-key=server.key',
      { cert: 'server.pem', key: 'server.key' },
      { rejectUnauthorized: false },
    ],
  ] as const)('of a %s URL count from its directory, and ask for TLS: %s', ([dialect, query, files, more]) => {
    const { connection } = parseDatabaseUrl(`${dialect}://h/db?${query}`, directory);
    const contents = Object.entries(files).map(([key, name]) => [key, readFileSync(file(name), 'utf8')] as const);
    expect(connection['ssl']).toEqual({ ...Object.fromEntries(contents), ...more });
  });
});

/** PostgreSQL takes a key that nobody else can read, and started by root it is another user. */
function handToServer(): void {
  chmodSync(directory, 0o755);
  chmodSync(file('server.key'), 0o600);
  if (process.getuid?.() !== 0) return;
  const id = Number(execFileSync('id', ['-u', 'postgres'], { encoding: 'utf8' }));
  chownSync(file('server.key'), id, id);
}
