import * as fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sqlite } from '../../src/dialects/sqlite/dialect.ts';
import { openedConnection } from '../commands/live-project.ts';
import { createDatabase } from '../servers.ts';

const numbers = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }),
  fc.tuple(fc.maxSafeInteger(), fc.integer({ min: -30, max: 30 })).map(([n, e]) => Number(`${n}e${e}`)),
  fc.tuple(fc.nat({ max: 99_999_999 }), fc.integer({ min: 1, max: 6 })).map(([n, e]) => n / 10 ** e),
  fc.integer({ min: -1074, max: 1023 }).map((power) => 2 ** power),
  fc.constantFrom(0, 5e-324, 2.2250738585072014e-308, Number.MAX_VALUE, 0.1 + 0.2, 1 / 3, 2 ** 53, 1e22, 1e23),
);

const some = fc.sample(numbers, { numRuns: 4000, seed: Date.now() });
const textOf = (value: number): string => sqlite.inline({ sql: '?', bindings: [value] });

const inserts = some.map((value, id) => `INSERT INTO number VALUES (${id}, ${textOf(value)});`).join('\n');

describe('a number in the text of a statement for SQLite', () => {
  it('is read to the last bit by the library', async () => {
    const database = await createDatabase('sqlite');
    onTestFinished(() => database.drop());
    const connection = await openedConnection(database.url);
    onTestFinished(() => connection.close());
    await connection.script(`CREATE TABLE number (id INTEGER PRIMARY KEY, value REAL);\nBEGIN;\n${inserts}\nCOMMIT;`);
    const { rows } = await connection.query('SELECT value FROM number ORDER BY id');
    expect(rows.map((row, id) => [textOf(some[id] ?? 0), row['value']])).toEqual(
      some.map((value) => [textOf(value), value === 0 ? 0 : value]),
    );
  });

  it('is read to the last bit by the shell', () => {
    const script = `CREATE TABLE number (id INTEGER PRIMARY KEY, value REAL);\nBEGIN;\n${inserts}\nCOMMIT;
.mode list\nSELECT ieee754_mantissa(value) || ' ' || ieee754_exponent(value) FROM number ORDER BY id;`;
    const said = execFileSync('sqlite3', ['-bail', ':memory:'], { input: script, encoding: 'utf8' });
    const read = said.trimEnd().split('\n').map(numberOf);
    expect(read.map((value, id) => [textOf(some[id] ?? 0), value])).toEqual(
      some.map((value) => [textOf(value), value === 0 ? 0 : value]),
    );
  });

  it('stays a decimal where that is read to the last bit, and says its decimal where not', () => {
    expect([0.1, 12.5, -3.75, 1e-7, 19.99, 3, 1e21].map(textOf)).toEqual([
      '0.1',
      '12.5',
      '-3.75',
      '1e-7',
      '19.99',
      '3',
      '1e+21',
    ]);
    expect(textOf(0.1 + 0.2)).toBe('(1351079888211149/4503599627370496.0 /* 0.30000000000000004 */)');
  });
});

/** Both are whole, so that the product is exact; half of the power goes first, that of the smallest numbers is too small alone. */
function numberOf(text: string): number {
  const [mantissa = 0, exponent = 0] = text.split(' ').map(Number);
  const half = Math.trunc(exponent / 2);
  return mantissa * 2 ** half * 2 ** (exponent - half);
}
