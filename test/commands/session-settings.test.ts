import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { downgrade } from '../../src/commands/downgrade.ts';
import { log } from '../../src/commands/log.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import { createDatabase, describeOn } from '../servers.ts';
import { describeBehindPgbouncer, pgbouncerBefore } from '../support/pgbouncer.ts';
import { liveProject, openedConnection, revisionSource } from './live-project.ts';

const sqlRevision = (id: string, down: string | null, up: string, options = ''): string =>
  `-- revision: ${id}\n-- down_revision: ${down ?? 'null'}\n-- migrate:up${options}\n${up}\n-- migrate:down\nSELECT 1;\n`;

const head = async (project: Awaited<ReturnType<typeof liveProject>>): Promise<unknown> =>
  (await project.query('SELECT version_num FROM aludel_version'))[0]?.['version_num'];

await describeOn('postgresql', 'what a revision sets for its session', () => {
  const noPath = `SELECT pg_catalog.set_config('search_path', '', false);`;
  const makesB = sqlRevision('b2', 'a1', 'CREATE TABLE b (id INT);');

  test('lets a dump of pg_dump be a baseline', async () => {
    const source = await createDatabase('postgresql');
    onTestFinished(() => source.drop());
    const connection = await openedConnection(source.url);
    await connection.script(`CREATE SCHEMA shop; CREATE TABLE shop.item (id SERIAL PRIMARY KEY, name TEXT NOT NULL);
      CREATE FUNCTION shop.items() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM shop.item';
      INSERT INTO shop.item (name) VALUES ('a'';b'), ('ü')`);
    await connection.close();
    const dump = execFileSync('pg_dump', ['--inserts', source.url], { encoding: 'utf8' });
    expect(dump).toContain(`set_config('search_path', '', false)`);
    const project = await liveProject('postgresql', { 'a1.sql': sqlRevision('a1', null, dump), 'b2.sql': makesB });
    await upgrade(project.config, 'head');
    expect(await head(project)).toBe('b2');
    expect(await project.query('SELECT name, shop.items() FROM shop.item ORDER BY id')).toEqual([
      { name: `a';b`, items: '2' },
      { name: 'ü', items: '2' },
    ]);
    expect(await project.query(`SELECT to_regclass('public.b')::text AS b`)).toEqual([{ b: 'b' }]);
    await downgrade(project.config, 'base');
    expect(await head(project)).toBeUndefined();
  });

  test.for(['revision', 'all', 'none'] as const)('ends with it, with transaction mode %s', async (transactionMode) => {
    const sets = `SET search_path = elsewhere; SET statement_timeout = 0; SET standard_conforming_strings = off;`;
    const shows = `SELECT current_setting('search_path'), current_setting('standard_conforming_strings') AS strings`;
    const project = await liveProject('postgresql', {
      'a1.sql': sqlRevision('a1', null, `CREATE SCHEMA elsewhere; ${sets} CREATE TABLE a (id INT);`),
      'b2.sql': sqlRevision('b2', 'a1', `CREATE TABLE seen AS ${shows};`),
    });
    await upgrade(project.config, 'head', { transactionMode });
    expect(await head(project)).toBe('b2');
    expect(await project.query('SELECT * FROM seen')).toEqual([{ current_setting: '"$user", public', strings: 'on' }]);
    expect(await project.query(`SELECT to_regclass('elsewhere.aludel_version') AS table`)).toEqual([{ table: null }]);
  });

  test('leaves no trace in the version table of another schema', async () => {
    const project = await liveProject('postgresql', {
      'a1.sql': sqlRevision(
        'a1',
        null,
        `CREATE SCHEMA other; CREATE TABLE other.aludel_version (version_num TEXT); SET search_path = other;`,
        ' transaction:false',
      ),
      'b2.sql': sqlRevision('b2', 'a1', 'CREATE TABLE b (id INT);', ' transaction:false'),
    });
    await upgrade(project.config, 'head');
    expect(await project.query('SELECT * FROM other.aludel_version')).toEqual([]);
    expect(await head(project)).toBe('b2');
  });

  test('ends with a revision that failed, so that the failure is in the journal', async () => {
    const project = await liveProject('postgresql', {
      'a1.sql': sqlRevision('a1', null, `${noPath} SELECT nonsense;`, ' transaction:false'),
    });
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({ code: 'migration.partial' });
    expect((await log(project.config)).entries.map(({ event }) => event)).toContain('failed');
  });

  test('is a role that may not write to our tables', async () => {
    const role = `aludel_test_${randomBytes(6).toString('hex')}`;
    const project = await liveProject('postgresql', {
      'a1.ts': revisionSource(
        'a1',
        null,
        `await op.execute('CREATE ROLE ${role}');
         await op.execute('GRANT CREATE ON SCHEMA public TO ${role}');
         await op.execute('SET ROLE ${role}');
         await op.execute('CREATE TABLE a (id INT)');`,
      ),
      'b2.ts': revisionSource('b2', 'a1', `await op.execute('CREATE TABLE b AS SELECT current_user::text AS who');`),
    });
    onTestFinished(async () => {
      const connection = await openedConnection(project.url);
      await connection.script(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
      await connection.close();
    });
    await upgrade(project.config, 'head');
    const [{ who, session } = {}] = await project.query('SELECT who, session_user::text AS session FROM b');
    expect(who).toBe(session);
  });

  test.for(['DISCARD ALL', 'SELECT pg_advisory_unlock_all()', 'SELECT 1, pg_catalog . pg_advisory_unlock_all ( )'])(
    'may not be the end of the migration lock: %s',
    async (statement) => {
      const project = await liveProject('postgresql', {
        'a1.sql': sqlRevision('a1', null, `CREATE TABLE a (id INT);\n${statement};`, ' transaction:false'),
      });
      await expect(upgrade(project.config, 'head')).rejects.toMatchObject({
        code: 'migration.partial',
        message: expect.stringContaining('migration lock') as unknown,
        facts: expect.objectContaining({ line: 5 }) as unknown,
      });
    },
  );

  test('finds the version table again after a schema of the user has come to stand before it', async () => {
    const project = await liveProject('postgresql', { 'a1.sql': sqlRevision('a1', null, 'CREATE TABLE a (id INT);') });
    await upgrade(project.config, 'head');
    await project.query('CREATE SCHEMA AUTHORIZATION CURRENT_USER');
    project.write('b2.sql', sqlRevision('b2', 'a1', 'CREATE TABLE b (id INT);'));
    const { steps } = await upgrade(project.config, 'head');
    expect(steps.map(({ revision }) => revision)).toEqual(['b2']);
  });

  test('begins somewhere: without any schema in the search_path nothing is begun', async () => {
    const project = await liveProject('postgresql', { 'a1.sql': sqlRevision('a1', null, 'SELECT 1;') });
    const url = `${project.url}?search_path=nowhere`;
    await expect(upgrade({ ...project.config, url }, 'head')).rejects.toMatchObject({
      code: 'database.failed',
      message: 'No schema of the search_path ("nowhere") is there.',
    });
  });

  test('a schema for our tables that is there need not be created', async () => {
    const role = `aludel_test_${randomBytes(6).toString('hex')}`;
    const project = await liveProject('postgresql', { 'a1.sql': sqlRevision('a1', null, 'SELECT 1;') });
    const admin = await openedConnection(project.url);
    onTestFinished(async () => {
      await admin.script(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
      await admin.close();
    });
    await admin.script(`CREATE ROLE ${role} LOGIN; CREATE SCHEMA ops; GRANT ALL ON SCHEMA ops TO ${role}`);
    const url = new URL(project.url);
    url.username = role;
    writeFileSync(join(project.directory, 'migrate.config.json'), JSON.stringify({ versionTableSchema: 'ops' }));
    await upgrade({ ...project.config, url: url.href }, 'head');
    expect(await admin.query('SELECT version_num FROM ops.aludel_version')).toMatchObject({ rowCount: 1 });
  });
});

await describeBehindPgbouncer('what a revision sets for its session', () => {
  test('reaches neither the tables of the tool nor the next client of the pool', async () => {
    const role = `aludel_test_${randomBytes(6).toString('hex')}`;
    const project = await liveProject('postgresql', {
      'a1.sql': sqlRevision(
        'a1',
        null,
        `CREATE ROLE ${role}; GRANT CREATE ON SCHEMA public TO ${role}; SET ROLE ${role}; CREATE TABLE a (id INT);
         SELECT pg_catalog.set_config('search_path', '', false);`,
      ),
      'b2.sql': sqlRevision('b2', 'a1', 'SELECT nonsense;'),
    });
    const admin = await openedConnection(project.url);
    onTestFinished(async () => {
      await admin.script(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
      await admin.close();
    });
    const shows = `SELECT current_user = session_user AS own, current_setting('search_path') AS path`;
    const url = await pgbouncerBefore(project.url, { mode: 'transaction', size: 2 });
    const failing = upgrade({ ...project.config, url }, 'head');
    await expect(failing).rejects.toMatchObject({ facts: expect.objectContaining({ completed: ['a1'] }) as unknown });
    expect(await head(project)).toBe('a1');
    const clients = await Promise.all([openedConnection(url), openedConnection(url)]);
    for (const client of clients) await client.script('BEGIN');
    for (const client of clients) expect((await client.query(shows)).rows).toEqual((await admin.query(shows)).rows);
    for (const client of clients) await client.close();
  });
});

await describeOn('mysql', 'what a revision sets for its session', () => {
  test('lets a dump of the client be a baseline', async () => {
    const source = await createDatabase('mysql');
    onTestFinished(() => source.drop());
    const connection = await openedConnection(source.url);
    await connection.script(`CREATE TABLE item (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, name VARCHAR(20) NOT NULL);
      CREATE VIEW items AS SELECT COUNT(*) AS n FROM item;
      INSERT INTO item (name) VALUES ('a'';b'), ('ü')`);
    await connection.query(
      'CREATE TRIGGER filled BEFORE INSERT ON item FOR EACH ROW BEGIN SET NEW.name = TRIM(NEW.name); END',
    );
    await connection.query('CREATE PROCEDURE nothing() BEGIN SELECT 1; SELECT 2; END');
    await connection.close();
    const { hostname, port, username, pathname } = new URL(source.url);
    const dump = execFileSync(
      'mariadb-dump',
      ['-h', hostname, '-P', port === '' ? '3306' : port, '-u', username, '--routines', pathname.slice(1)],
      { encoding: 'utf8' },
    );
    expect(dump).toContain('LOCK TABLES `item` WRITE');
    expect(dump).toContain('DELIMITER ;;');
    const project = await liveProject('mysql', {
      'a1.sql': sqlRevision('a1', null, dump),
      'b2.sql': sqlRevision(
        'b2',
        'a1',
        'CREATE TABLE b AS SELECT @@SESSION.sql_mode AS mode, @@SESSION.unique_checks AS u;',
      ),
    });
    const warnings: string[] = [];
    await upgrade(project.config, 'head', {
      onEvent: (event) => {
        if (event.kind === 'warning') warnings.push(event.text);
      },
    });
    expect(warnings).toEqual([expect.stringMatching(/LOCK TABLES/)]);
    expect(await head(project)).toBe('b2');
    expect(await project.query('SELECT name FROM item ORDER BY id')).toEqual([{ name: `a';b` }, { name: 'ü' }]);
    expect(await project.query('SELECT n FROM items')).toEqual([{ n: 2 }]);
    const [own] = await project.query('SELECT @@SESSION.sql_mode AS mode, @@SESSION.unique_checks AS u');
    expect(await project.query('SELECT mode, u FROM b')).toEqual([own]);
  });

  test('ends with it: another database, sql_mode, a character set, access read only', async () => {
    const other = await createDatabase('mysql');
    onTestFinished(() => other.drop());
    const name = new URL(other.url).pathname.slice(1);
    const shows = 'SELECT @@SESSION.sql_mode AS mode, @@SESSION.character_set_client AS charset, DATABASE() AS base';
    const project = await liveProject('mysql', {
      'a1.sql': sqlRevision(
        'a1',
        null,
        `USE ${name}; CREATE TABLE a (id INT); SET NAMES latin1; SET sql_mode = 'ANSI_QUOTES';
         SET SESSION TRANSACTION READ ONLY;`,
      ),
      'b2.sql': sqlRevision('b2', 'a1', `CREATE TABLE seen AS ${shows};`),
    });
    await upgrade(project.config, 'head');
    expect(await head(project)).toBe('b2');
    expect(await project.query('SELECT * FROM seen')).toEqual(await project.query(shows));
    const elsewhere = await openedConnection(other.url);
    const { rows } = await elsewhere.query('SHOW TABLES');
    await elsewhere.close();
    expect(rows.map((row) => Object.values(row)[0])).toEqual(['a']);
  });

  test('ends with a revision that failed, so that the failure is in the journal', async () => {
    const project = await liveProject('mysql', {
      'a1.sql': sqlRevision('a1', null, `USE information_schema; SELECT nonsense;`),
    });
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({ code: 'migration.failed' });
    expect((await log(project.config)).entries.map(({ event }) => event)).toContain('failed');
  });

  test('may not be the end of the migration lock', async () => {
    const project = await liveProject('mysql', {
      'a1.sql': sqlRevision('a1', null, `DO RELEASE_ALL_LOCKS();`),
    });
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({
      code: 'migration.failed',
      message: expect.stringContaining('migration lock') as unknown,
    });
  });
});
