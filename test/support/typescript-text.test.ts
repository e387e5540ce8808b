import { runInNewContext } from 'node:vm';
import * as fc from 'fast-check';
import { format } from 'prettier';
import { describe, expect, test } from 'vitest';
import {
  block,
  call,
  fields,
  opCall,
  statementText,
  textOf,
  textsOf,
  type Call,
} from '../../src/support/typescript-text.ts';

const long = 'a text that is so long that a call with it and with something else cannot stand on one line any more';

describe('a generated call', () => {
  test('stands on one line where it fits', () => {
    expect(statementText(opCall('dropIndex', textOf('by_name'), fields({ table: textOf('users') })))).toBe(
      "await op.dropIndex('by_name', { table: 'users' });",
    );
  });

  test('breaks inside of its last argument', () => {
    const constraint = fields({ kind: textOf('check'), name: textOf('adult'), expression: textOf(long) });
    expect(statementText(opCall('addConstraint', textOf('users'), constraint))).toBe(
      `await op.addConstraint('users', {\n  kind: 'check',\n  name: 'adult',\n  expression: '${long}',\n});`,
    );
  });

  test('has one line for each argument where breaking the last one is not enough', () => {
    expect(statementText(opCall('createView', textOf('users'), textOf(long)))).toBe(
      `await op.createView(\n  'users',\n  '${long}',\n);`,
    );
  });

  test('leaves out an object that says nothing', () => {
    expect(statementText(opCall('dropTable', textOf('users'), fields({ schema: undefined })))).toBe(
      "await op.dropTable('users');",
    );
  });
});

describe('a text', () => {
  test('stands in the quotes that it does not have itself', () => {
    expect(textOf('plain')).toBe("'plain'");
    expect(textOf("it's")).toBe(`"it's"`);
    expect(textOf('it\'s "so"')).toBe('`it\'s "so"`');
    expect(textOf('`quoted`')).toBe("'`quoted`'");
  });

  test('means itself, whatever is in it', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', "'", '"', '`', '$', '{', '}', '\\', '\n', '\r', 'é') }),
        (text) => {
          expect(runInNewContext(textOf(text))).toBe(text);
        },
      ),
    );
  });
});

test('Prettier leaves calls of every shape as they are', async () => {
  await fc.assert(
    fc.asyncProperty(statements, async (list) => {
      const text = `async function upgrade() {\n${list.map((one) => `  ${indented(statementText(one))}`).join('\n')}\n}\n`;
      expect(await format(text, { parser: 'typescript', singleQuote: true, printWidth: 120 })).toBe(text);
    }),
    { numRuns: 150 },
  );
});

function indented(text: string): string {
  return text.replaceAll('\n', '\n  ');
}

const word = fc.string({ unit: fc.constantFrom('a', 'b', '_', ' ', "'"), minLength: 1, maxLength: 60 });
const texts = fc.array(word, { minLength: 1, maxLength: 6 }).map(textsOf);
const objects = fc
  .record({ kind: word, name: word, columns: fc.option(texts) })
  .map(({ kind, name, columns }) =>
    fields({ kind: textOf(kind), name: textOf(name), ...(columns === null ? {} : { columns }) }),
  );
const columns: fc.Arbitrary<Call> = fc
  .record({ name: word, size: fc.nat(9), more: fc.subarray(['notNullable', 'unsigned', 'first']) })
  .map(({ name, size, more }) => ({
    root: 't',
    links: [['string', [textOf(name), String(size)]], ...more.map((link) => [link, []] as const)],
  }));
const builders = fc.array(columns, { minLength: 1, maxLength: 3 }).map((calls) => block('t', calls));
const batches = fc
  .array(
    fc.oneof(builders, objects).map((one) => call('batch', 'change', one)),
    { minLength: 2, maxLength: 4 },
  )
  .map((calls) => block('batch', calls));
const statements = fc.array(
  fc.oneof(
    fc.tuple(word, word).map((args) => opCall('createView', ...args.map(textOf))),
    fc.tuple(word, texts).map(([name, list]) => opCall('createEnum', textOf(name), list)),
    fc.tuple(word, texts, objects).map(([name, list, more]) => opCall('createIndex', textOf(name), list, more)),
    fc.tuple(objects, word).map(([on, text]) => opCall('setComment', on, textOf(text))),
    fc.tuple(word, fc.oneof(builders, batches)).map(([name, one]) => opCall('batchAlterTable', textOf(name), one)),
    fc.tuple(word, batches, objects).map(([name, one, more]) => opCall('batchAlterTable', textOf(name), one, more)),
  ),
  { minLength: 1, maxLength: 4 },
);
