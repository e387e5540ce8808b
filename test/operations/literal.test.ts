import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { DialectName } from '../../src/dialects/connection.ts';
import { dialectOf } from '../../src/dialects/registry.ts';
import type { RowValue } from '../../src/operations/sql-value.ts';
import { describeOnEveryDialect } from '../servers.ts';
import { liveOperations } from './live-operations.ts';

const withoutNul = fc
  .array(fc.constantFrom(...Array.from(`'"\\%?$:;-/*\n\r\t`), 'a', '\u0001', '\u001a', 'é', '😀', '$1', "''"), {
    maxLength: 12,
  })
  .map((parts) => parts.join(''));

/** As text, so that the drivers' own types do not matter. */
const asText: Readonly<Record<DialectName, (literal: string) => string>> = {
  sqlite: (literal) => `SELECT CAST(${literal} AS TEXT) AS text`,
  postgresql: (literal) => `SELECT (${literal})::text AS text`,
  mysql: (literal) => `SELECT CAST(${literal} AS CHAR) AS text`,
};

await describeOnEveryDialect('a literal', (name) => {
  it('of a text is that text, whatever is in it', async () => {
    const live = await liveOperations(name);
    const dialect = await dialectOf(name);
    await fc.assert(
      fc.asyncProperty(withoutNul, async (text) => {
        expect(await live.query(asText[name](dialect.literal(text)))).toEqual([{ text }]);
      }),
      { numRuns: 200 },
    );
  });

  it('of bytes is those bytes', async () => {
    const live = await liveOperations(name);
    const dialect = await dialectOf(name);
    const hex = { sqlite: 'hex', postgresql: 'encode', mysql: 'hex' }[name];
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 40 }), async (bytes) => {
        const format = name === 'postgresql' ? `, 'hex'` : '';
        const [row] = await live.query(`SELECT ${hex}(${dialect.literal(bytes)}${format}) AS hex`);
        expect(String(row?.['hex']).toLowerCase()).toBe(Buffer.from(bytes).toString('hex'));
      }),
      { numRuns: 50 },
    );
  });

  it('of anything else is what the driver would bind', async () => {
    const live = await liveOperations(name);
    const dialect = await dialectOf(name);
    const type = { sqlite: 'TEXT', postgresql: 'text', mysql: 'text' }[name];
    await live.query(`CREATE TABLE kept (id int, value ${type})`);
    const values: readonly RowValue[] = [
      0,
      -1,
      1.5,
      1e21,
      2 ** 53,
      12345678901234567n,
      null,
      { it: "isn't", back: '\\' },
    ];
    for (const [id, value] of values.entries()) {
      await live.query(`INSERT INTO kept VALUES (${id}, ${dialect.literal(value)})`);
      await live.op.bulkInsert('kept', [{ id: id + 100, value: typeof value === 'number' ? String(value) : value }]);
      const rows = await live.query(`SELECT value FROM kept WHERE id IN (${id}, ${id + 100}) ORDER BY id`);
      const [written, bound] = rows.map((row) => row['value']);
      if (typeof value === 'number') expect(Number(written)).toBe(Number(bound));
      else expect(written).toBe(bound);
    }
  });

  it('of a date is in UTC', async () => {
    const live = await liveOperations(name);
    const dialect = await dialectOf(name);
    const date = new Date('2026-03-29T01:30:15.250Z');
    const text = {
      sqlite: dialect.literal(date),
      postgresql: `${dialect.literal(date)}::timestamptz AT TIME ZONE 'UTC'`,
      mysql: `CAST(${dialect.literal(date)} AS datetime(3))`,
    }[name];
    expect(await live.query(asText[name](text))).toEqual([
      { text: name === 'postgresql' ? '2026-03-29 01:30:15.25' : '2026-03-29 01:30:15.250' },
    ]);
  });

  it('is refused where there is none', async () => {
    const dialect = await dialectOf(name);
    expect(() => dialect.literal('a\u0000b')).toThrow('NUL');
    if (name !== 'postgresql') expect(() => dialect.literal(Number.NaN)).toThrow('NaN');
    if (name === 'sqlite') expect(() => dialect.literal(2n ** 63n)).toThrow('64 bits');
  });
});

await describeOnEveryDialect('a literal in the other mode of the server', (name) => {
  it('is the same text', async () => {
    const live = await liveOperations(name);
    const dialect = await dialectOf(name);
    const mode = {
      sqlite: 'SELECT 1',
      postgresql: 'SET standard_conforming_strings = off',
      mysql: "SET sql_mode = 'NO_BACKSLASH_ESCAPES,ANSI_QUOTES'",
    }[name];
    await live.query(mode);
    for (const text of ['\\', "\\'", "it's", '\\\\"', 'a\\nb']) {
      expect(await live.query(asText[name](dialect.literal(text)))).toEqual([{ text }]);
    }
    if (name !== 'mysql') return;
    await live.op.createTable('t', (t) => t.string('a').defaultTo("\\'").comment('back\\slash'));
    await live.op.alterColumn('t', 'a', { default: "\\'x" });
    await live.query('INSERT INTO t () VALUES ()');
    expect(await live.query('SELECT a FROM t')).toEqual([{ a: "\\'x" }]);
  });
});
