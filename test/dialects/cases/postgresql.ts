import { refuses, splits } from './split-case.ts';

const atomicBody = `CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC
  SELECT CASE WHEN a > 0 THEN 1 ELSE CASE a WHEN 0 THEN 2 ELSE 3 END END;
  SELECT a + 1;
END`;

export const postgresqlCases = [
  splits('two statements', 'SELECT 1; SELECT 2;', ['SELECT 1', 'SELECT 2']),
  splits('no terminator at the end', 'SELECT 1;\nSELECT 2', ['SELECT 1', 'SELECT 2']),
  splits('empty statements', ';;SELECT 1;;\n ; SELECT 2;;', ['SELECT 1', 'SELECT 2']),
  splits('nothing', '', []),
  splits('blanks', ' \t\r\n\f\n', []),
  splits('comments alone', '-- a;\n/* b; */ -- c', []),
  splits('a comment between terminators', 'SELECT 1; /* ; */ ; SELECT 2', ['SELECT 1', 'SELECT 2']),
  splits('comments around a statement are dropped', '-- a\nSELECT 1 -- b;\n; /* c */', ['SELECT 1']),
  splits('comments inside a statement are kept', 'SELECT /* ; */ 1 -- ;\n + 1', ['SELECT /* ; */ 1 -- ;\n + 1']),
  splits(
    'a byte order mark at the start',
    '\ufeffSELECT 1;SELECT 2',
    ['SELECT 1', 'SELECT 2'],
    'psql drops the mark, the server does not',
  ),
  splits('CR LF line ends', 'SELECT 1;\r\n-- x;\r\nSELECT 2;\r\n', ['SELECT 1', 'SELECT 2']),
  splits('a lone CR ends a line comment', '-- a;\rSELECT 1;SELECT 2', ['SELECT 1', 'SELECT 2']),
  splits('a comment at the very end, without a line end', 'SELECT 1; --', ['SELECT 1']),
  splits('-- needs no blank behind it', 'SELECT 1--1;\n;SELECT 2', ['SELECT 1', 'SELECT 2']),
  splits('-- right after an operator', 'SELECT 1 +-- ;\n1;SELECT 2', ['SELECT 1 +-- ;\n1', 'SELECT 2']),
  splits('/* right after an operator', 'SELECT 1 +/* ; */1;SELECT 2', ['SELECT 1 +/* ; */1', 'SELECT 2']),
  splits('# is an operator', "SELECT 5 # 3; SELECT 'a'", ['SELECT 5 # 3', "SELECT 'a'"]),
  splits('nested comments', 'SELECT 1 /* a /* ; */ ; */; SELECT 2', ['SELECT 1', 'SELECT 2']),
  splits('deeply nested comments', 'SELECT 1 /*/*/* ; */*/;*/ + 1; SELECT 2', [
    'SELECT 1 /*/*/* ; */*/;*/ + 1',
    'SELECT 2',
  ]),
  splits('/*/ does not close a comment', 'SELECT 1 /*/ ; */ + 1; SELECT 2', ['SELECT 1 /*/ ; */ + 1', 'SELECT 2']),
  splits('a row of stars', '/****;****/SELECT 1;/***/SELECT 2', ['SELECT 1', 'SELECT 2']),
  splits('a quote in a comment', "SELECT 1 /* don't */; SELECT 2 -- don't\n; SELECT 3", [
    'SELECT 1',
    'SELECT 2',
    'SELECT 3',
  ]),
  splits('-- in a block comment', '/* -- */ SELECT 1; SELECT 2', ['SELECT 1', 'SELECT 2']),
  splits('/* in a line comment', '-- /*\nSELECT 1; SELECT 2', ['SELECT 1', 'SELECT 2']),
  splits('a semicolon in a string', "SELECT 'a;b'; SELECT ';'", ["SELECT 'a;b'", "SELECT ';'"]),
  splits('a doubled quote', "SELECT 'it''s;'; SELECT ''''; SELECT ''", ["SELECT 'it''s;'", "SELECT ''''", "SELECT ''"]),
  splits('a backslash at the end of a plain string', "SELECT 'a\\'; SELECT 'b;'", ["SELECT 'a\\'", "SELECT 'b;'"]),
  splits('an E string with an escaped quote', "SELECT E'a\\';b'; SELECT e'\\\\'; SELECT 2", [
    "SELECT E'a\\';b'",
    "SELECT e'\\\\'",
    'SELECT 2',
  ]),
  splits('an E string with a doubled quote', "SELECT E'a'';\\''';b'; SELECT 2", ["SELECT E'a'';\\''';b'", 'SELECT 2']),
  splits(
    'a blank between E and the quote',
    "SELECT e 'a\\' FROM (SELECT 1) AS e(e); SELECT 2",
    ["SELECT e 'a\\' FROM (SELECT 1) AS e(e)", 'SELECT 2'],
    'no such type',
  ),
  splits('a name that ends in e is no E', "SELECT date'2020-01-01', name'a\\'; SELECT 2", [
    "SELECT date'2020-01-01', name'a\\'",
    'SELECT 2',
  ]),
  splits('an E string goes on in the next line', "SELECT E'a'\n  'b\\';c'; SELECT 2", [
    "SELECT E'a'\n  'b\\';c'",
    'SELECT 2',
  ]),
  splits('an E string goes on behind a comment', "SELECT E'a' -- x'\n -- y\n 'b\\';c'; SELECT 2", [
    "SELECT E'a' -- x'\n -- y\n 'b\\';c'",
    'SELECT 2',
  ]),
  splits('a plain string goes on in the next line', "SELECT 'a'\n'b\\'; SELECT 2", ["SELECT 'a'\n'b\\'", 'SELECT 2']),
  splits('a line comment ends an E string', "SELECT E'a' -- ';\n; SELECT 'b\\'", ["SELECT E'a'", "SELECT 'b\\'"]),
  splits('strings with other prefixes', "SELECT B'01', X'1F', N'a;', U&'\\0061;'; SELECT 2", [
    "SELECT B'01', X'1F', N'a;', U&'\\0061;'",
    'SELECT 2',
  ]),
  splits('UESCAPE', "SELECT U&'d!0061t;' UESCAPE '!'; SELECT 2", ["SELECT U&'d!0061t;' UESCAPE '!'", 'SELECT 2']),
  splits('a quoted name', 'SELECT 1 AS "a;""b;"; SELECT 2', ['SELECT 1 AS "a;""b;"', 'SELECT 2']),
  splits('a quoted name with a backslash', 'SELECT 1 AS "a\\"; SELECT 2', ['SELECT 1 AS "a\\"', 'SELECT 2']),
  splits('a quoted name with U&', 'SELECT 1 AS U&"\\0061;"; SELECT 2', ['SELECT 1 AS U&"\\0061;"', 'SELECT 2']),
  splits('quotes inside other quotes', `SELECT '"', 1 AS "'"; SELECT ';'`, [`SELECT '"', 1 AS "'"`, `SELECT ';'`]),
  splits('dollar quotes', 'SELECT $$a;b$$; SELECT $$$$', ['SELECT $$a;b$$', 'SELECT $$$$']),
  splits('a tagged dollar quote', 'SELECT $t$a;$$;$b$;$t$; SELECT 2', ['SELECT $t$a;$$;$b$;$t$', 'SELECT 2']),
  splits('the tag of a dollar quote is case-sensitive', 'SELECT $t$;$T$;$t$; SELECT 2', [
    'SELECT $t$;$T$;$t$',
    'SELECT 2',
  ]),
  splits('a dollar quote closed right behind another $', 'SELECT $a$;$b$a$; SELECT $$;$1$$', [
    'SELECT $a$;$b$a$',
    'SELECT $$;$1$$',
  ]),
  splits('a tag with letters outside ASCII', 'SELECT $größe_1$;$größe$;$größe_1$; SELECT 2', [
    'SELECT $größe_1$;$größe$;$größe_1$',
    'SELECT 2',
  ]),
  splits('quotes and comments in a dollar quote', 'SELECT $$ \' -- " /* ; $$; SELECT 2', [
    'SELECT $$ \' -- " /* ; $$',
    'SELECT 2',
  ]),
  splits('$ inside a name', 'SELECT 1 AS a$$b; SELECT 2 AS c$$d', ['SELECT 1 AS a$$b', 'SELECT 2 AS c$$d']),
  splits('$x$ at the end of a name', 'SELECT 1 AS a$x$; SELECT 2 AS b$x$', ['SELECT 1 AS a$x$', 'SELECT 2 AS b$x$']),
  splits('a dollar quote behind a number', 'SELECT 1 WHERE 1=1 AND 1::text<>$$;$$; SELECT 2', [
    'SELECT 1 WHERE 1=1 AND 1::text<>$$;$$',
    'SELECT 2',
  ]),
  splits('a parameter is no dollar quote', 'PREPARE p(int, int) AS SELECT $1+$2; DEALLOCATE p; SELECT $$;$$', [
    'PREPARE p(int, int) AS SELECT $1+$2',
    'DEALLOCATE p',
    'SELECT $$;$$',
  ]),
  splits(
    'a function in plpgsql',
    'CREATE FUNCTION g() RETURNS int LANGUAGE plpgsql AS $f$ BEGIN PERFORM $$;$$; RETURN 1; END; $f$; SELECT g()',
    ['CREATE FUNCTION g() RETURNS int LANGUAGE plpgsql AS $f$ BEGIN PERFORM $$;$$; RETURN 1; END; $f$', 'SELECT g()'],
  ),
  splits('DO', "DO $$ BEGIN RAISE NOTICE 'a;'; END $$; SELECT 1", [
    "DO $$ BEGIN RAISE NOTICE 'a;'; END $$",
    'SELECT 1',
  ]),
  splits('BEGIN ATOMIC with nested CASE', `${atomicBody}; SELECT f(1)`, [atomicBody, 'SELECT f(1)']),
  splits(
    'BEGIN ATOMIC in OR REPLACE PROCEDURE, in small letters',
    'create table t(a int); create or replace procedure p() begin atomic insert into t values (1); end; call p(); table t',
    [
      'create table t(a int)',
      'create or replace procedure p() begin atomic insert into t values (1); end',
      'call p()',
      'table t',
    ],
  ),
  splits('BEGIN ATOMIC with nothing in it', 'CREATE FUNCTION f() RETURNS void BEGIN ATOMIC END; SELECT f()', [
    'CREATE FUNCTION f() RETURNS void BEGIN ATOMIC END',
    'SELECT f()',
  ]),
  splits(
    'labels named case and end in a body',
    'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1 AS case; SELECT x.end FROM (SELECT 2 AS end) x; END; SELECT f()',
    [
      'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1 AS case; SELECT x.end FROM (SELECT 2 AS end) x; END',
      'SELECT f()',
    ],
  ),
  splits(
    'a bare label named end in a body',
    'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1 end; END; SELECT f()',
    ['CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1 end; END', 'SELECT f()'],
  ),
  splits(
    'parentheses around a CASE in a body',
    'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT (CASE WHEN (1=1) THEN (2) END); END; SELECT f()',
    ['CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT (CASE WHEN (1=1) THEN (2) END); END', 'SELECT f()'],
  ),
  splits(
    'comments between BEGIN and ATOMIC',
    'CREATE FUNCTION f() RETURNS int BEGIN /* ; */ ATOMIC SELECT 1; END; SELECT f()',
    ['CREATE FUNCTION f() RETURNS int BEGIN /* ; */ ATOMIC SELECT 1; END', 'SELECT f()'],
  ),
  splits('RETURN in place of a body', 'CREATE FUNCTION f() RETURNS int RETURN CASE WHEN true THEN 1 END; SELECT f()', [
    'CREATE FUNCTION f() RETURNS int RETURN CASE WHEN true THEN 1 END',
    'SELECT f()',
  ]),
  splits(
    'a function named begin',
    'CREATE FUNCTION begin() RETURNS int LANGUAGE sql AS $$SELECT 1;$$; SELECT begin()',
    ['CREATE FUNCTION begin() RETURNS int LANGUAGE sql AS $$SELECT 1;$$', 'SELECT begin()'],
  ),
  splits('transactions', 'BEGIN; SELECT 1; END; START TRANSACTION; COMMIT', [
    'BEGIN',
    'SELECT 1',
    'END',
    'START TRANSACTION',
    'COMMIT',
  ]),
  splits('CASE outside of a body', 'SELECT CASE WHEN true THEN 1 ELSE 2 END; SELECT 2', [
    'SELECT CASE WHEN true THEN 1 ELSE 2 END',
    'SELECT 2',
  ]),
  splits(
    'a rule with several commands',
    'CREATE TABLE a(x int); CREATE TABLE b(x int); CREATE RULE r AS ON INSERT TO a DO ALSO (INSERT INTO b VALUES (1); INSERT INTO b VALUES (2)); INSERT INTO a VALUES (1); TABLE b',
    [
      'CREATE TABLE a(x int)',
      'CREATE TABLE b(x int)',
      'CREATE RULE r AS ON INSERT TO a DO ALSO (INSERT INTO b VALUES (1); INSERT INTO b VALUES (2))',
      'INSERT INTO a VALUES (1)',
      'TABLE b',
    ],
  ),
  splits('array slices and casts', "SELECT ('{1,2,3}'::int[])[1:2]; SELECT 1::text", [
    "SELECT ('{1,2,3}'::int[])[1:2]",
    'SELECT 1::text',
  ]),
  splits(
    'operators made of many characters',
    "SELECT '{}'::jsonb @> '{}', 'a' ~* 'A', '[1]'::jsonb #>> '{0}', '{}'::jsonb ? ';'; SELECT @ -1",
    ["SELECT '{}'::jsonb @> '{}', 'a' ~* 'A', '[1]'::jsonb #>> '{0}', '{}'::jsonb ? ';'", 'SELECT @ -1'],
  ),
  splits('names outside ASCII', 'SELECT 1 AS größe; SELECT 2 AS 名前', ['SELECT 1 AS größe', 'SELECT 2 AS 名前']),
  splits('characters outside the basic plane', "SELECT '😀;'; SELECT 1 AS 😀", ["SELECT '😀;'", 'SELECT 1 AS 😀']),
  splits('a no-break space belongs to a name', 'SELECT 1 AS a\u00a0b; SELECT 2', ['SELECT 1 AS a\u00a0b', 'SELECT 2']),
  splits('numbers', 'SELECT 1.5e3, .5, 1e-3; SELECT 1.', ['SELECT 1.5e3, .5, 1e-3', 'SELECT 1.']),
  splits('COPY to a query', 'SELECT 1 AS stdin; SELECT 2 AS copy', ['SELECT 1 AS stdin', 'SELECT 2 AS copy']),
  splits(
    'COPY FROM a file of the server',
    "COPY t FROM 'stdin'; SELECT 1",
    ["COPY t FROM 'stdin'", 'SELECT 1'],
    'no such file',
  ),
  splits(
    'what pg_dump writes between \\restrict and \\unrestrict',
    '-- dump\n\\restrict aYd0\n\nSELECT 1;\n\\unrestrict aYd0\n',
    ['SELECT 1'],
    'psql reads the two itself',
  ),
  splits('a backslash in quotes', 'SELECT \'\\d\', $$\\d$$, 1 AS "\\d" /* \\d */ -- \\d', [
    'SELECT \'\\d\', $$\\d$$, 1 AS "\\d"',
  ]),
];

