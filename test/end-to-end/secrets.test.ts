import { randomBytes } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { DialectName } from '../../src/dialects/connection.ts';
import { dialectOf } from '../../src/dialects/registry.ts';
import { parseDatabaseUrl } from '../../src/environment/config/database-url.ts';
import { createDatabase, describeOnEveryDialect } from '../servers.ts';
import { aludel, directoryOf, revision, start, type RunSettings } from './project.ts';

/** Each comes into a run by another way, and none may come out of it. */
const secrets = {
  /** The database's password; percent-encoded in the URL. */
  url: 'hunt er2/p@ss?w#rd%41',
  /** A parameter of the URL, which no server needs here. */
  parameter: 'parameter-s3cret',
  /** In the text of a statement. */
  statement: 'statement-s3cret',
  /** In a string of the revision's code. */
  code: 'code-s3cret',
  /** `-x password=…` */
  x: 'given-s3cret',
  /** PGPASSWORD, which pg reads by itself. */
  environment: 'environment-s3cret',
} as const;

const spellings = Object.values(secrets).flatMap((secret) => [secret, encodeURIComponent(secret), encodeURI(secret)]);

function expectNoSecret(text: string, where: string): void {
  for (const secret of spellings) expect(text, where).not.toContain(secret);
}

interface Place {
  readonly directory: string;
  /** With the password. */
  readonly url: string;
  readonly settings: RunSettings;
  query(sql: string): Promise<readonly unknown[]>;
}

const account = `aludel_${randomBytes(5).toString('hex')}`;

/** What sets a password on this database, and what takes it back. */
const settingOf: Readonly<Record<DialectName, readonly [up: string, down: string]>> = {
  sqlite: [`UPDATE vault SET password = '${secrets.statement}'`, 'DELETE FROM vault'],
  postgresql: [`CREATE ROLE ${account} LOGIN PASSWORD '${secrets.statement}'`, `DROP ROLE ${account}`],
  mysql: [`CREATE USER ${account} IDENTIFIED BY '${secrets.statement}'`, `DROP USER ${account}`],
};

const files = (dialect: DialectName): Readonly<Record<string, string>> => ({
  'versions/a1.sql': `-- revision: a1\n-- down_revision: null\n-- migrate:up\nCREATE TABLE vault (id INTEGER, password VARCHAR(80));\n-- migrate:down\nDROP TABLE vault;\n`,
  'versions/b1.sql': `-- revision: b1\n-- down_revision: a1\n-- migrate:up\n${settingOf[dialect][0]};\n-- migrate:down\n${settingOf[dialect][1]};\n`,
  'versions/c1.ts': revision('c1', {
    down: 'b1',
    upgrade: `
  const settings = { token: '${secrets.code}' };
  await op.execute(\`INSERT INTO vault (id, password) VALUES (1, '\${op.context.x['password']}')\`);
  await op.execute(\`SELECT '\${op.context.x['password']}' AS answer\`);
  if (op.context.x['fail'] === 'yes') {
    throw new Error(\`no way to \${process.env['SECRET_URL']}\`, { cause: new Error(\`because of \${op.context.x['password']}\`) });
  }
  if (op.context.x['fail'] === 'sql') await op.execute(\`SELECT '\${op.context.x['password']}', password='\${settings.token}' FROM nowhere\`);`,
    downgrade: `  await op.execute('DELETE FROM vault');`,
  }),
});

async function placeOn(dialect: DialectName): Promise<Place> {
  const database = await createDatabase(dialect);
  onTestFinished(() => database.drop());
  const directory = directoryOf(files(dialect));
  const connect = async () =>
    (await dialectOf(dialect)).connect(parseDatabaseUrl(database.url, directory), {
      applicationName: 'test',
      busyTimeoutMs: 5000,
      readOnly: false,
    });
  const query = async (sql: string): Promise<readonly unknown[]> => {
    const connection = await connect();
    try {
      return (await connection.query(sql)).rows;
    } finally {
      await connection.close();
    }
  };
  const url = await urlWithSecrets(dialect, database.url, query);
  return { directory, url, query, settings: { env: { SECRET_URL: url, PGPASSWORD: secrets.environment } } };
}

/** The URL with a password that the server demands, and with a parameter that is a secret; SQLite has neither. */
async function urlWithSecrets(dialect: DialectName, given: string, query: Place['query']): Promise<string> {
  if (dialect === 'sqlite') return given;
  const url = new URL(given);
  if (dialect === 'mysql') {
    const user = `${account}_in`;
    await query(`CREATE USER ${user} IDENTIFIED BY '${secrets.url}'`);
    await query(`GRANT ALL ON *.* TO ${user}`);
    onTestFinished(async () => void (await query(`DROP USER ${user}`)));
    url.username = user;
  }
  url.password = '';
  const { href } = url;
  const password = encodeURIComponent(secrets.url);
  return `${href.replace('@', `:${password}@`)}?sslpassword=${secrets.parameter}`;
}

