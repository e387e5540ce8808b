import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { adoptDrift, drift } from '../../src/commands/schema/drift.ts';
import { downgrade } from '../../src/commands/downgrade.ts';
import { dump } from '../../src/commands/schema/dump.ts';
import { log } from '../../src/commands/log.ts';
import { testRevisions } from '../../src/commands/trial/test-revisions.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import { liveProject, revisionSource } from '../commands/live-project.ts';
import { createDatabase, describeOn } from '../servers.ts';

const users = revisionSource(
  'a1',
  null,
  "await op.execute('CREATE TABLE users (id INTEGER PRIMARY KEY)');",
  "await op.execute('DROP TABLE users');",
);

for (const dialect of ['postgresql', 'mysql'] as const) {
  await describeOn(dialect, 'a version table in a schema of its own', () => {
    test('is not that of a scratch database, whose runs it hears nothing of', async () => {
      const { config } = await project();
      await upgrade(config, 'head');
      const { entries } = await log(config);

      expect((await dump(config, { revision: 'head' })).sql).toContain('users');
      expect(await testRevisions(config)).toMatchObject({ is_ok: true });
      expect(await drift(config)).toMatchObject({ current: ['a1'], changes: [] });

      expect((await log(config)).entries).toEqual(entries);
    });

    test('is no drift at base, and its schema not part of what is adopted there', async () => {
      const { config, query, directory } = await project();
      await upgrade(config, 'head');
      await downgrade(config, 'base');
      expect(await drift(config)).toMatchObject({ current: [], changes: [], is_in_step: true });

      await query('CREATE TABLE notes (id INTEGER PRIMARY KEY)');
      expect((await drift(config)).changes).toHaveLength(1);
      const empty = { ...config, versionLocations: [join(directory, 'none')] };
      mkdirSync(join(directory, 'none'));
      expect(await adoptDrift(empty, { revId: 'n1', stamp: true })).toMatchObject({ stamped: true, changes: [{}] });
      expect(await drift(empty)).toMatchObject({ current: ['n1'], changes: [] });
    });

    async function project() {
      const live = await liveProject(dialect, { 'a1.ts': users });
      const other = dialect === 'mysql' ? await createDatabase(dialect) : null;
      if (other !== null) onTestFinished(() => other.drop());
      const versionTableSchema = other === null ? 'ops' : new URL(other.url).pathname.slice(1);
      return {
        ...live,
        config: { database: live.url, versionLocations: [join(live.directory, 'versions')], versionTableSchema },
      };
    }
  });
}

await describeOn('mysql', 'a version table in a database that is not there', (dialect) => {
  test('is refused with what to do', async () => {
    const live = await liveProject(dialect, { 'a1.ts': users });
    const config = { database: live.url, versionLocations: [join(live.directory, 'versions')] };
    await expect(upgrade({ ...config, versionTableSchema: 'aludel_is_not_there' }, 'head')).rejects.toMatchObject({
      code: 'database.failed',
      message: expect.stringContaining("Unknown database 'aludel_is_not_there'") as unknown,
      hint: expect.stringMatching(/^Create it, or say with versionTableSchema/) as unknown,
    });
    expect(await live.query('SHOW TABLES')).toEqual([]);
  });
});
