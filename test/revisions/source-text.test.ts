import { runInThisContext } from 'node:vm';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { docCommentText } from '../../src/revisions/doc-comment.ts';
import { readModuleHeader } from '../../src/revisions/read-module-header.ts';
import { readSqlHeader } from '../../src/revisions/read-sql-header.ts';
import { asDocComment, asLiteral, asSqlComment, asStringLiteral } from '../../src/revisions/source-text.ts';
import { unescapeString, unescapeTemplate } from '../../src/revisions/string-escapes.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...Array.from('\'"`\\\n\r\u2028\u2029\0\ufeff\u202e${}*/ a\ud800')) }),
);

test('a literal stands for exactly its text, for JavaScript and for the header reader', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const literal = asStringLiteral(text);
      expect(runInThisContext(literal)).toBe(text);
      expect(unescapeString(literal.slice(1, -1))).toBe(text);
      expect(Buffer.from(literal).toString('utf8')).toBe(literal);
      expect(literal).not.toMatch(/[\n\r\u2028\u2029\0]|\$\{/);
    }),
  );
});

test('a literal shows common characters in the common way', () => {
  expect(asStringLiteral(`it's "x" \\ \n\t\u0001\u2028é€😀 \${x}`)).toBe(
    String.raw`'it\'s "x" \\ \n\t\x01\u2028é€😀 \x24{x}'`,
  );
});

test('null, one text and a list each have their literal', () => {
  expect([asLiteral(null), asLiteral('a'), asLiteral([]), asLiteral(['a', "b'"])]).toEqual([
    'null',
    "'a'",
    '[]',
    String.raw`['a', 'b\'']`,
  ]);
});

test('escapes that only sloppy code allows, and broken ones, have no value', () => {
  const broken = [
    String.raw`\1`,
    String.raw`\08`,
    String.raw`\9`,
    String.raw`\u12`,
    String.raw`\u{110000}`,
    String.raw`\xg0`,
    '\\',
  ];
  expect(broken.map(unescapeString)).toEqual(broken.map(() => null));
});

test('line breaks in a template are line feeds, and a backslash joins lines', () => {
  expect(unescapeTemplate('a\r\nb\rc\\\r\nd')).toBe('a\nb\ncd');
  expect(unescapeString('a\\\r\nb\\\nc')).toBe('abc');
});

test('a doc comment made of any text ends where it should and gives the text back on one line', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const inside = asDocComment(text);
      const comment = `/** ${inside} */`;
      expect(comment.indexOf('*/')).toBe(comment.length - 2);
      expect(inside).not.toMatch(/[\n\r\u2028\u2029\0]/);
      expect(docCommentText(comment)).toBe(asSqlComment(text));
      expect(readModuleHeader(`${comment}\nexport const revision = 'a', down_revision = null;`).kind).toBe('header');
    }),
  );
});

test('a doc comment keeps words apart, and the mark of its end with a backslash', () => {
  expect(asDocComment('add x,\r\n  then */ y\t\u0007z\u202e')).toBe(String.raw`add x, then *\/ y z`);
  expect(asDocComment(String.raw`**/ *\/ *\\/`)).toBe(String.raw`**\/ *\\/ *\\\/`);
  expect(docCommentText(String.raw`/** **\/ *\\/ *\\\/ */`)).toBe(String.raw`**/ *\/ *\\/`);
});

test('a doc comment that begins like one for a type checker is a message all the same', () => {
  for (const message of [
    '@deprecated columns go',
    '@type',
    String.raw`\@type`,
    String.raw`\\@see */`,
    '@ada says so',
  ]) {
    expect(docCommentText(`/** ${asDocComment(message)} */`)).toBe(message);
  }
  expect(docCommentText('/** @type {string} */')).toBe('');
});

test('an SQL comment made of any text stays on its line', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const comment = asSqlComment(text);
      const reading = readSqlHeader(`-- revision: a\n-- down_revision:\n-- message: ${comment}\n-- migrate:up\n`);
      expect(reading.kind === 'header' && reading.header.doc).toBe(comment);
    }),
  );
});