await describeOnEveryDialect('no command shows or stores a secret', (dialect) => {
  it('in what it prints, in JSON, in errors and their stacks, and in the journal', async () => {
    const place = await placeOn(dialect);
    const { directory, url, settings } = place;
    const given = ['--url', url, '-x', `password=${secrets.x}`];
    const steps: readonly (readonly [code: number | null, ...args: string[]])[] = [
      [0, 'heads'],
      [0, 'history', '-v', '-i'],
      [0, 'branches'],
      [0, 'show', 'c1'],
      [0, 'ensure_version'],
      [0, 'upgrade', 'head', '--plan'],
      [null, 'upgrade', 'head', '-x', 'fail=yes'],
      [null, 'upgrade', 'head', '-x', 'fail=yes', '--raiseerr'],
      [null, 'upgrade', 'head', '-x', 'fail=sql'],
      [null, 'upgrade', 'head', '-x', 'fail=sql', '--raiseerr'],
      [0, 'repair'],
      [0, 'upgrade', 'head'],
      [0, 'current', '-v'],
      [0, 'status'],
      [0, 'verify'],
      [0, 'log', '--limit', '100'],
      [0, 'downgrade', 'base'],
      [0, 'stamp', 'a1'],
      [0, 'stamp', 'base'],
    ];
    let shown = '';
    for (const [code, ...args] of steps) {
      // JSON has what the text leaves out; a stack is told only in text.
      const json =
        ['log', 'repair', 'verify'].includes(args[0] ?? '') || (code === null && !args.includes('--raiseerr'));
      const run = await start(directory, [...args, ...given, ...(json ? ['--json'] : [])], settings).finished;
      const where = args.join(' ');
      expectNoSecret(run.stdout + run.stderr, where);
      if (code !== null) expect({ where, code: run.code, stderr: run.stderr }).toMatchObject({ where, code });
      else expect({ where, code: run.code }).not.toEqual({ where, code: 0 });
      shown += run.stdout + run.stderr;
    }
    expect(shown).toContain('***');
    const journal = JSON.stringify(await place.query('SELECT * FROM aludel_log ORDER BY id'));
    expectNoSecret(journal, 'the journal');
    expect(journal).toContain("'***'");
    expect(journal).toContain('CREATE TABLE vault');
  }, 120_000);

  it('in the errors of a connection that is not made', async () => {
    const { directory, url, settings } = await placeOn(dialect);
    const elsewhere =
      dialect === 'sqlite'
        ? [`sqlite:/no/such/directory/app.db?token=${secrets.parameter}`]
        : ['no-such-host.invalid:1', '127.0.0.1:1', '127.0.0.1:99999'].map((address) =>
            url.replace(/@[^@/]*(?=\/)/, `@${address}`),
          );
    for (const wrong of elsewhere) {
      for (const more of [['--json'], ['--raiseerr']]) {
        const run = await start(directory, ['upgrade', 'head', '--url', wrong, ...more], settings).finished;
        expect(run.code).not.toBe(0);
        expectNoSecret(run.stdout + run.stderr, `${wrong} ${more.join('')}`);
      }
    }
  }, 60_000);
});

describe('a mistake in the command line or the configuration', () => {
  const url = `postgresql://ada:${encodeURIComponent(secrets.url)}@h/db`;

  it.for([
    ['upgrade', 'head', url],
    ['upgrade', url],
    ['heads', '--uri', url],
    ['heads', '--url', url.replace('postgresql', 'postgersql')],
    ['heads', '--url', `postgresql:ada:${secrets.parameter}@h/db?password=${secrets.parameter}`],
    ['current', '--config', url],
    ['-n', url, 'current'],
  ])('shows no password: aludel %s …', async (args) => {
    for (const more of [['--json'], ['--raiseerr']]) {
      const run = await aludel(directoryOf({}), ...args, ...more);
      expect(run.code).not.toBe(0);
      expectNoSecret(run.stdout + run.stderr, args.join(' '));
    }
  });

  it.for([
    { database: { client: url, connection: {} } },
    { database: { client: 'pg', connection: url.replace('postgresql', 'mysql') } },
    { database: url.replace('postgresql', 'orcale') },
    { transactionMode: url },
    { lockTimeout: url },
    { [url]: true },
  ])('shows no password of a configuration that is wrong: %#', async (config) => {
    const directory = directoryOf({ 'migrate.config.json': JSON.stringify(config) });
    for (const more of [['--json'], ['--raiseerr']]) {
      const run = await aludel(directory, 'heads', ...more);
      expect(run.code).not.toBe(0);
      expectNoSecret(run.stdout + run.stderr, JSON.stringify(config));
    }
  });

  it('shows no password of a configuration that throws', async () => {
    const directory = directoryOf({ 'migrate.config.ts': `throw new Error('cannot reach ${url}');` });
    for (const more of [['--json'], ['--raiseerr']]) {
      const run = await aludel(directory, 'heads', ...more);
      expect(run.code).toBe(2);
      expectNoSecret(run.stdout + run.stderr, 'a configuration that throws');
    }
  });
});
