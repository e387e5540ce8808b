import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSqlHeader, readSqlHeaderFromStart } from '../../src/revisions/read-sql-header.ts';

const generated = `-- revision: 3f2a91c07b5e
-- down_revision: b81c0a4d9e22
-- branch_labels: null
-- depends_on: null
-- message: add phone number: home, work

-- migrate:up
ALTER TABLE users ADD phone_number text;
`;

test('a generated file gives its fields, message and lines', () => {
  expect(readSqlHeader(generated)).toEqual({
    kind: 'header',
    header: {
      revision: '3f2a91c07b5e',
      downRevisions: ['b81c0a4d9e22'],
      branchLabels: [],
      dependsOn: [],
      doc: 'add phone number: home, work',
      lines: { revision: 1, downRevision: 2, branchLabels: 3, dependsOn: 4 },
    },
  });
});

test.each([
  ['', []],
  ['null', []],
  ['NONE', []],
  ['[]', []],
  ["'null'", ['null']],
  ['a', ['a']],
  ['a, b', ['a', 'b']],
  ['a,b,', ['a', 'b']],
  ['[a, b]', ['a', 'b']],
  [`['a', "b"]`, ['a', 'b']],
  ['(a, b)', ['a', 'b']],
  [`'a, b'`, ['a, b']],
])('the list %j means %j', (written, ids) => {
  const reading = readSqlHeader(`-- revision: x\n-- down_revision: ${written}\n-- migrate:up\n`);
  expect(reading.kind === 'header' && reading.header.downRevisions).toEqual(ids);
});

test('spaces, letter case, quotes, CR LF and a byte-order mark make no difference', () => {
  const reading = readSqlHeader(`\uFEFF  --Revision :"x"\r\n--   DOWN_REVISION:  'y'  \r\n--migrate:up\r\n`);
  expect(reading).toMatchObject({ kind: 'header', header: { revision: 'x', downRevisions: ['y'] } });
});

test('a field that is not written has the line of revision', () => {
  const lines = { revision: 2, downRevision: 3, branchLabels: 2, dependsOn: 2 };
  expect(readSqlHeader('\n-- revision: a\n-- down_revision:\n')).toMatchObject({ header: { lines } });
});

test('lines behind the first section marker are no header', () => {
  expect(readSqlHeader('-- migrate:up\n-- revision: a\n').kind).toBe('not-a-revision');
});

test.each([
  ['', 1, 'there is no line "-- revision: …" before the first "-- migrate:" line'],
  ['\n-- revision: a\n', 2, 'there is no down_revision; the first revision of a history says so with null'],
  ['-- revision: a\n-- down_revison: b\n', 2, 'there is no down_revision; is "down_revison" meant to be it?'],
  ['-- revision: a\n-- Down Revision : b\n', 2, 'there is no down_revision; is "Down Revision" meant to be it?'],
  ['-- revision:\n', 1, 'revision is an empty text; an id has at least one character'],
  ['-- revision: a\n\n-- revision: b\n', 3, 'revision is written twice, first in line 1'],
])('%j is no revision', (source, line, reason) => {
  expect(readSqlHeader(source)).toEqual({ kind: 'not-a-revision', line, reason });
});

test('a cut text is incomplete until the first marker, then it says what the whole text says', () => {
  const known = generated.indexOf('-- migrate:') + '-- migrate:'.length;
  for (let length = 0; length <= generated.length; length++) {
    const reading = readSqlHeaderFromStart(generated.slice(0, length));
    expect(reading).toEqual(length >= known ? readSqlHeader(generated) : { kind: 'incomplete' });
  }
});

test('no text makes the reader throw', () => {
  const lines = fc.constantFrom('-- revision:', '--message: x', '-- depends_on: [a', "'", '\uFEFF', '-- migrate:', ',');
  fc.assert(
    fc.property(fc.array(fc.oneof(lines, fc.string())), (parts) => {
      expect(['header', 'not-a-revision']).toContain(readSqlHeader(parts.join('\n')).kind);
    }),
  );
});
