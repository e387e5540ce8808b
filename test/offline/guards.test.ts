import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import type { DialectName } from '../../src/dialects/connection.ts';
import { addFiles, fileExists, pauseInRevision, revision, start } from '../end-to-end/project.ts';
import { describeOnEveryDialect, dialectNames } from '../servers.ts';
import { runScript } from '../support/run-script.ts';
import { openShop } from './shop.ts';
import { createJudged, runWell, type JudgedDatabase } from './twins.ts';

async function databaseOf(dialect: DialectName): Promise<JudgedDatabase> {
  const database = await createJudged(dialect);
  onTestFinished(() => database.drop());
  return database;
}

/** Everything there is, with the whole journal where there is one. */
async function everything(database: JudgedDatabase): Promise<readonly unknown[]> {
  const state = await database.state();
  const hasJournal = state.some((line) => line.includes('aludel_log'));
  return [...state, ...(hasJournal ? await database.query('SELECT * FROM aludel_log ORDER BY id') : [])];
}

/** A script that stops leaves everything as it was, ends with a status of its own and says why. */
async function expectStopped(database: JudgedDatabase, script: string, ...reasons: readonly string[]): Promise<void> {
  const before = await everything(database);
  const { exitCode, stdout, stderr } = await runScript(database, script);
  expect(exitCode).toBeGreaterThan(0);
  for (const reason of reasons) expect(stdout + stderr).toContain(reason);
  expect(await everything(database)).toEqual(before);
}

const obstacle = 'CREATE TABLE orders (other INTEGER)';
const running: Readonly<Record<DialectName, string>> = {
  sqlite: 'database is locked',
  postgresql: 'another migration is running',
  mysql: 'another migration is running',
};

