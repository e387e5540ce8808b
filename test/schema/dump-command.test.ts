import { randomBytes } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { dump } from '../../src/commands/schema/dump.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import type { Connection } from '../../src/dialects/connection.ts';
import { dialectOf } from '../../src/dialects/registry.ts';
import { parseDatabaseUrl } from '../../src/environment/config/database-url.ts';
import { liveProject, openedConnection } from '../commands/live-project.ts';
import { createDatabase, describeOn, describeOnEveryDialect } from '../servers.ts';
import { emptyDatabase } from './schemas.ts';

const users = `
import type { Operations } from 'aludel';
export const revision = 'a1';
export const down_revision = null;
export async function upgrade(op: Operations): Promise<void> {
  await op.createTable('users', (t) => {
    t.increments('id');
    t.string('name', 20).notNullable();
  });
}
`;
const email = `-- revision: b2
-- down_revision: a1
-- message: add email
-- migrate:up
ALTER TABLE users ADD email varchar(50);
`;

await describeOnEveryDialect('aludel dump', (dialect) => {
  test('shows the schema that the revisions make, without touching the database', async () => {
    const project = await liveProject(dialect, { 'a1_users.ts': users, 'b2_email.sql': email });

    const before = await dump(project.config);
    const first = await dump(project.config, { revision: 'a1' });
    const head = await dump(project.config, { revision: 'head' });

    expect(before.sql).toBe('');
    expect([first.sql.includes('email'), head.sql.includes('email')]).toEqual([false, true]);
    expect((await dump(project.config)).fingerprint).toBe(before.fingerprint);
  });

  test('leaves out the tables of the tool, so that a migrated database equals its revisions', async () => {
    const project = await liveProject(dialect, { 'a1_users.ts': users, 'b2_email.sql': email });
    await upgrade(project.config, 'head');

    const live = await dump(project.config);

    expect(live.sql).not.toContain('aludel');
    expect(live.fingerprint).toBe((await dump(project.config, { revision: 'head' })).fingerprint);
  });

  test('asks the same number of questions however many tables there are', async () => {
    const { url } = await emptyDatabase(dialect);
    const settings = parseDatabaseUrl(url, '/');
    const rules = await dialectOf(dialect);
    const connection = await rules.connect(settings, { applicationName: 'test', busyTimeoutMs: 1000, readOnly: false });
    const counted = counting(connection);

    await rules.schema.introspect(counted);
    const empty = counted.asked();
    for (let i = 0; i < 20; i++) await connection.query(`CREATE TABLE t${i} (id int PRIMARY KEY, name varchar(20))`);
    const { objects } = await rules.schema.introspect(counted);

    expect(objects).toHaveLength(20);
    expect(counted.asked()).toBe(2 * empty);
    await connection.close();
  });
});

/** The connection itself, with a count of its round trips. */
function counting(connection: Connection): Connection & { readonly asked: () => number } {
  let asked = 0;
  return {
    ...connection,
    query: async (...given) => {
      asked++;
      return await connection.query(...given);
    },
    script: async (sql) => {
      asked++;
      await connection.script(sql);
    },
    asked: () => asked,
  };
}

await describeOn('mysql', 'a dump of what the user may not read', () => {
  test('is refused with the right that is missing', async () => {
    const database = await createDatabase('mysql');
    const user = `aludel_reader_${randomBytes(4).toString('hex')}`;
    const name = new URL(database.url).pathname.slice(1);
    const admin = await openedConnection(database.url);
    onTestFinished(async () => {
      await admin.query(`DROP USER ${user}@'%'`);
      await admin.close();
      await database.drop();
    });
    await admin.query('CREATE TABLE users (id INTEGER PRIMARY KEY)');
    await admin.query(`CREATE USER ${user}@'%' IDENTIFIED BY 'reader'`);
    await admin.query(`GRANT SELECT, EXECUTE ON ${name}.* TO ${user}@'%'`);
    const url = Object.assign(new URL(database.url), { username: user, password: 'reader' }).href;
    const refused = async (): Promise<unknown> => await dump({ database: url }).catch((error: unknown) => error);

    await admin.query('CREATE VIEW names AS SELECT id FROM users');
    expect(await refused()).toMatchObject({
      code: 'database.failed',
      message: expect.stringMatching(/^The schema of .* cannot be read: SHOW VIEW command denied to user/) as string,
      hint: `Connect as a user who may read it, or let this one: GRANT SELECT, SHOW VIEW ON \`${name}\`.* TO …`,
    });

    await admin.query('DROP VIEW names');
    await admin.query('CREATE FUNCTION one() RETURNS INTEGER DETERMINISTIC RETURN 1');
    expect(await refused()).toMatchObject({
      message: `The schema of ${name} cannot be read: the server does not show the text of the function one.`,
      hint: expect.stringContaining('GRANT SELECT ON mysql.proc TO …') as string,
    });
  });
});
