import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import type { DialectName } from '../../src/dialects/connection.ts';
import { assertNever } from '../../src/support/assert-never.ts';
import { describeOnEveryDialect } from '../servers.ts';
import { runScript, startScript } from '../support/run-script.ts';
import { openShop, type Shop } from './shop.ts';
import { createJudged, runWell, type JudgedDatabase } from './twins.ts';

/** Of the places where a client can be killed, those that are tried: as many, from the first to the last. */
const tried = 5;

/** Ends of statements that stand on a line of their own, behind the guards. */
function placesIn(script: string): readonly number[] {
  const begins = script.indexOf('CREATE TABLE IF NOT EXISTS');
  const ends = [...script.matchAll(/^[A-Z][^\n]*;\n/gm)].map(({ index, 0: line }) => index + line.length);
  const isInText = (end: number): boolean =>
    script
      .slice(0, end)
      .replaceAll(/^--.*$/gm, '')
      .split("'").length %
      2 ===
    0;
  const inside = ends.filter((end) => end > begins && !isInText(end));
  const last = inside.length - 1;
  return Array.from({ length: tried }, (_, i) => inside[Math.round((i * last) / (tried - 1))] ?? 0);
}

/** By which the client shows, without a commit, that it has come to the end of what it was given; and how that is seen. */
interface Flag {
  readonly raise: string;
  readonly isUp: () => Promise<boolean>;
}

function flagOf(dialect: DialectName, database: JudgedDatabase): Flag {
  const seen = async (sql: string): Promise<boolean> => (await database.query(sql)).length > 0;
  switch (dialect) {
    case 'postgresql':
      return {
        raise: 'SELECT pg_catalog.pg_advisory_lock(4711, 4711);\n',
        isUp: () =>
          seen(`SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = 4711 AND objid = 4711
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`),
      };
    case 'mysql': {
      const name = `CONCAT(DATABASE(), ' reached')`;
      return {
        raise: `DO GET_LOCK(${name}, 0);\n`,
        isUp: () => seen(`SELECT 1 FROM DUAL WHERE IS_USED_LOCK(${name}) IS NOT NULL`),
      };
    }
    case 'sqlite': {
      const file = join(dirname(database.url.slice('sqlite:'.length)), 'reached');
      return { raise: `.shell touch '${file}'\n`, isUp: () => Promise.resolve(existsSync(file)) };
    }
    default:
      return assertNever(dialect);
  }
}

/** Lets a client run a script up to a place, kills it there and waits until the server has noticed. */
async function killAt(dialect: DialectName, database: JudgedDatabase, script: string, place: number): Promise<void> {
  const flag = flagOf(dialect, database);
  const killed = new AbortController();
  async function* beginning() {
    yield script.slice(0, place) + flag.raise;
    await sleep(60_000, null, { signal: killed.signal }).catch(() => null);
  }
  const client = startScript(database, beginning());
  let ended = false;
  void client.ended.then(() => (ended = true));
  while (!(await flag.isUp())) {
    if (ended) throw new Error(`the client stopped by itself: ${(await client.ended).stderr}`);
    await sleep(10);
  }
  client.kill();
  killed.abort();
  await client.ended;
  if (dialect === 'sqlite') rmSync(join(dirname(database.url.slice('sqlite:'.length)), 'reached'));
  else while (await flag.isUp()) await sleep(10);
}

await describeOnEveryDialect('a client that is killed while it runs a script', (dialect) => {
  const databaseOf = async (): Promise<JudgedDatabase> => {
    const database = await createJudged(dialect);
    onTestFinished(() => database.drop());
    return database;
  };
  const everything = async (database: JudgedDatabase): Promise<readonly unknown[]> => [
    ...(await database.state()),
    ...(await database.query('SELECT * FROM aludel_log ORDER BY id').catch(() => [])),
  ];

  for (const transaction of [true, false]) {
    const title = transaction ? 'in transactions' : 'with a revision without one';

    it(`leaves what the same idempotent script goes on from, ${title}`, async () => {
      const { shop, wanted } = await prepared(transaction);
      const script = await shop.script('upgrade', 'head', '--idempotent');
      for (const place of placesIn(script)) {
        const database = await databaseOf();
        await killAt(dialect, database, script, place);
        await runWell(database, script);
        expect(await database.state(), script.slice(0, place).slice(-200)).toEqual(wanted);
      }
    });

    it(`leaves what a plain script begins anew or refuses, and a live run goes on with, ${title}`, async () => {
      const { shop, wanted } = await prepared(transaction);
      const script = await shop.script('upgrade', 'head');
      for (const place of placesIn(script)) {
        const database = await databaseOf();
        await killAt(dialect, database, script, place);
        const before = await everything(database);
        const again = await runScript(database, script);
        if (again.exitCode !== 0) {
          expect(again.stderr).toMatch(/stopped, nothing was changed/);
          expect(await everything(database)).toEqual(before);
          await goOnLive(shop, database);
        }
        expect(await database.state(), script.slice(0, place).slice(-200)).toEqual(wanted);
      }
    });
  }

  async function prepared(transaction: boolean): Promise<{ readonly shop: Shop; readonly wanted: readonly string[] }> {
    const shop = openShop(dialect, { transaction });
    const twin = await databaseOf();
    await shop.succeed(twin, 'upgrade', 'head');
    return { shop, wanted: await twin.state() };
  }

  /** Whether an ALTER TABLE took effect is asked; here it shows in the column that it adds. */
  async function goOnLive(shop: Shop, database: JudgedDatabase): Promise<void> {
    const first = await shop.run(database, 'upgrade', 'head');
    if (first.code === 0) return;
    expect(first.stderr).toMatch(/^migration\.in-doubt: .* ALTER TABLE account ADD COLUMN level/ms);
    const isThere = await database.query('SELECT level FROM account').then(
      () => true,
      () => false,
    );
    await shop.succeed(database, 'repair', isThere ? '--assume-done' : '--resume');
    await shop.succeed(database, 'upgrade', 'head');
  }
});
