import { expect, onTestFinished, test } from 'vitest';
import { upgrade } from '../../src/commands/upgrade.ts';
import { describeOn } from '../servers.ts';
import { liveProject, revisionSource } from './live-project.ts';

await describeOn('mysql', 'a Date in a process far from UTC', () => {
  const ways = `const at = new Date('2026-01-02T03:04:05.678Z');
  await op.execute('CREATE TABLE seen (way VARCHAR(20), at DATETIME(3), same INTEGER)');
  await op.bulkInsert('seen', [{ way: 'bulkInsert', at }]);
  await op.knex('seen').insert({ way: 'knex', at });
  await op.execute('INSERT INTO seen (way, at) VALUES (?, ?)', ['execute', at]);
  for (const row of await op.execute('SELECT * FROM seen')) {
    await op.knex('seen').where({ way: row.way, at: row.at }).update({ same: row.at.getTime() === at.getTime() });
  }`;

  const rowsWith = async (parameter: string) => {
    const before = process.env['TZ'];
    process.env['TZ'] = 'America/New_York';
    onTestFinished(() => {
      if (before === undefined) delete process.env['TZ'];
      else process.env['TZ'] = before;
    });
    expect(new Date('2026-01-02T00:00:00Z').getHours()).toBe(19);
    const project = await liveProject('mysql', { 'a1.ts': revisionSource('a1', null, ways) });
    await upgrade({ ...project.config, url: `${project.url}${parameter}` }, 'head');
    return await project.query('SELECT way, CAST(at AS CHAR) AS at, same FROM seen ORDER BY way');
  };

  test.for([
    ['', '2026-01-02 03:04:05.678'],
    ['?timezone=%2B02:00', '2026-01-02 05:04:05.678'],
    ['?timezone=local', '2026-01-01 22:04:05.678'],
  ] as const)('is written and read in UTC, or as the connection says: "%s"', async ([parameter, at]) => {
    expect(await rowsWith(parameter)).toEqual([
      { way: 'bulkInsert', at, same: 1 },
      { way: 'execute', at, same: 1 },
      { way: 'knex', at, same: 1 },
    ]);
  });
});
