import * as fc from 'fast-check';
import type { DialectName } from '../../src/dialects/connection.ts';

/** What a literal, a statement, a comment or a client could take for its own. */
const pieces = [
  ...Array.from(`'"\`\\%?$:;-/*#&@{}()[]., \n\r\tab0`),
  '$$',
  '$1',
  '?1',
  ':x',
  ":'x'",
  '::text',
  '%s',
  "''",
  "\\'",
  '\\0',
  '--',
  '-- x\n',
  '/*!50000 x */',
  '\n.quit\n',
  '\n\\! false\n',
  '\n\\q\n',
  '\n\\.\n',
  '\n/\n',
  '\ngo\n',
  '\nDELIMITER //\n',
  '\\g',
  '\\G',
  ';\n',
  'E\\x41',
  '\u0001',
  '\u001a',
  '\u007f',
  '\u2028',
  '\uFEFF',
  'é',
  '日',
  '😀',
  'NULL',
];

const text = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join(''));

const whole = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.maxSafeInteger(),
  fc.constantFrom(0, -1, 2 ** 31, -(2 ** 31), 2 ** 53 - 1, 2n ** 63n - 1n, -(2n ** 63n)),
);

const real = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e308, max: 1e308 }),
  fc.constantFrom(0, -0, 1e308, -1e308, 5e-324, 2.2250738585072014e-308, 0.1, 1 / 3, 1e21, 1e-7, 123456789012345680),
);

const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), fc.nat({ max: 99_999 }))
  .map(([units, rest]) => `${units}.${String(rest).padStart(5, '0')}`);

const moment = fc.date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });

const json = fc.dictionary(
  text,
  fc.oneof(
    text,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(text, { maxLength: 3 }),
  ),
  {
    maxKeys: 3,
  },
);

type Column = readonly [name: string, type: string, values: fc.Arbitrary<unknown>];

/** The columns whose values are compared, and what may stand in them. */
export const columns: Readonly<Record<DialectName, readonly Column[]>> = {
  sqlite: [
    ['text_', 'TEXT', text],
    ['real_', 'REAL', real],
    ['whole_', 'INTEGER', whole],
    ['free_', '', fc.oneof(text, whole, real, fc.boolean())],
    ['decimal_', 'NUMERIC', decimal],
    ['flag_', 'BOOLEAN', fc.boolean()],
    ['bytes_', 'BLOB', fc.uint8Array().map((bytes) => Buffer.from(bytes))],
    ['moment_', 'DATETIME', moment],
  ],
  postgresql: [
    ['text_', 'TEXT', text],
    ['real_', 'DOUBLE PRECISION', real],
    ['whole_', 'BIGINT', whole],
    ['decimal_', 'NUMERIC(30, 5)', decimal],
    ['number_', 'NUMERIC', real],
    ['flag_', 'BOOLEAN', fc.boolean()],
    ['bytes_', 'BYTEA', fc.uint8Array().map((bytes) => Buffer.from(bytes))],
    ['moment_', 'TIMESTAMPTZ', moment],
    ['local_', 'TIMESTAMP', moment],
    ['json_', 'JSON', json],
    ['jsonb_', 'JSONB', json],
    ['texts_', 'TEXT[]', fc.array(fc.option(text), { maxLength: 4 })],
    ['wholes_', 'BIGINT[]', fc.array(fc.option(whole), { maxLength: 4 })],
  ],
  mysql: [
    ['text_', 'TEXT', text],
    ['real_', 'DOUBLE PRECISION', real],
    ['whole_', 'BIGINT', whole],
    ['decimal_', 'DECIMAL(30, 5)', decimal],
    ['flag_', 'BOOLEAN', fc.boolean()],
    ['bytes_', 'BLOB', fc.uint8Array().map((bytes) => Buffer.from(bytes))],
    ['moment_', 'DATETIME(3)', moment],
    ['json_', 'JSON', json.map((value) => JSON.stringify(value))],
  ],
};

/** Rows with a value, or null, in every column. */
export function rowsOf(dialect: DialectName): fc.Arbitrary<readonly Readonly<Record<string, unknown>>[]> {
  const row = fc.record(
    Object.fromEntries(columns[dialect].map(([name, , values]) => [name, fc.option(values, { freq: 9 })])),
  );
  return fc.array(row, { minLength: 10, maxLength: 25 });
}
