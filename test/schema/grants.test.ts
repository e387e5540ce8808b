import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { applySchema } from '../../src/commands/schema/apply-schema.ts';
import { autogenerate } from '../../src/commands/schema/autogenerate.ts';
import { check } from '../../src/commands/schema/check.ts';
import { diff } from '../../src/commands/schema/diff.ts';
import { dump } from '../../src/commands/schema/dump.ts';
import type { RunEvent } from '../../src/commands/invocation.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import type { Connection } from '../../src/dialects/connection.ts';
import { dialectOf } from '../../src/dialects/registry.ts';
import type { Grant, Snapshot } from '../../src/schema/snapshot.ts';
import { liveProject, openedConnection } from '../commands/live-project.ts';
import { createDatabase, describeOn, type TestDatabase } from '../servers.ts';
import { absentPrograms, load, nativeDump } from './native.ts';
import { emptyDatabase } from './schemas.ts';

/** Statements with the roles `$reader` and `$writer` in them; each dialect has its own kinds of things to grant rights on. */
const granted = {
  postgresql: {
    things: `
      CREATE SCHEMA app;
      CREATE TABLE users (id int GENERATED ALWAYS AS IDENTITY, name text, secret text);
      CREATE TABLE app.notes (id serial, body text);
      CREATE VIEW names AS SELECT name FROM users;
      CREATE MATERIALIZED VIEW counted AS SELECT count(*) FROM users;
      CREATE SEQUENCE numbers;
      CREATE TYPE mood AS ENUM ('sad', 'ok');
      CREATE FUNCTION twice(n integer, OUT r integer) LANGUAGE sql AS 'SELECT 2 * n';
      CREATE FUNCTION twice(t text) RETURNS text LANGUAGE sql AS 'SELECT t || t';
      CREATE PROCEDURE nothing() LANGUAGE sql AS '';
      CREATE AGGREGATE app.total(int) (SFUNC = int4pl, STYPE = int);
    `,
    rights: [
      `GRANT SELECT, INSERT ON users TO $reader; GRANT UPDATE ON users TO $reader WITH GRANT OPTION;
       GRANT SELECT (name), UPDATE (name) ON users TO $writer; GRANT SELECT (id) ON users TO PUBLIC;
       GRANT USAGE ON SCHEMA app TO $reader, $writer; GRANT ALL ON SCHEMA app TO $writer;
       GRANT ALL ON ALL TABLES IN SCHEMA app TO $writer; GRANT USAGE ON ALL SEQUENCES IN SCHEMA public, app TO $writer;
       REVOKE EXECUTE ON FUNCTION twice(integer) FROM PUBLIC; GRANT EXECUTE ON FUNCTION twice(integer) TO $reader;
       REVOKE ALL ON PROCEDURE nothing() FROM PUBLIC; GRANT EXECUTE ON FUNCTION app.total(int) TO $writer WITH GRANT OPTION;
       REVOKE USAGE ON TYPE mood FROM PUBLIC; GRANT SELECT ON names, counted TO $reader;
       GRANT CREATE ON SCHEMA public TO $writer; REVOKE USAGE ON SCHEMA public FROM PUBLIC;
       ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO $reader;
       ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
       ALTER DEFAULT PRIVILEGES FOR ROLE $writer GRANT USAGE ON SEQUENCES TO $reader WITH GRANT OPTION;`,
      `GRANT SELECT ON users TO $reader WITH GRANT OPTION; GRANT UPDATE ON users TO $reader; GRANT DELETE ON users TO $writer;
       GRANT SELECT (name, secret) ON users TO $writer; GRANT USAGE ON SCHEMA app TO $reader WITH GRANT OPTION;
       GRANT EXECUTE ON FUNCTION twice(integer) TO $writer; REVOKE ALL ON FUNCTION twice(text) FROM PUBLIC;
       GRANT USAGE ON TYPE mood TO $reader; GRANT SELECT ON SEQUENCE numbers TO $reader;
       ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT, INSERT ON TABLES TO $reader, $writer;`,
    ],
    operations: [
      `await op.grant(['insert', 'select'], { kind: 'table', name: 'users' }, ['$reader']);`,
      `await op.grant([{ privilege: 'select', columns: ['secret'] }], { kind: 'table', name: 'users' }, ['$writer']);`,
      `await op.revoke(['execute'], { kind: 'function', name: 'twice', parameters: 't text' }, ['PUBLIC']);`,
      `ALTER DEFAULT PRIVILEGES IN SCHEMA "app" GRANT SELECT ON TABLES TO "$reader"`,
    ],
  },
  mysql: {
    things: `
      CREATE TABLE users (id int PRIMARY KEY, name varchar(20), secret text);
      CREATE TABLE notes (id int PRIMARY KEY);
      CREATE VIEW names AS SELECT name FROM users;
      CREATE FUNCTION twice(n int) RETURNS int DETERMINISTIC RETURN 2 * n;
      CREATE PROCEDURE nothing() SELECT 1;
    `,
    rights: [
      `GRANT SELECT, INSERT ON users TO $reader; GRANT UPDATE ON notes TO $reader WITH GRANT OPTION;
       GRANT SELECT (name), UPDATE (name) ON users TO $writer WITH GRANT OPTION; GRANT SELECT ON names TO $reader;
       GRANT EXECUTE ON FUNCTION twice TO $reader; GRANT EXECUTE, ALTER ROUTINE ON PROCEDURE nothing TO $writer WITH GRANT OPTION;
       GRANT SELECT, CREATE TEMPORARY TABLES, LOCK TABLES ON * TO $writer;`,
      `GRANT SELECT, DELETE ON users TO $reader; GRANT UPDATE ON notes TO $reader; GRANT SELECT (name, secret) ON users TO $writer;
       GRANT EXECUTE ON PROCEDURE nothing TO $writer; GRANT INSERT ON * TO $reader WITH GRANT OPTION;`,
    ],
    operations: [
      `await op.grant(['insert', 'select'], { kind: 'table', name: 'users' }, ['$reader']);`,
      `await op.grant([{ privilege: 'select', columns: ['secret'] }], { kind: 'table', name: 'users' }, ['$writer']);`,
      'GRANT CREATE TEMPORARY TABLES, LOCK TABLES, SELECT ON * TO',
    ],
  },
} as const;

