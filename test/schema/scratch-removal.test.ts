import { expect, onTestFinished, test } from 'vitest';
import { openProject } from '../../src/commands/open-project.ts';
import { withScratch } from '../../src/commands/schema/with-scratch.ts';
import type { Connection, DatabaseSettings } from '../../src/dialects/connection.ts';
import { dialectOf } from '../../src/dialects/registry.ts';
import { scratchPrefix } from '../../src/dialects/schema/scratch-name.ts';
import { parseDatabaseUrl } from '../../src/environment/config/database-url.ts';
import { openedConnection } from '../commands/live-project.ts';
import { describeOn } from '../servers.ts';
import { emptyDatabase } from './schemas.ts';

/** The server of a test makes databases: nothing is started for it. */
const noted = (text: string): void => {
  throw new Error(text);
};

async function place(dialect: 'postgresql' | 'mysql') {
  const { url } = await emptyDatabase(dialect);
  const { schema: rules } = await dialectOf(dialect);
  const admin = await openedConnection(url);
  onTestFinished(() => admin.close());
  return { url, settings: parseDatabaseUrl(url, '/'), rules, admin };
}

/** A user who may do with databases of that name what they like, and pass nothing of it on. */
async function userOf(admin: Connection, settings: DatabaseSettings) {
  const user = `aludel_user_${Math.random().toString(16).slice(2, 10)}`;
  await admin.query(`CREATE USER ${user}@'%'`);
  onTestFinished(async () => {
    await admin.query(`DROP USER ${user}@'%'`);
  });
  await admin.query(`GRANT ALL ON \`aludel\\_scratch\\_%\`.* TO ${user}@'%'`);
  for (const name of [nameOf(settings), 'mysql']) await admin.query(`GRANT SELECT ON ${name}.* TO ${user}@'%'`);
  return { user, own: { ...settings, connection: { ...settings.connection, user } } };
}

/** As a killed process leaves it. */
async function leftoverOf(admin: Connection): Promise<string> {
  const name = `${scratchPrefix}1000000000_${Math.random().toString(16).slice(2, 10)}`;
  await admin.query(`CREATE DATABASE ${name}`);
  onTestFinished(async () => {
    await admin.query(`DROP DATABASE IF EXISTS ${name}`);
  });
  return name;
}

const nameOf = ({ connection }: DatabaseSettings): string => String(connection['database']);

await describeOn('mysql', 'a scratch database', () => {
  test('is removed although a right on it cannot be withdrawn, and its session ends', async () => {
    const { settings, rules, admin } = await place('mysql');
    const { own } = await userOf(admin, settings);
    const { user: other } = await userOf(admin, settings);
    const scratch = await rules.createScratch(own, noted);
    const name = nameOf(scratch.settings);
    await admin.query(`GRANT SELECT ON ${name}.* TO ${other}@'%'`);

    await scratch.remove();

    await expectNothingOf(admin, name);
  });

  test('that somebody else has dropped already is no error, and its session ends', async () => {
    const { settings, rules, admin } = await place('mysql');
    const scratch = await rules.createScratch(settings, noted);
    await admin.query(`DROP DATABASE ${nameOf(scratch.settings)}`);

    await scratch.remove();

    await expectNothingOf(admin, nameOf(scratch.settings));
  });

  test('is made where one is left that its user may not drop', async () => {
    const { settings, rules, admin } = await place('mysql');
    const { user, own } = await userOf(admin, settings);
    const leftover = await leftoverOf(admin);
    // The more exact name goes before the pattern.
    await admin.query(`GRANT SELECT ON \`${leftover.replaceAll('_', String.raw`\_`)}\`.* TO ${user}@'%'`);

    const scratch = await rules.createScratch(own, noted);
    await scratch.remove();

    await expectNothingOf(admin, nameOf(scratch.settings));
  });

  test('that a killed process left goes with the rights on it; those on the database of the project stay', async () => {
    const { settings, rules, admin } = await place('mysql');
    const { user } = await userOf(admin, settings);
    const leftover = await leftoverOf(admin);
    await admin.query(`GRANT SELECT ON ${leftover}.* TO ${user}@'%'`);

    await (await rules.createScratch(settings, noted)).remove();

    const { rows } = await admin.query(
      `SELECT DISTINCT table_schema AS name FROM information_schema.schema_privileges WHERE grantee LIKE "'${user}'@%"`,
    );
    const names = rows.map(({ name }) => name);
    expect(names).toContain(nameOf(settings));
    expect(names).not.toContain(leftover);
  });

  /** No scratch database, and no session that holds the lock of its name. */
  async function expectNothingOf(admin: Connection, name: string): Promise<void> {
    const sql = `SELECT (SELECT COUNT(*) FROM information_schema.schemata WHERE schema_name = '${name}') AS found,
                        IS_FREE_LOCK('${name}') AS free`;
    await expect
      .poll(async () => (await admin.query(sql)).rows.map(({ found, free }) => [Number(found), Number(free)]))
      .toEqual([[0, 1]]);
  }
});

await describeOn('postgresql', 'a scratch database that cannot be dropped', () => {
  test('leaves no session behind, and the error of the work on it is the one that is told', async () => {
    const { url, settings, admin } = await place('postgresql');
    const told: string[] = [];
    let name = '';
    const { configuration } = await openProject({ database: url });

    const work = withScratch(
      configuration,
      { onEvent: (event) => told.push(event.kind === 'warning' ? event.text : event.kind) },
      async ({ database }) => {
        name = nameOf(database);
        await admin.query(`ALTER DATABASE ${name} IS_TEMPLATE true`);
        throw new Error('the work failed');
      },
    );

    await expect(work).rejects.toThrow('the work failed');
    expect(told).toEqual(['The scratch database could not be removed: cannot drop a template database']);
    await expect.poll(async () => (await admin.query(sessions, [nameOf(settings)])).rows).toEqual([]);
    await admin.query(`ALTER DATABASE ${name} IS_TEMPLATE false`);
    await admin.query(`DROP DATABASE ${name}`);
  });

  const sessions = "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'aludel scratch%' AND datname = $1";
});
