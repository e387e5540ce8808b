import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokensOf } from '../../src/dialects/sql/lexer.ts';
import { mysqlRules } from '../../src/dialects/mysql/lexical-rules.ts';
import { significantText as mysqlText } from '../../src/dialects/mysql/normalise-sql.ts';
import { splitStatements as splitMysql } from '../../src/dialects/mysql/split-statements.ts';
import { postgresqlRules } from '../../src/dialects/postgresql/lexical-rules.ts';
import { significantText as postgresqlText } from '../../src/dialects/postgresql/normalise-sql.ts';
import { splitStatements as splitPostgresql } from '../../src/dialects/postgresql/split-statements.ts';
import { sqliteRules } from '../../src/dialects/sqlite/lexical-rules.ts';
import { significantText as sqliteText } from '../../src/dialects/sqlite/normalise-sql.ts';
import { splitStatements as splitSqlite } from '../../src/dialects/sqlite/split-statements.ts';
import { isAludelError } from '../../src/support/aludel-error.ts';
import { mysqlCases } from './cases/mysql.ts';
import { postgresqlCases } from './cases/postgresql.ts';
import { sqliteCases } from './cases/sqlite.ts';

const dialects = [
  {
    name: 'postgresql',
    split: splitPostgresql,
    significantText: postgresqlText,
    rules: postgresqlRules,
    cases: postgresqlCases,
  },
  { name: 'mysql', split: splitMysql, significantText: mysqlText, rules: mysqlRules(), cases: mysqlCases },
  { name: 'sqlite', split: splitSqlite, significantText: sqliteText, rules: sqliteRules, cases: sqliteCases },
];

/** What may stand between statements without being one. */
const filler = fc
  .array(fc.constantFrom(' ', '\n', '\r\n', '\t', '-- a; \' " `\n', '/* b; \' " */', ';', '-- \n'), { maxLength: 4 })
  .map((parts) => parts.join(''));

/** Pieces out of which hostile and half-finished text is made. */
const marks = "' '' \" ` [ ] $$ $a$ $ \\ E' e' U&' ; ( ) : = @ . , -- # /* */ /*! /*M! / * é 😀 1 a //".split(' ');
const words =
  'CREATE OR REPLACE TEMP TRIGGER PROCEDURE FUNCTION EVENT BEGIN ATOMIC NOT END CASE IF LOOP REPEAT WHILE FOR DO THEN ELSE ' +
  'UNTIL EACH ROW DECLARE HANDLER DELIMITER COPY FROM STDIN EXPLAIN /*!50001 --';
const others = ['\n', '\r', ' ', '\t', '\0', '\ufeff', '\u00a0', 'DELIMITER //\n'];
const fragments = marks.concat(
  words.split(' ').map((word) => `${word} `),
  others,
);
const soup = fc.array(fc.constantFrom(...fragments), { maxLength: 40 }).map((parts) => parts.join(''));