for (const dialect of ['postgresql', 'mysql'] as const) {
  await describeOn(dialect, 'rights', () => {
    const absent = absentPrograms({ dialect });
    const mark = randomBytes(4).toString('hex');
    const roles = { $reader: `aludel_reader_${mark}`, $writer: `aludel_writer_${mark}` };
    const { things, rights, operations } = granted[dialect];
    let server: TestDatabase;

    beforeAll(async () => {
      server = await createDatabase(dialect);
      for (const role of Object.values(roles)) await query(server, `CREATE ROLE ${role}`);
    }, 60_000);
    afterAll(async () => {
      for (const role of Object.values(roles)) {
        if (dialect === 'postgresql') await query(server, `DROP OWNED BY ${role}`);
        await query(server, `DROP ROLE ${role}`);
      }
      await server.drop();
    });

    test.skipIf(absent !== null)('are dumped on request, and are the same where the dump is loaded', async () => {
      for (const given of rights) {
        const original = await withRights(given);
        const { sql, snapshot } = await dump({ database: original.url, grants: true });
        const copy = await emptyDatabase(dialect);
        await load(copy, sql);

        expect(await judged(copy)).toBe(await judged(original));
        expect((await dump({ database: copy.url, grants: true })).snapshot).toEqual(snapshot);
        expect((await dump({ database: original.url })).sql).not.toContain('GRANT');
      }
    });

    test.skipIf(absent !== null)('lead from one to the other and back', async () => {
      const none = await withRights('');
      const [first, second] = await Promise.all(rights.map(withRights));
      if (first === undefined || second === undefined) throw new Error('two sets of rights are needed');
      const built = await withRights('');
      for (const target of [first, second, first, none]) {
        await load(built, (await diff({ database: built.url, grants: true }, 'database', target.url)).sql);

        expect(await judged(built)).toBe(await judged(target));
        expect((await diff({ database: built.url, grants: true }, 'database', target.url)).sql).toBe('');
      }
    });

    test('are generated as operations, proved, and asked for with the flag only', { timeout: 60_000 }, async () => {
      const project = await liveProject(dialect, {});
      const at = (name: string): string => join(project.directory, name);
      const config = {
        database: project.url,
        versionLocations: [at('versions')],
        target: at('schema.sql'),
        grants: true,
      };
      for (const [i, given] of rights.entries()) {
        writeFileSync(at('schema.sql'), named(`${things};${given}`));
        const { created } = await autogenerate(config, { message: `step ${i}`, revId: `r${i}` });
        await upgrade(config, 'head');

        const text = readFileSync(join(at('versions'), String(created?.path.split('/').at(-1))), 'utf8');
        if (i === rights.length - 1) expect(text).toContain('op.revoke');
        expect(await check(config)).toMatchObject({ is_in_step: true });
      }
      writeFileSync(at('schema.sql'), named(things));
      expect(await check({ ...config, grants: false })).toMatchObject({ is_in_step: true });
      expect((await check(config)).changes.every(({ object }) => object.startsWith('grant to '))).toBe(true);

      const files = ['r0_step_0.ts', 'r1_step_1.ts'].map((name) => readFileSync(join(at('versions'), name), 'utf8'));
      const written = withoutLayout(files.join('\n'));
      for (const operation of operations) expect(written).toContain(withoutLayout(named(operation)));
    });

    test('are data: who, what on which, and whether it may be passed on', async () => {
      const original = await withRights(rights[0]);
      const { snapshot } = await dump({ database: original.url, grants: true });

      const grants = snapshot.objects.filter((object): object is Grant => object.kind === 'grant');
      const ofReader = grants.filter(({ grantee }) => grantee === roles.$reader);
      expect(
        ofReader.find(({ on }) => on.name === (dialect === 'mysql' ? 'notes' : 'users'))?.privileges,
      ).toContainEqual({
        name: 'UPDATE',
        grantable: true,
      });
      expect(ofReader.find(({ on }) => on.kind === 'function')?.privileges).toEqual([
        { name: 'EXECUTE', grantable: false },
      ]);
    });

    test('of a role that is not there are told with its name', async () => {
      const { snapshot } = await dump({ database: (await withRights(rights[0])).url, grants: true });
      const elsewhere = JSON.parse(JSON.stringify(snapshot).replaceAll(roles.$reader, `nobody_${mark}`)) as Snapshot;
      const connection = await openedConnection((await emptyDatabase(dialect)).url);

      await expect(applySchema(elsewhere, connection, await dialectOf(dialect))).rejects.toMatchObject({
        code: 'schema.no-role',
        facts: { grantee: `nobody_${mark}` },
      });
      await connection.close();
    });

    test('take the same number of questions however many there are', async () => {
      const database = await withRights('');
      const { schema } = await dialectOf(dialect);
      const connection = await openedConnection(database.url);
      let asked = 0;
      const counted: Connection = {
        ...connection,
        query: (...given) => {
          asked++;
          return connection.query(...given);
        },
      };
      await schema.introspect(counted, { grants: true });
      const few = asked;
      for (const sql of named(rights[0])
        .split(';')
        .filter((part) => part.trim() !== ''))
        await connection.query(sql);
      await schema.introspect(counted, { grants: true });
      await connection.close();

      expect(asked).toBe(2 * few);
    });

    /** A database with all things and these rights on them. */
    async function withRights(given: string): Promise<TestDatabase> {
      const database = await emptyDatabase(dialect);
      await load(database, named(`${things};${given}`));
      return database;
    }

    function named(sql: string): string {
      return sql.replaceAll('$reader', roles.$reader).replaceAll('$writer', roles.$writer);
    }

    /** What pg_dump says, or SHOW GRANTS of both roles. */
    async function judged(database: TestDatabase): Promise<string> {
      if (dialect === 'postgresql') return await nativeDump(database, { rights: true });
      const name = new URL(database.url).pathname.slice(1);
      const rows = [];
      for (const role of Object.values(roles)) rows.push(...(await query(database, `SHOW GRANTS FOR ${role}`)));
      const lines = rows.flatMap((row) => Object.values(row as object).map(String));
      return lines
        .filter((line) => line.includes(`\`${name}\`.`))
        .map((line) => line.replaceAll(`\`${name}\`.`, ''))
        .toSorted()
        .join('\n');
    }
  });
}

