import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Connection } from '../../src/dialects/connection.ts';
import { dialectOf } from '../../src/dialects/registry.ts';
import type { SchemaRules } from '../../src/dialects/schema/schema-rules.ts';
import { parseDatabaseUrl } from '../../src/environment/config/database-url.ts';
import { comparableText } from '../../src/schema/comparable.ts';
import { diff } from '../../src/schema/diff.ts';
import type { Snapshot } from '../../src/schema/snapshot.ts';
import { createDatabase, describeOnEveryDialect, type TestDatabase } from '../servers.ts';
import { schemas, statementsOf, type SchemaSeed } from './random-schemas.ts';

/** Together with setting up, below a minute for the three of them. */
const timeLimitMs = 15_000;

await describeOnEveryDialect('the difference of two schemas', (dialect) => {
  let rules: SchemaRules;
  let places: readonly TestDatabase[] = [];
  let connections: readonly Connection[] = [];

  beforeAll(async () => {
    const found = await dialectOf(dialect);
    rules = found.schema;
    for (let i = 0; i < 2; i++) {
      const place = await createDatabase(dialect);
      places = [...places, place];
      const connection = await found.connect(parseDatabaseUrl(place.url, '/'), {
        applicationName: 'test',
        busyTimeoutMs: 1000,
        readOnly: false,
      });
      connections = [...connections, connection];
      await rules.prepare(connection);
    }
  }, 60_000);
  afterAll(async () => {
    for (const connection of connections) await connection.close();
    for (const place of places) await place.drop();
  });

  test('leads from any to any other and back', { timeout: 60_000 }, async () => {
    const end = performance.now() + timeLimitMs;
    await fc.assert(
      fc.asyncProperty(schemas, schemas, async (older, newer) => {
        // Not fast-check's own limit: it leaves the last run at work, on the connections of the next test.
        if (performance.now() > end) return;
        const [place, other] = both();
        const wanted = await made(other, newer);
        const old = await made(place, older);

        expect(comparableText(await changed(place, old, wanted))).toBe(comparableText(wanted));
        const back = await changed(place, await rules.introspect(place), old);

        expect(comparableText(back)).toBe(comparableText(old));
      }),
      { numRuns: 200 },
    );
  });

  test('is none for a thousand tables made by SQL and made anew from what was read', { timeout: 240_000 }, async () => {
    const [place, other] = both();
    await clear(place);
    await clear(other);
    const [seed] = fc.sample(
      schemas.filter(({ tables }) => tables.length === 3),
      { numRuns: 1, seed: 6 },
    );
    const script = Array.from({ length: 1000 }, (_, i) =>
      copyOf(seed ?? { tables: [], wide: false, values: ['a'] }, i),
    );
    await run(
      place,
      script.flatMap((part, i) => statementsOf(dialect, part).slice(i === 0 || dialect !== 'postgresql' ? 0 : 1)),
    );
    const read = await rules.introspect(place);

    const changes = diff({ from: await rules.introspect(other), to: read }, rules);
    await run(
      other,
      changes.flatMap(({ statements }) => statements),
    );
    const again = await rules.introspect(other);

    expect(read.objects.filter(({ kind }) => kind === 'table')).toHaveLength(1000);
    expect(diff({ from: again, to: read }, rules)).toEqual([]);
  });

  function both(): readonly [Connection, Connection] {
    const [one, other] = connections;
    if (one === undefined || other === undefined) throw new Error('no databases');
    return [one, other];
  }

  async function made(connection: Connection, seed: SchemaSeed): Promise<Snapshot> {
    await clear(connection);
    await run(connection, statementsOf(dialect, seed));
    return await rules.introspect(connection);
  }

  async function changed(connection: Connection, from: Snapshot, to: Snapshot): Promise<Snapshot> {
    await run(
      connection,
      diff({ from, to }, rules).flatMap(({ statements }) => statements),
    );
    return await rules.introspect(connection);
  }

  async function clear(connection: Connection): Promise<void> {
    if (dialect === 'postgresql') {
      await connection.script('DROP SCHEMA public CASCADE; CREATE SCHEMA public; SET search_path = public');
      return;
    }
    const gone = diff({ from: await rules.introspect(connection), to: { dialect, objects: [], unread: [] } }, rules);
    await run(
      connection,
      gone.flatMap(({ statements }) => statements),
    );
  }

  async function run(connection: Connection, statements: readonly string[]): Promise<void> {
    for (const sql of statements) await connection.script(sql);
  }
});

/** One of its tables, under a name of its own. */
function copyOf(seed: SchemaSeed, number: number): SchemaSeed {
  const table = seed.tables[number % seed.tables.length];
  return { ...seed, tables: table === undefined ? [] : [{ ...table, name: `${table.name} ${number}`, refersTo: 0 }] };
}
