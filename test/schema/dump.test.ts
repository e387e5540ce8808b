import { expect, test } from 'vitest';
import { dump } from '../../src/commands/schema/dump.ts';
import { describeOn, describeOnEveryDialect, type TestDatabase } from '../servers.ts';
import { absentPrograms, load, nativeDump } from './native.ts';
import { corpusAbsent, emptyDatabase, kindsOf, realSchemas } from './schemas.ts';

if (corpusAbsent !== null) console.warn(`LEFT OUT: real schemas: ${corpusAbsent}`);

/** A corpus file may hold sixty databases. */
const timeout = 600_000;

await describeOnEveryDialect('a dump', (dialect) => {
  const absent = absentPrograms({ dialect });
  if (absent !== null) console.warn(`LEFT OUT: dumps on ${dialect}: ${absent}`);

  for (const { name, parts } of [kindsOf(dialect), ...realSchemas(dialect)]) {
    test.skipIf(absent !== null)(
      `of ${name} makes the same schema again, as the database's own tools see it`,
      { timeout },
      async () => {
        for (const sql of parts) {
          const original = await emptyDatabase(dialect);
          await load(original, sql);
          const { report, copy } = await loadedDump(original);

          expect(await nativeDump(copy)).toBe(await nativeDump(original));
          expect((await dump({ database: copy.url })).snapshot).toEqual(report.snapshot);
        }
      },
    );
  }
});

await describeOn('postgresql', 'a dump', () => {
  test('names the trigger that is switched off on one partition only', async () => {
    const original = await emptyDatabase('postgresql');
    const statements = [
      'CREATE TABLE orders (id int) PARTITION BY RANGE (id)',
      'CREATE TABLE few PARTITION OF orders FOR VALUES FROM (0) TO (10)',
      'CREATE TABLE many PARTITION OF orders FOR VALUES FROM (10) TO (20)',
      `CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`,
      'CREATE TRIGGER stamps BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION stamp()',
      'ALTER TABLE many DISABLE TRIGGER stamps',
    ];
    await load(original, statements.join(';\n'));

    expect((await dump({ database: original.url })).snapshot.unread).toEqual([
      'trigger stamps on public.many, switched otherwise than on its parent',
    ]);
  });
});

async function loadedDump(original: TestDatabase) {
  const report = await dump({ database: original.url });
  const copy = await emptyDatabase(original.dialect);
  await load(copy, report.sql);
  return { report, copy };
}
