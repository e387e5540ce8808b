import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { configAt, type ConfigLocation } from '../../src/commands/invocation.ts';
import { current } from '../../src/commands/current.ts';
import { ensureVersion } from '../../src/commands/ensure-version.ts';
import { downgrade } from '../../src/commands/downgrade.ts';
import { stamp } from '../../src/commands/stamp.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import { describeOn } from '../servers.ts';
import { startPrivateServer, type PrivateServer } from '../support/private-server.ts';
import { liveProject, openedConnection, revisionSource, type LiveProject } from './live-project.ts';

const revisions = {
  'a1.ts': revisionSource(
    'a1',
    null,
    `await op.createTable('t', (t) => t.increments('id'));`,
    `await op.dropTable('t');`,
  ),
};
const more = revisionSource('b2', 'a1', `await op.addColumn('t', (t) => t.integer('n'));`);

/** Everything that would write is refused with this reason; what has nothing to do, or only asks, is answered. */
async function expectRefusals(config: ConfigLocation, write: LiveProject['write'], reason: string): Promise<void> {
  expect((await upgrade(config, 'head')).steps).toEqual([]);
  expect((await current(config)).revisions.map(({ revision }) => revision)).toEqual(['a1']);
  write('b2.ts', more);
  expect((await upgrade(config, 'head', { plan: true })).steps).toHaveLength(1);
  for (const command of [
    () => upgrade(config, 'head'),
    () => downgrade(config, 'base'),
    () => stamp(config, ['base']),
    () => ensureVersion(config),
  ]) {
    await expect(command()).rejects.toMatchObject({
      code: 'database.read-only',
      exitCode: 6,
      message: expect.stringContaining(reason) as unknown,
    });
  }
}

await describeOn('postgresql', 'a read-only database', () => {
  test('is refused before anything begins', async () => {
    const { config, url, write, query } = await liveProject('postgresql', revisions);
    await upgrade(config, 'head');
    const name = new URL(url).pathname.slice(1);
    await query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    await expectRefusals(config, write, 'read-only (default_transaction_read_only is on)');
  });
});

describe('a standby of PostgreSQL', () => {
  let server: PrivateServer;

  beforeAll(async () => {
    server = await startPrivateServer('postgresql');
  });
  afterAll(async () => server.remove());

  test('is refused before anything begins', async () => {
    const project = await liveProject('sqlite', revisions);
    const config = configAt({ ...project.config, url: server.url, waitForDbMs: 30_000 });
    await upgrade(config, 'head');
    const connection = await openedConnection(server.url);
    const { rows } = await connection.query('SHOW data_directory');
    await connection.close();
    await server.stop();
    // What makes a server a standby (PostgreSQL manual, "Standby Server Operation"); this one has no primary any more.
    closeSync(openSync(join(String(rows[0]?.['data_directory']), 'standby.signal'), 'w'));
    // It never says the words by which its starter knows that it is up.
    server.start().catch(() => undefined);
    await expectRefusals(config, project.write, 'a standby, which follows its primary');
  });
});

await describeOn('mysql', 'a read-only server', () => {
  let server: PrivateServer;

  beforeAll(async () => {
    server = await startPrivateServer('mysql');
  });
  afterAll(async () => server.remove());

  test('is refused before anything begins, although its administrator could write', async () => {
    const project = await liveProject('sqlite', revisions);
    const admin = await openedConnection(`${server.url}/mysql`);
    await admin.script('CREATE DATABASE app');
    const config = configAt({ ...project.config, url: `${server.url}/app` });
    await upgrade(config, 'head');
    await admin.script('SET GLOBAL read_only = 1');
    await expectRefusals(config, project.write, 'read-only (read_only is on), as a replica is');
    await admin.close();
  });
});