describe.each(dialects)('on $name', ({ split, significantText, rules, cases }) => {
  const statement = fc.constantFrom(
    ...cases.filter(({ text }) => !/delimiter/i.test(text)).flatMap(({ statements }) => statements),
  );

  it('joining statements and splitting the text gives the statements back, whatever stands between them', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(filler, statement), { maxLength: 12 }), filler, (parts, last) => {
        // The line feed keeps a word at the end of a statement apart from the comment that may follow.
        const text = parts.map(([before, sql]) => `${before}${sql}\n;`).join('') + last;
        const found = split(text);
        expect(found.map(({ sql }) => sql)).toEqual(parts.map(([, sql]) => sql));
        expect(significantText(text)).toBe(parts.map(([, sql]) => significantText(sql)).join(';\n'));
        for (const { sql, offset } of found) expect(text.slice(offset, offset + sql.length)).toBe(sql);
      }),
      { numRuns: 500 },
    );
  });

  it('tokens follow each other without gaps and together are the text', () => {
    fc.assert(
      fc.property(soup, (text) => {
        const pieces: string[] = [];
        accepting(() => {
          for (const { start, end } of tokensOf(text, rules)) pieces.push(text.slice(start, end));
        });
        expect(text.startsWith(pieces.join(''))).toBe(true);
        expect(pieces).not.toContain('');
      }),
      { numRuns: 2000 },
    );
  });

  it('no text makes anything but statements in order or an error of ours', () => {
    fc.assert(
      fc.property(fc.oneof(soup, fc.string({ unit: 'binary', maxLength: 60 })), (text) => {
        accepting(() => {
          let last = 0;
          for (const { sql, offset, line } of split(text)) {
            expect(offset).toBeGreaterThanOrEqual(last);
            expect(text.slice(offset, offset + sql.length)).toBe(sql);
            expect(sql).not.toBe('');
            expect(line).toBeGreaterThan(0);
            last = offset + sql.length;
          }
        });
      }),
      { numRuns: 5000 },
    );
  });

  it('a statement that was split off is one statement', () => {
    fc.assert(
      fc.property(soup, (text) => {
        // Between delimiters of its own a statement may hold anything; a byte order mark is one only at the start.
        fc.pre(!/delimiter|\ufeff/i.test(text));
        accepting(() => {
          // `1--;` ends in two operators on mysql, and `1--` in a comment: the client sends it like that too.
          for (const { sql } of split(text).filter(({ sql }) => !sql.endsWith('--')))
            expect(split(sql).map((again) => again.sql)).toEqual([sql]);
        });
      }),
      { numRuns: 2000 },
    );
  });

  it.each(hostileTexts())('a megabyte of %s is split or refused', (_, text) => {
    expect(text.length).toBeGreaterThan(900_000);
    accepting(() => split(text));
  });
});

/** Runs what may throw an error of ours, and lets any other through. */
function accepting(run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!isAludelError(error)) throw error;
  }
}

/** Texts at which a splitter that goes back, recurses or looks ahead without a limit would stand still. */
function hostileTexts(): readonly (readonly [string, string])[] {
  const many = (piece: string, before = '', after = ''): string =>
    before + piece.repeat(Math.ceil(1_000_000 / piece.length)) + after;
  return [
    ['terminators', many(';')],
    ['small statements', many('SELECT 1;\n')],
    ['quotes', many("'")],
    ['quoted quotes and an open end', many("''", "'")],
    ['backslashes in a string', many('\\', "SELECT E'")],
    ['opening comments', many('/*')],
    ['closing comments', many('*/')],
    ['slashes', many('/')],
    ['dashes', many('-')],
    ['line comments', many('--\n')],
    ['opening parentheses', many('(')],
    ['brackets', many('[')],
    ['dollars', many('$')],
    ['dollar tags that never close', many('$a', 'SELECT ')],
    ['a long tag and its like', `SELECT $${'a'.repeat(500_000)}$${'a'.repeat(500_000)}b$`],
    ['a body of half tags', many('$aaaaaaaa', 'SELECT $aaaaaaaaa$')],
    ['continued strings', many("E'a'\n")],
    ['strings and comments that continue nothing', many("E'a'--\n;")],
    ['one word', many('a')],
    ['one number', many('1')],
    ['nested CASE in a body', many('CASE ', 'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT ')],
    ['nested blocks', many('BEGIN ', 'CREATE PROCEDURE p() ')],
    ['nested IF', many('IF 1 THEN ', 'CREATE PROCEDURE p() ')],
    ['statements in a trigger', many('SELECT CASE WHEN 1 THEN 2 END; ', 'CREATE TRIGGER t AFTER INSERT ON u BEGIN ')],
    ['DELIMITER lines', many('DELIMITER //\nDELIMITER ;\n')],
    ['the start of a delimiter', many('a', 'DELIMITER aaaaaaaaaaaaaab\n')],
    ['forgotten DELIMITER', many('DELIMITER x\n', 'DELIMITER //\nSELECT ')],
    ['executable comments', many('/*!50001 1 */ ')],
    ['CREATE that goes nowhere', many('CREATE DEFINER = ')],
    ['blanks', many(' ')],
    ['line ends', many('\r\n')],
    ['COPY that goes nowhere', many('COPY FROM ')],
    ['letters outside the basic plane', many('😀')],
  ];
}
