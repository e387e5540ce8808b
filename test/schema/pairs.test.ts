import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { diff } from '../../src/commands/schema/diff.ts';
import { createDatabase, describeOnEveryDialect, mysqlCharacters, type TestDatabase } from '../servers.ts';
import { absentPrograms, load, nativeDump, withoutOrder } from './native.ts';

/** Two versions of a schema, as `-- pair: title`, `-- old`, `-- new` in a file for each dialect have them. */
interface Pair {
  readonly title: string;
  readonly older: string;
  readonly newer: string;
}

await describeOnEveryDialect('a diff leads there, leaves nothing, and leads back', (dialect) => {
  const absent = absentPrograms({ dialect });
  let places: readonly TestDatabase[] = [];

  beforeAll(async () => {
    for (let i = 0; i < 3; i++) places = [...places, await createDatabase(dialect)];
  }, 60_000);
  afterAll(async () => {
    for (const place of places) await place.drop();
  });

  for (const { title, older, newer } of pairsOf(dialect)) {
    test.skipIf(absent !== null)(title, { timeout: 60_000 }, async () => {
      const [built, old, wanted] = places;
      if (built === undefined || old === undefined || wanted === undefined) throw new Error('no databases');
      await Promise.all(places.map(clear));
      await Promise.all([load(built, older), load(old, older), load(wanted, newer)]);
      const [asOld, asWanted] = await Promise.all([judged(old), judged(wanted)]);

      await migrate(built, wanted);
      expect(await judged(built)).toBe(asWanted);
      await migrate(built, old);

      expect(await judged(built)).toBe(asOld);
    });
  }

  async function judged(database: TestDatabase): Promise<string> {
    return withoutOrder(dialect, await nativeDump(database));
  }
});

async function migrate(database: TestDatabase, target: TestDatabase): Promise<void> {
  const config = { database: database.url };
  const { sql } = await diff(config, 'database', target.url);
  await load(database, sql);
  expect((await diff(config, 'database', target.url)).sql).toBe('');
}

async function clear(place: TestDatabase): Promise<void> {
  const name = new URL(place.url).pathname.slice(1);
  if (place.dialect === 'mysql')
    await load(place, `DROP DATABASE \`${name}\`; CREATE DATABASE \`${name}\` ${mysqlCharacters};`);
  else if (place.dialect === 'postgresql') {
    await load(place, 'DROP SCHEMA IF EXISTS app, "Other" CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public;');
  } else {
    await load(
      place,
      'PRAGMA writable_schema = RESET; PRAGMA writable_schema = ON; DELETE FROM sqlite_schema; PRAGMA writable_schema = RESET; VACUUM;',
    );
  }
}

function pairsOf(dialect: string): readonly Pair[] {
  const text = readFileSync(new URL(`pairs/${dialect}.sql`, import.meta.url), 'utf8');
  return text
    .split(/^-- pair: /m)
    .slice(1)
    .map((pair) => {
      const [title = '', older = '', newer = ''] = pair.split(/^-- (?:old|new)$/m);
      return { title: title.trim(), older, newer };
    });
}
