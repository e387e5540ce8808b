import { expect, test } from 'vitest';
import { diff } from '../../src/commands/schema/diff.ts';
import { describeOnEveryDialect, type TestDatabase } from '../servers.ts';
import { absentPrograms, load, nativeDump, withoutOrder } from './native.ts';
import { emptyDatabase, kindsOf, realSchemas } from './schemas.ts';

const timeout = 600_000;

await describeOnEveryDialect('a diff', (dialect) => {
  const absent = absentPrograms({ dialect });

  for (const { name, parts } of [kindsOf(dialect), ...realSchemas(dialect)]) {
    test.skipIf(absent !== null)(`of ${name} with nothing makes it and takes it down again`, { timeout }, async () => {
      for (const sql of parts.slice(0, 8)) {
        const [target, built] = [await databaseWith(sql), await emptyDatabase(dialect)];
        const nothing = await nativeDump(built);

        await migrate(built, target);
        expect(await judged(built)).toBe(await judged(target));
        await migrate(built, await emptyDatabase(dialect));

        expect(await nativeDump(built)).toBe(nothing);
      }
    });
  }

  for (const [older, newer] of versionsOf(realSchemas(dialect))) {
    test.skipIf(absent !== null)(`leads from ${older.name} to ${newer.name} and back`, { timeout }, async () => {
      const [old, wanted] = [await databaseWith(older.parts[0] ?? ''), await databaseWith(newer.parts[0] ?? '')];
      const built = await databaseWith(older.parts[0] ?? '');

      await migrate(built, wanted);
      expect(await judged(built)).toBe(await judged(wanted));
      await migrate(built, old);

      expect(await judged(built)).toBe(await judged(old));
    });
  }

  async function databaseWith(sql: string): Promise<TestDatabase> {
    const database = await emptyDatabase(dialect);
    await load(database, sql);
    return database;
  }

  async function judged(database: TestDatabase): Promise<string> {
    return withoutOrder(dialect, await nativeDump(database));
  }
});

/** Carries a diff out by the database's own client; then there must be no difference left. */
async function migrate(database: TestDatabase, target: TestDatabase): Promise<void> {
  const config = { database: database.url };
  const { sql } = await diff(config, 'database', target.url);
  await load(database, sql);
  const left = await diff(config, 'database', target.url);
  expect(left.changes).toEqual([]);
}

/** Two versions of one schema: `name-<older>.sql` and `name-<newer>.sql`. */
function versionsOf<T extends { readonly name: string }>(schemas: readonly T[]): readonly (readonly [T, T])[] {
  const stem = (name: string): string => name.replace(/-[\d-]+\.sql$/, '');
  return schemas.flatMap((older, i) => {
    const newer = schemas[i + 1];
    return newer !== undefined && stem(older.name) === stem(newer.name) ? [[older, newer] as const] : [];
  });
}
