import { describe, expect, it } from 'vitest';
import { significantText as mysqlText } from '../../src/dialects/mysql/normalise-sql.ts';
import { significantText as postgresqlText } from '../../src/dialects/postgresql/normalise-sql.ts';
import { significantText as sqliteText } from '../../src/dialects/sqlite/normalise-sql.ts';
import { mysqlCases } from './cases/mysql.ts';
import { postgresqlCases } from './cases/postgresql.ts';
import { sqliteCases } from './cases/sqlite.ts';

const dialects = [
  { name: 'postgresql', significantText: postgresqlText, cases: postgresqlCases },
  { name: 'mysql', significantText: mysqlText, cases: mysqlCases },
  { name: 'sqlite', significantText: sqliteText, cases: sqliteCases },
];

describe.each(dialects)('the significant text on $name', ({ significantText, cases }) => {
  it.each([
    ['a byte order mark', '\ufeffSELECT 1'],
    ['line ends', 'SELECT\r\n1;\r\n'],
    ['indentation', '  SELECT\t\t1 ;'],
    ['comments', '-- a\nSELECT /* b */ 1 -- c'],
    ['a comment in place of a blank', 'SELECT/**/1'],
    ['empty statements', ';; SELECT 1;;'],
  ])('does not change with %s', (_, text) => {
    expect(significantText(text)).toBe('SELECT 1');
  });

  it.each([
    ['blanks beside commas and parentheses', 'SELECT f( a , b )', 'SELECT f(a,b)'],
    ['a line for each column', 'CREATE TABLE t(\n  a int,\n  b int\n)', 'CREATE TABLE t(a int,b int)'],
    ['the blanks between operators', 'SELECT - -1', 'SELECT - -1'],
    ['blanks in strings', "SELECT 'a  b', 'x\n'", "SELECT 'a  b','x\n'"],
    ['comment marks in strings', "SELECT '-- a', '/* b */'", "SELECT '-- a','/* b */'"],
    ['statements', 'SELECT 1;SELECT 2', 'SELECT 1;\nSELECT 2'],
  ])('treats %s as it should', (_, text, expected) => {
    expect(significantText(text)).toBe(expected);
  });

  it.each([
    ["SELECT 'a'", "SELECT 'A'"],
    ['SELECT a', 'SELECT "a"'],
    ['SELECT - -1', 'SELECT --1'],
    ['SELECT ab', 'SELECT a b'],
    ["SELECT 'a b'", "SELECT 'a  b'"],
    ['SELECT 1; SELECT 2', 'SELECT 1 SELECT 2'],
  ])('tells %s from %s', (left, right) => {
    expect(significantText(left)).not.toBe(significantText(right));
  });

  it.each(cases)('is its own significant text, and that of the pieces: $title', ({ text, statements }) => {
    const once = significantText(text);
    expect(significantText(once)).toBe(once);
    expect(statements.map((statement) => significantText(statement)).join(';\n')).toBe(once);
  });
});

describe('the significant text', () => {
  it('keeps the line end that joins strings on postgresql', () => {
    expect(postgresqlText("SELECT 'a'  -- x\n  'b'")).toBe("SELECT 'a'\n'b'");
  });
  it('keeps dollar-quoted bodies as written on postgresql', () => {
    expect(postgresqlText('DO  $$ BEGIN\n  -- x\nEND $$')).toBe('DO $$ BEGIN\n  -- x\nEND $$');
  });
  it('keeps executable comments on mysql', () => {
    expect(mysqlText('/*!40101  SET  @a = /* x */ 1 */;')).toBe('/*!40101 SET @a = 1 */');
  });
  it('keeps the blank before a parenthesis on mysql, where it decides what a name means', () => {
    expect(mysqlText('SELECT count  ( * )')).toBe('SELECT count (*)');
    expect(mysqlText('SELECT count(*)')).toBe('SELECT count(*)');
    expect(sqliteText('SELECT count  ( * )')).toBe('SELECT count(*)');
  });
  it('does not change with DELIMITER', () => {
    expect(mysqlText('DELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT 1; END//\nDELIMITER ;')).toBe(
      mysqlText('CREATE PROCEDURE p() BEGIN SELECT 1; END;'),
    );
  });
});
