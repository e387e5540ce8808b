import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { start } from '../end-to-end/project.ts';
import { describeOnEveryDialect } from '../servers.ts';
import { runScript } from '../support/run-script.ts';
import { openShop, type Shop } from './shop.ts';
import { createJudged, nameOf, runWell, type JudgedDatabase } from './twins.ts';

await describeOnEveryDialect('files of --split --idempotent', (dialect) => {
  const split = async (shop: Shop, directory: string, ...args: readonly string[]): Promise<readonly string[]> => {
    const more = ['--sql', '--idempotent', '--split', directory, '--dialect', nameOf(dialect)];
    const { code, stderr } = await start(shop.directory, [...args, ...more]).finished;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const path = join(shop.directory, directory);
    return readdirSync(path)
      .toSorted()
      .map((name) => readFileSync(join(path, name), 'utf8'));
  };
  const database = async (): Promise<JudgedDatabase> => {
    const judged = await createJudged(dialect);
    onTestFinished(() => judged.drop());
    return judged;
  };
  const everything = async (judged: JudgedDatabase): Promise<readonly unknown[]> => [
    ...(await judged.state()),
    ...(await judged.query('SELECT * FROM aludel_log ORDER BY id')),
  ];

  it('are passed over once they are done, from the first one on, up and down', async () => {
    const shop = openShop(dialect);
    const up = await split(shop, 'up', 'upgrade', 'head');
    expect(up).toHaveLength(3);
    const judged = await database();
    for (const file of up) await runWell(judged, file);
    const before = await everything(judged);
    for (const file of up) await runWell(judged, file);
    expect(await everything(judged)).toEqual(before);
    const down = await split(shop, 'down', 'downgrade', 'c3:base');
    for (const file of down) await runWell(judged, file);
    for (const file of down) await runWell(judged, file);
    // What was taken down is there to be done again.
    for (const file of up) await runWell(judged, file);
    expect(await judged.query('SELECT version_num FROM aludel_version')).toEqual([{ version_num: 'c3' }]);
  });

  it('go on with the one that failed half-way when all of them are run again', async () => {
    const shop = openShop(dialect, { transaction: false });
    const twin = await database();
    await shop.succeed(twin, 'upgrade', 'head');
    const files = await split(shop, 'up', 'upgrade', 'head');
    const judged = await database();
    await judged.query('CREATE TABLE orders (other INTEGER)');
    const run = async (): Promise<readonly number[]> => {
      const codes: number[] = [];
      for (const file of files) codes.push((await runScript(judged, file)).exitCode === 0 ? 0 : 1);
      return codes;
    };
    expect(await run()).toEqual([0, 0, 1]);
    expect(await run()).toEqual([0, 0, 1]);
    await judged.query('DROP TABLE orders');
    expect(await run()).toEqual([0, 0, 0]);
    expect(await judged.state()).toEqual(await twin.state());
  });

  it('stop on a database that has not come to them, and where the journal does not say that they are done', async () => {
    const shop = openShop(dialect);
    const [first = '', second = '', third = ''] = await split(shop, 'up', 'upgrade', 'head');
    const judged = await database();
    await runWell(judged, first);
    const before = await everything(judged);
    expect((await runScript(judged, third)).stderr).toMatch(/not on the way|something else/);
    expect(await everything(judged)).toEqual(before);
    await runWell(judged, second);
    await shop.succeed(judged, 'stamp', 'c3');
    expect((await runScript(judged, first)).stderr).toMatch(/not on the way|something else/);
  });
});