await describeOn('postgresql', 'rights that others than the owner granted', () => {
  test('are named and left alone, since no REVOKE of the owner takes them back', async () => {
    const database = await emptyDatabase('postgresql');
    const [reader, lender] = [await roleOf(database), await roleOf(database)];
    const things = `CREATE TABLE users (id int); GRANT SELECT ON users TO ${lender} WITH GRANT OPTION;`;
    await load(database, `${things} SET ROLE ${lender}; GRANT SELECT ON users TO ${reader}`);
    const target = await emptyDatabase('postgresql');
    await load(target, things);

    const { snapshot } = await dump({ database: database.url, grants: true });
    expect(snapshot.unread).toEqual([`SELECT of ${reader} on table public.users, granted by ${lender}`]);
    const { warnings, onEvent } = listener();
    expect((await diff({ database: database.url, grants: true }, 'database', target.url, { onEvent })).sql).toBe('');
    expect(warnings).toEqual(snapshot.unread.map((what) => `not compared: ${what}`));

    await load(database, `GRANT SELECT, UPDATE ON users TO ${reader}`);
    await load(database, (await diff({ database: database.url, grants: true }, 'database', target.url)).sql);
    expect((await dump({ database: database.url, grants: true })).snapshot).toEqual(snapshot);
  });

  test('are as any other where whoever asks granted them and may not act for the owner', async () => {
    const database = await emptyDatabase('postgresql');
    const [reader, lender] = [await roleOf(database), await roleOf(database)];
    await load(database, `CREATE TABLE users (id int); GRANT SELECT ON users TO ${lender} WITH GRANT OPTION`);
    await load(database, `ALTER ROLE ${lender} LOGIN; SET ROLE ${lender}; GRANT SELECT ON users TO ${reader}`);
    const url = new URL(database.url);
    url.username = lender;

    const { snapshot } = await dump({ database: url.href, grants: true });

    expect(snapshot.unread).toEqual([]);
    expect(snapshot.objects.map(({ name }) => name)).toContain(`${reader} on table public.users`);
  });
});