await describeOnEveryDialect('a script', (dialect) => {
  it('that has run already stops, up and down', async () => {
    const shop = openShop(dialect);
    const database = await databaseOf(dialect);
    const up = await shop.script('upgrade', 'head');
    await runWell(database, up);
    await expectStopped(database, up, 'nothing was changed: this script has run already, the version table holds c3');
    const down = await shop.script('downgrade', 'c3:a1');
    await runWell(database, down);
    await expectStopped(database, down, 'this script has run already, the version table holds a1');
  });

  it('stops on a database that is elsewhere', async () => {
    const shop = openShop(dialect);
    const database = await databaseOf(dialect);
    await shop.succeed(database, 'upgrade', 'a1');
    await expectStopped(
      database,
      await shop.script('upgrade', 'base:b2'),
      'the version table holds a1',
      'this script starts from no revision',
    );
    await expectStopped(
      database,
      await shop.script('upgrade', 'b2:head'),
      'the version table holds a1',
      'this script starts from b2',
    );
    await expectStopped(
      database,
      await shop.script('downgrade', 'b2:base'),
      'the version table holds a1',
      'this script starts from b2',
    );
  });

  it('stops on a database that is not of this project, and makes no table in it', async () => {
    const shop = openShop(dialect);
    const script = await shop.script('upgrade', 'a1:head');
    const empty = await databaseOf(dialect);
    await empty.query('CREATE TABLE account (id INTEGER)');
    await expectStopped(empty, script, 'the version table holds no revision', 'this script starts from a1');
    const other = await databaseOf(dialect);
    await other.query('CREATE TABLE aludel_version (version_num VARCHAR(255) NOT NULL PRIMARY KEY)');
    await other.query(`INSERT INTO aludel_version VALUES ('99ff'), ('it''s')`);
    await expectStopped(other, script, "the version table holds 99ff, it's", 'this script starts from a1');
    await expectStopped(other, await shop.script('upgrade', 'head', '--idempotent'), "99ff, it's");
  });

  it('for another kind of database, but for MySQL, stops at its first statement', async () => {
    const database = await databaseOf(dialect);
    for (const other of dialectNames.filter((name) => name !== dialect && name !== 'mysql')) {
      const shop = openShop(other);
      for (const more of [[], ['--idempotent']]) {
        const script = await shop.script('upgrade', 'head', ...more);
        await expectStopped(database, script);
        const { stderr } = await runScript(database, script);
        expect(stderr.match(/^(?:parse )?error\b/gim), stderr).toHaveLength(1);
      }
    }
  });

  it('that is idempotent can be run again from anywhere on its way, and then changes nothing', async () => {
    const shop = openShop(dialect);
    const script = await shop.script('upgrade', 'head', '--idempotent');
    const twin = await databaseOf(dialect);
    await shop.succeed(twin, 'upgrade', 'head');
    for (const place of [null, 'a1', 'b2']) {
      const database = await databaseOf(dialect);
      if (place !== null) await shop.succeed(database, 'upgrade', place);
      await runWell(database, script);
      expect(await database.state(), `from ${place}`).toEqual(await twin.state());
      const before = await everything(database);
      await runWell(database, script);
      expect(await everything(database)).toEqual(before);
    }
  });

  for (const transaction of [true, false])
    it(`that failed half-way ${transaction ? 'in a transaction' : 'outside of one'} goes on by --idempotent, and by a live run`, async () => {
      const shop = openShop(dialect, { transaction });
      const twin = await databaseOf(dialect);
      await shop.succeed(twin, 'upgrade', 'head');
      const plain = await shop.script('upgrade', 'head');
      const idempotent = await shop.script('upgrade', 'head', '--idempotent');
      for (const goOn of ['script', 'live'] as const) {
        const database = await databaseOf(dialect);
        await database.query(obstacle);
        const failed = await runScript(database, goOn === 'script' ? idempotent : plain);
        expect(failed.exitCode).toBeGreaterThan(0);
        expect(failed.stderr).toContain('orders');
        expect(await database.query('SELECT version_num FROM aludel_version')).toEqual([{ version_num: 'b2' }]);
        // Two of b2, and one that stays where c3 is not taken back.
        const isHalfDone = dialect === 'mysql' || !transaction;
        expect(await database.query('SELECT DISTINCT n FROM account')).toEqual([{ n: isHalfDone ? 3 : 2 }]);
        await expectStopped(database, plain, 'the version table holds b2', 'this script starts from no revision');
        await expectStopped(
          database,
          await shop.script('upgrade', 'b2:c3'),
          ...(isHalfDone ? ['c3 is half done', '--idempotent'] : ['orders']),
        );
        const again = await runScript(database, idempotent);
        expect(again.exitCode).toBeGreaterThan(0);
        expect(await database.query('SELECT DISTINCT n FROM account')).toEqual([{ n: isHalfDone ? 3 : 2 }]);
        await database.query('DROP TABLE orders');
        if (goOn === 'script') await runWell(database, idempotent);
        else await shop.succeed(database, 'upgrade', 'head');
        expect(await database.state(), goOn).toEqual(await twin.state());
      }
    });

  it('goes on where a live run stopped half-way when it is idempotent', async () => {
    const shop = openShop(dialect, { transaction: false });
    const twin = await databaseOf(dialect);
    await shop.succeed(twin, 'upgrade', 'head');
    const database = await databaseOf(dialect);
    await database.query(obstacle);
    expect((await shop.run(database, 'upgrade', 'head')).code).toBeGreaterThan(0);
    await expectStopped(database, await shop.script('upgrade', 'b2:head'), 'c3 is half done');
    await database.query('DROP TABLE orders');
    await runWell(database, await shop.script('upgrade', 'head', '--idempotent'));
    expect(await database.state()).toEqual(await twin.state());
  });

  it.each([[[]], [['--idempotent']]])('runs once when several sessions run it at once, with %j', async (more) => {
    const shop = openShop(dialect);
    const twin = await databaseOf(dialect);
    await shop.succeed(twin, 'upgrade', 'head');
    const database = await databaseOf(dialect);
    const script = await shop.script('upgrade', 'head', ...more);
    const answers = await Promise.all([1, 2, 3].map(() => runScript(database, script)));
    // One that comes when another is done has nothing to do, or says so.
    const well = answers.filter(({ exitCode }) => exitCode === 0).length;
    expect(well).toBeGreaterThanOrEqual(1);
    if (more.length === 0) expect(well).toBe(1);
    const reason = /another migration is running|this script has run already|database is locked/;
    for (const { stderr } of answers.filter(({ exitCode }) => exitCode !== 0)) expect(stderr).toMatch(reason);
    expect(await database.state()).toEqual(await twin.state());
    const finished = `SELECT revision FROM aludel_log WHERE event = 'applied' ORDER BY id`;
    expect(await database.query(finished)).toEqual(await twin.query(finished));
  });

  it('stops while a live run holds the migration lock', async () => {
    const shop = openShop(dialect);
    const database = await databaseOf(dialect);
    await shop.succeed(database, 'upgrade', 'b2');
    const script = await shop.script('upgrade', 'b2:c3');
    rmSync(`${shop.directory}/versions/c3.sql`);
    addFiles(shop.directory, { 'versions/c3.ts': revision('c3', { down: 'b2', upgrade: pauseInRevision }) });
    const live = start(shop.directory, ['upgrade', 'head', '--url', database.url]);
    await fileExists(`${shop.directory}/reached`);
    const { exitCode, stderr } = await runScript(database, script);
    expect(exitCode).toBeGreaterThan(0);
    expect(stderr).toContain(running[dialect]);
    addFiles(shop.directory, { 'go-on': '' });
    expect(await live.finished).toMatchObject({ code: 0 });
  });

  it('keeps a live run out while it runs', async () => {
    const shop = openShop(dialect);
    const twin = await databaseOf(dialect);
    await shop.succeed(twin, 'upgrade', 'b2');
    const database = await databaseOf(dialect);
    const script = await shop.script('upgrade', 'b2');
    const end = script.indexOf('-- upgrade b2: ', script.indexOf('-- upgrade a1: '));
    const beginning = script.slice(0, end);
    let refused = '';
    async function* pieces() {
      yield beginning;
      while (!(await isAt(database, 'a1'))) await sleep(20);
      const live = await shop.run(database, 'upgrade', 'head', '--lock-timeout', '0');
      expect(live.code).toBeGreaterThan(0);
      refused = live.stderr;
      yield script.slice(end);
    }
    const { exitCode } = await runScript(database, pieces());
    expect(refused).toContain('database.locked: ');
    expect(exitCode).toBe(0);
    expect(await database.state()).toEqual(await twin.state());
  });
});

async function isAt(database: JudgedDatabase, id: string): Promise<boolean> {
  const rows = await database.query('SELECT version_num FROM aludel_version').catch(() => []);
  return rows.some((row) => row['version_num'] === id);
}
