import { expect, it } from 'vitest';
import { stamp } from '../../src/commands/stamp.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import { describeOnEveryDialect } from '../servers.ts';
import { liveProject, revisionSource } from './live-project.ts';

const long = 'a234567890123456789012345678901234567890';

await describeOnEveryDialect('a version table as narrow as that of Alembic', (dialect) => {
  const project = async () => {
    const made = await liveProject(dialect, {
      'a.mjs': revisionSource('a', null, `await op.createTable('t', (t) => void t.integer('x'));`),
      'b.mjs': revisionSource(long, 'a', `await op.createTable('u', (t) => void t.integer('x'));`),
    });
    await made.query('CREATE TABLE aludel_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)');
    return made;
  };

  it('takes ids that fit', async () => {
    const { config } = await project();
    expect(await upgrade(config, 'a')).toMatchObject({ heads_after: ['a'] });
    expect(await stamp(config, [])).toMatchObject({ heads_after: [] });
  });

  it('refuses a longer one before anything runs, where it has a limit', async () => {
    const { config, query } = await project();
    if (dialect === 'sqlite') {
      expect(await upgrade(config, 'head')).toMatchObject({ heads_after: [long] });
      return;
    }
    const refusal = {
      code: 'database.failed',
      message: `The version table aludel_version takes ids of 32 characters, and ${long} has 40.`,
    };
    await expect(upgrade(config, 'head')).rejects.toMatchObject(refusal);
    await expect(stamp(config, ['head'])).rejects.toMatchObject(refusal);
    await expect(query('SELECT * FROM t')).rejects.toThrow();
    const wider = {
      mysql: 'MODIFY version_num VARCHAR(255) NOT NULL',
      postgresql: 'ALTER version_num TYPE VARCHAR(255)',
    };
    await query(`ALTER TABLE aludel_version ${wider[dialect]}`);
    expect(await upgrade(config, 'head')).toMatchObject({ heads_after: [long] });
  });
});