export const postgresqlRefused = [
  refuses('a string', "SELECT 1;\nSELECT 'a;\n", 'sql.unterminated', 2, 'string'),
  refuses('an E string whose last quote is escaped', "SELECT E'a\\';", 'sql.unterminated', 1, 'string'),
  refuses('a quoted name', '\n\nSELECT "a', 'sql.unterminated', 3, 'quoted name'),
  refuses('a comment', 'SELECT 1;\r\n/* a', 'sql.unterminated', 2, 'comment'),
  refuses('a nested comment closed once', '/* /* */ SELECT 1', 'sql.unterminated', 1, 'comment'),
  refuses('a dollar quote', 'SELECT $a$ $A$ $$', 'sql.unterminated', 1, '$a$ string'),
  refuses('a parenthesis', 'SELECT 1;\nSELECT (1; SELECT 2', 'sql.unterminated', 2, 'parenthesis'),
  refuses(
    'a BEGIN ATOMIC body',
    'SELECT 1;\nCREATE FUNCTION f() RETURNS int\nBEGIN ATOMIC SELECT 1; SELECT 2;',
    'sql.unterminated',
    3,
    'BEGIN ATOMIC',
  ),
  refuses(
    'a BEGIN ATOMIC body with CASE but one END',
    'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END;',
    'sql.unterminated',
    1,
    'BEGIN ATOMIC',
  ),
  refuses('COPY FROM STDIN', "SELECT 1;\nCOPY t (a, b) FROM STDIN;\n1\tit's\n\\.\n", 'sql.unsupported', 2, 'COPY'),
  refuses(
    'COPY FROM STDIN over two lines',
    'copy t\nfrom /* x */ stdin with (format csv);',
    'sql.unsupported',
    2,
    'COPY',
  ),
  refuses('COPY FROM STDOUT, which PostgreSQL takes for STDIN', 'COPY t FROM STDOUT', 'sql.unsupported', 1, 'COPY'),
  refuses('\\d', 'SELECT 1;\n\\d t\n', 'sql.unsupported', 2, '\\d'),
  refuses('\\i', '\\i other.sql\nSELECT 1;', 'sql.unsupported', 1, '\\i'),
  refuses('\\gexec', 'SELECT 1\n\\gexec', 'sql.unsupported', 2, '\\gexec'),
  refuses('\\restrict inside a statement', 'SELECT 1\n\\restrict a', 'sql.unsupported', 2, '\\restrict'),
  refuses('\\; inside a statement', 'SELECT 1\\; SELECT 2;', 'sql.unsupported', 1, '\\;'),
  refuses('NUL', "SELECT 1;\nSELECT '\0'", 'sql.unsupported', 2, 'NUL'),
];
