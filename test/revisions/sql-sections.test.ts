import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSqlSections } from '../../src/revisions/sql-sections.ts';

test('a file is split at its markers, each section with the line it begins in', () => {
  const source = '-- revision: a\n\n-- migrate:up\nCREATE TABLE a ();\n\n-- migrate:down\nDROP TABLE a;\n';
  expect(readSqlSections(source)).toEqual({
    kind: 'sections',
    up: { text: 'CREATE TABLE a ();\n\n', firstLine: 4, transaction: true },
    down: { text: 'DROP TABLE a;\n', firstLine: 7, transaction: true },
  });
});

test('a file without a down section has none', () => {
  expect(readSqlSections('-- migrate:up')).toEqual({
    kind: 'sections',
    up: { text: '', firstLine: 2, transaction: true },
    down: null,
  });
});

test.each([
  '-- migrate:up transaction:false',
  '  --migrate:up   transaction:false  ',
  '\t-- MIGRATE : Up TRANSACTION : FALSE',
  '\uFEFF-- migrate:up transaction:false\r',
])('%j asks for no transaction', (marker) => {
  expect(readSqlSections(`${marker}\nx`)).toMatchObject({ up: { text: 'x', firstLine: 2, transaction: false } });
});

test('line breaks inside a section stay as they are', () => {
  expect(readSqlSections('-- migrate:up\r\na\r\nb\r\n-- migrate:down\r\nc')).toMatchObject({
    up: { text: 'a\r\nb\r\n' },
    down: { text: 'c', firstLine: 5 },
  });
});

test('comments of both kinds may stand before the first section', () => {
  const source = '-- revision: a\n/* one\n two */ -- three\n\n/**/ /* four */\n-- migrate:up\n';
  expect(readSqlSections(source).kind).toBe('sections');
});

test('a marker counts also where only the database could know that it is inside a text', () => {
  const reading = readSqlSections("-- migrate:up\nSELECT '\n-- migrate:down\n'");
  expect(reading).toMatchObject({ up: { text: "SELECT '\n" }, down: { text: "'" } });
});

test.each([
  ['', 1, 'there is no line "-- migrate:up"'],
  ['-- migrate:down\n', 1, 'there is no line "-- migrate:up"'],
  ['-- migrate:down\n-- migrate:up\n', 1, '"-- migrate:up" must come first'],
  ['-- migrate:up\n-- migrate:up\n', 2, 'a second "-- migrate:up"; the first is in line 1'],
  ['-- migrate:upp\n', 1, '"-- migrate:upp" is no section; did you mean up?'],
  ['-- migrate:sideways\n', 1, '"-- migrate:sideways" is no section; write up or down'],
  ['-- migrate:\n', 1, '"-- migrate:" is no section; write up or down'],
  [
    '-- migrate:up transction:false\n',
    1,
    '"transction:false" is no option of a section; the only one is transaction:false',
  ],
  ['-- migrate:up transaction:false transaction:true', 1, 'the option transaction is given more than once'],
  [
    '-- a\nDROP TABLE a;\n-- migrate:up\n',
    2,
    'this stands before the line "-- migrate:up"; only comments may stand there',
  ],
  ['/* a */ x\n-- migrate:up\n', 1, 'this stands before the line "-- migrate:up"; only comments may stand there'],
])('%j is refused with its line', (source, line, reason) => {
  expect(readSqlSections(source)).toEqual({ kind: 'invalid', line, reason });
});

test('the sections and the lines before them are the whole file', () => {
  const line = fc.oneof(fc.stringMatching(/^[a-z';$*/-]{0,8}$/), fc.constantFrom('', '-- x', '\r'));
  const text = fc.array(line, { maxLength: 5 }).map((lines) => lines.map((one) => `${one}\n`).join(''));
  fc.assert(
    fc.property(text, text, (up, down) => {
      const source = `-- migrate:up\n${up}-- migrate:down\n${down}`;
      expect(readSqlSections(source)).toMatchObject({ up: { text: up }, down: { text: down } });
      const reading = readSqlSections(source);
      const firstLine = reading.kind === 'sections' ? (reading.down?.firstLine ?? 0) : 0;
      expect(
        source
          .split('\n')
          .slice(firstLine - 1)
          .join('\n'),
      ).toBe(down);
    }),
  );
});

test('no text makes the reader throw', () => {
  const lines = fc.constantFrom('-- migrate:up', '-- migrate:down', '/*', '*/', '-- migrate:', '--', '\uFEFF');
  fc.assert(
    fc.property(fc.array(fc.oneof(lines, fc.string())), (parts) => {
      expect(['sections', 'invalid']).toContain(readSqlSections(parts.join('\n')).kind);
    }),
  );
});
