import { describe, expect, it } from 'vitest';
import { splitStatements as splitMysql } from '../../src/dialects/mysql/split-statements.ts';
import { splitStatements as splitPostgresql } from '../../src/dialects/postgresql/split-statements.ts';
import { positionAt, type SqlStatement } from '../../src/dialects/sql/sql-text.ts';
import { splitStatements as splitSqlite } from '../../src/dialects/sqlite/split-statements.ts';
import { isAludelError } from '../../src/support/aludel-error.ts';
import { mysqlCases, mysqlRefused } from './cases/mysql.ts';
import { postgresqlCases, postgresqlRefused } from './cases/postgresql.ts';
import { sqliteCases, sqliteRefused } from './cases/sqlite.ts';

const dialects = [
  { name: 'postgresql', split: splitPostgresql, cases: postgresqlCases, refused: postgresqlRefused },
  { name: 'mysql', split: splitMysql, cases: mysqlCases, refused: mysqlRefused },
  { name: 'sqlite', split: splitSqlite, cases: sqliteCases, refused: sqliteRefused },
] as const;

describe.each(dialects)('a $name text is split', ({ split, cases, refused }) => {
  it.each(cases)('at the right places: $title', ({ text, statements }) => {
    const found = split(text);
    expect(found.map(({ sql }) => sql)).toEqual(statements);
    expectPlaces(text, found);
  });

  it.each(cases)('and each piece is one statement by itself: $title', ({ statements }) => {
    for (const statement of statements) {
      // A routine between delimiters may hold what only DELIMITER makes one statement; here all are recognised.
      expect(split(statement).map(({ sql }) => sql)).toEqual([statement]);
    }
  });

  it.each(refused)('or refused: $title', ({ text, code, line, names }) => {
    const error = caught(() => split(text));
    expect(error).toMatchObject({ code, exitCode: 2, facts: { line } });
    expect(error.message).toContain(names);
    expect(error.message).toContain(`line ${line}`);
    expect(error.hint).not.toBeNull();
  });
});

describe('a mysql text under another sql_mode', () => {
  it('knows no backslash escapes when NO_BACKSLASH_ESCAPES is set', () => {
    const found = splitMysql(`SELECT 'a\\'; SELECT "b\\"`, { noBackslashEscapes: true });
    expect(found.map(({ sql }) => sql)).toEqual(["SELECT 'a\\'", 'SELECT "b\\"']);
  });

  it('takes double quotes for names when ANSI_QUOTES is set', () => {
    const found = splitMysql(`SELECT 1 AS "a;\\"; SELECT 'b\\';'`, { ansiQuotes: true });
    expect(found.map(({ sql }) => sql)).toEqual(['SELECT 1 AS "a;\\"', "SELECT 'b\\';'"]);
  });
});

describe('a position', () => {
  it.each([
    ['LF', 'a\nbc', 3, { line: 2, column: 2 }],
    ['CR LF', 'a\r\nbc', 4, { line: 2, column: 2 }],
    ['a lone CR', 'a\rbc', 3, { line: 2, column: 2 }],
    ['the start', 'abc', 0, { line: 1, column: 1 }],
    ['the end', 'a\n', 2, { line: 2, column: 1 }],
  ])('counts lines ended by %s', (_, text, offset, position) => {
    expect(positionAt(text, offset)).toEqual(position);
  });
});

function expectPlaces(text: string, found: readonly SqlStatement[]): void {
  for (const { sql, offset, line } of found) {
    expect(text.slice(offset, offset + sql.length)).toBe(sql);
    expect(line).toBe(positionAt(text, offset).line);
    expect(sql).toBe(sql.trim());
  }
}

function caught(run: () => unknown) {
  try {
    run();
  } catch (error) {
    if (isAludelError(error)) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
