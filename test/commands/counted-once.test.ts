import { EventEmitter, once } from 'node:events';
import { expect, test } from 'vitest';
import { downgrade } from '../../src/commands/downgrade.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import { describeOnEveryDialect } from '../servers.ts';
import { liveProject, revisionSource } from './live-project.ts';

await describeOnEveryDialect('a target that counts from where the database is', (dialect) => {
  test.each([
    ['downgrade', '-1'],
    ['upgrade', '+1'],
  ] as const)('is not counted again when another run has moved it: %s %s', async (command, target) => {
    const gate = `pause_${String(Math.random()).slice(2)}`;
    const door = new EventEmitter();
    const reached = once(door, 'reached');
    Object.assign(globalThis, {
      [gate]: async () => {
        door.emit('reached');
        await once(door, 'open');
      },
    });
    const project = await liveProject(dialect, {
      'a.mjs': revisionSource('a', null, ''),
      'b.mjs': revisionSource('b', 'a', `await globalThis.${gate}();`),
      'c.mjs': revisionSource('c', 'b', ''),
    });
    await upgrade(project.config, 'a');
    const other = upgrade(project.config, 'b');
    await reached;
    const run = { downgrade, upgrade }[command](project.config, target, {
      onEvent: ({ kind }) => {
        if (kind === 'waiting-for-lock') door.emit('open');
      },
    });
    await expect(run).rejects.toMatchObject({
      code: 'database.version-mismatch',
      facts: { before: ['a'], now: ['b'] },
    });
    await other;
    expect(await project.query('SELECT version_num FROM aludel_version')).toEqual([{ version_num: 'b' }]);
    await downgrade(project.config, '-1');
    expect(await project.query('SELECT version_num FROM aludel_version')).toEqual([{ version_num: 'a' }]);
  });
});