await describeOn('mysql', 'rights on a database whose name is written with backslashes', () => {
  test('are named and left alone, since no REVOKE … ON * takes them back', async () => {
    const database = await emptyDatabase('mysql');
    const name = new URL(database.url).pathname.slice(1);
    const escaped = name.replaceAll('_', String.raw`\_`);
    const role = await roleOf(database);
    await query(database, `GRANT SELECT ON \`${escaped}\`.* TO ${role}`);

    const { snapshot } = await dump({ database: database.url, grants: true });
    expect(snapshot.unread).toEqual([`grant to ${role} on database ${escaped}`]);
    const bare = await emptyDatabase('mysql');
    const { warnings, onEvent } = listener();
    expect((await diff({ database: database.url, grants: true }, 'database', bare.url, { onEvent })).sql).toBe('');
    expect(warnings).toEqual(snapshot.unread.map((what) => `not compared: ${what}`));

    await query(database, `GRANT INSERT ON * TO ${role}`);
    await load(database, (await diff({ database: database.url, grants: true }, 'database', bare.url)).sql);
    expect((await dump({ database: database.url, grants: true })).snapshot).toEqual(snapshot);
  });
});

await describeOn('sqlite', 'rights', () => {
  test('are none, and asking for them says so', async () => {
    const database = await emptyDatabase('sqlite');
    await load(database, 'CREATE TABLE t (id int)');

    await expect(dump({ database: database.url, grants: true })).rejects.toMatchObject({
      code: 'usage.invalid',
      message: 'SQLite has no users, and so no rights.',
    });
  });
});

/** A role that is gone when the test ends. */
async function roleOf(database: TestDatabase): Promise<string> {
  const role = `aludel_role_${randomBytes(4).toString('hex')}`;
  await query(database, `CREATE ROLE ${role}`);
  onTestFinished(async () => {
    if (database.dialect === 'postgresql') await query(database, `DROP OWNED BY ${role} CASCADE`);
    await query(database, `DROP ROLE ${role}`);
  });
  return role;
}

async function query(database: TestDatabase, sql: string): Promise<readonly unknown[]> {
  const connection = await openedConnection(database.url);
  const { rows } = await connection.query(sql);
  await connection.close();
  return rows;
}

/** A long call stands on several lines, with a comma behind its last argument. */
function withoutLayout(text: string): string {
  return text.replaceAll(/\s+/g, '').replaceAll(/,(?=[)\]}])/g, '');
}

function listener(): { readonly warnings: string[]; readonly onEvent: (event: RunEvent) => void } {
  const warnings: string[] = [];
  return { warnings, onEvent: (event) => void (event.kind === 'warning' && warnings.push(event.text)) };
}
