import { refuses, splits } from './split-case.ts';

const tables = 'CREATE TABLE t(a, b); CREATE TABLE u(a, b)';
const made = ['CREATE TABLE t(a, b)', 'CREATE TABLE u(a, b)'];
function trigger(body: string, head = 'CREATE TRIGGER r AFTER INSERT ON t'): string {
  return `${head} BEGIN ${body} END`;
}
function withTrigger(title: string, text: string): ReturnType<typeof splits> {
  return splits(title, `${tables}; ${text}; INSERT INTO t VALUES (1, 2)`, [
    ...made,
    text,
    'INSERT INTO t VALUES (1, 2)',
  ]);
}

export const sqliteCases = [
  splits('two statements', 'SELECT 1; SELECT 2;', ['SELECT 1', 'SELECT 2']),
  splits('no terminator at the end', 'CREATE TABLE t(a);\nINSERT INTO t VALUES (1)', [
    'CREATE TABLE t(a)',
    'INSERT INTO t VALUES (1)',
  ]),
  splits('empty statements', ';;SELECT 1;;\n ; SELECT 2;;', ['SELECT 1', 'SELECT 2']),
  splits('nothing', '', []),
  splits('blanks', ' \t\r\n\f', []),
  splits('comments alone', '-- a;\n/* b; */ -- c', []),
  splits('a comment between terminators', 'SELECT 1; /* ; */ ; SELECT 2', ['SELECT 1', 'SELECT 2']),
  splits('comments around a statement are dropped', '-- a\nSELECT 1 -- b;\n; /* c */', ['SELECT 1']),
  splits('comments inside a statement are kept', 'CREATE VIEW v AS SELECT /* ; */ 1 -- ;\n + 1', [
    'CREATE VIEW v AS SELECT /* ; */ 1 -- ;\n + 1',
  ]),
  splits('a byte order mark at the start', '\ufeffCREATE TABLE t(a);SELECT 2', ['CREATE TABLE t(a)', 'SELECT 2']),
  splits('CR LF line ends', 'SELECT 1;\r\n-- x;\r\nCREATE TABLE t(a);\r\n', ['SELECT 1', 'CREATE TABLE t(a)']),
  splits('a lone CR does not end a line comment', 'SELECT 1; -- a\rCREATE TABLE t(a);\nCREATE TABLE u(a)', [
    'SELECT 1',
    'CREATE TABLE u(a)',
  ]),
  splits('a line comment at the very end', 'CREATE TABLE t(a); --', ['CREATE TABLE t(a)']),
  splits('-- needs no blank behind it', 'CREATE VIEW v AS SELECT 1--1;\n+2;SELECT 2', [
    'CREATE VIEW v AS SELECT 1--1;\n+2',
    'SELECT 2',
  ]),
  splits('a block comment left open at the end', 'CREATE TABLE t(a); /* CREATE TABLE u(a);', ['CREATE TABLE t(a)']),
  splits('a block comment left open inside a statement', 'CREATE TABLE t(a) /* ; CREATE TABLE u(a)', [
    'CREATE TABLE t(a)',
  ]),
  splits('comments do not nest', '/* /* */ CREATE TABLE t(a); -- */', ['CREATE TABLE t(a)']),
  splits('/*/ does not close a comment', 'CREATE VIEW v AS SELECT 1 /*/ ; */ + 1', [
    'CREATE VIEW v AS SELECT 1 /*/ ; */ + 1',
  ]),
  splits('a row of stars', '/****;****/CREATE TABLE t(a);/***/CREATE TABLE u(a)', [
    'CREATE TABLE t(a)',
    'CREATE TABLE u(a)',
  ]),
  splits('a quote in a comment', "SELECT 1 /* don't */; CREATE TABLE t(a) -- don't\n; SELECT 3", [
    'SELECT 1',
    'CREATE TABLE t(a)',
    'SELECT 3',
  ]),
  splits('-- in a block comment', '/* -- */ CREATE TABLE t(a); SELECT 2', ['CREATE TABLE t(a)', 'SELECT 2']),
  splits('/* in a line comment', '-- /*\nCREATE TABLE t(a); SELECT 2', ['CREATE TABLE t(a)', 'SELECT 2']),
  splits('a semicolon in a string', "CREATE TABLE t(a DEFAULT 'a;b'); SELECT ';'", [
    "CREATE TABLE t(a DEFAULT 'a;b')",
    "SELECT ';'",
  ]),
  splits('a doubled quote', "CREATE TABLE t(a DEFAULT 'it''s;'); SELECT ''''", [
    "CREATE TABLE t(a DEFAULT 'it''s;')",
    "SELECT ''''",
  ]),
  splits('a backslash escapes nothing', "CREATE TABLE t(a DEFAULT 'a\\'); CREATE TABLE u(a)", [
    "CREATE TABLE t(a DEFAULT 'a\\')",
    'CREATE TABLE u(a)',
  ]),
  splits('E is no prefix', "CREATE VIEW v AS SELECT e'a\\' FROM (SELECT 1 AS e); SELECT 2", [
    "CREATE VIEW v AS SELECT e'a\\' FROM (SELECT 1 AS e)",
    'SELECT 2',
  ]),
  splits('a blob', "CREATE VIEW v AS SELECT x'3b', X'27'; SELECT 2", [
    "CREATE VIEW v AS SELECT x'3b', X'27'",
    'SELECT 2',
  ]),
  splits('names in double quotes', 'CREATE TABLE "a;""b"(c); SELECT 2', ['CREATE TABLE "a;""b"(c)', 'SELECT 2']),
  splits('names in backticks', 'CREATE TABLE `a;``b`(c); SELECT 2', ['CREATE TABLE `a;``b`(c)', 'SELECT 2']),
  splits('names in brackets', 'CREATE TABLE [a;b](c); SELECT 2', ['CREATE TABLE [a;b](c)', 'SELECT 2']),
  splits('brackets do not double', 'CREATE TABLE [a;b](c);CREATE TABLE [d](e);SELECT[a]FROM(SELECT 1 AS a)', [
    'CREATE TABLE [a;b](c)',
    'CREATE TABLE [d](e)',
    'SELECT[a]FROM(SELECT 1 AS a)',
  ]),
  splits('quotes in brackets', `CREATE TABLE ['";](c); SELECT 2`, [`CREATE TABLE ['";](c)`, 'SELECT 2']),
  splits('quotes inside other quotes', 'CREATE TABLE "\'`["(c); CREATE TABLE `"`(d)', [
    'CREATE TABLE "\'`["(c)',
    'CREATE TABLE `"`(d)',
  ]),
  splits('$ inside a name', 'CREATE TABLE a$$b(c); CREATE TABLE d$$e(f)', [
    'CREATE TABLE a$$b(c)',
    'CREATE TABLE d$$e(f)',
  ]),
  splits('names outside ASCII', 'CREATE TABLE größe(名前); SELECT 2', ['CREATE TABLE größe(名前)', 'SELECT 2']),
  splits('characters outside the basic plane', "CREATE TABLE 😀(a DEFAULT '😀;'); SELECT 2", [
    "CREATE TABLE 😀(a DEFAULT '😀;')",
    'SELECT 2',
  ]),
  splits('a no-break space belongs to a name', 'CREATE TABLE a\u00a0b(c); SELECT 2', [
    'CREATE TABLE a\u00a0b(c)',
    'SELECT 2',
  ]),
  splits('numbers', 'CREATE VIEW v AS SELECT 1.5e3, .5, 0x1F, 1e-3; SELECT 2', [
    'CREATE VIEW v AS SELECT 1.5e3, .5, 0x1F, 1e-3',
    'SELECT 2',
  ]),
  splits('JSON operators', `CREATE VIEW v AS SELECT '{"a":1}' -> 'a', '{}' ->> 'b;'; SELECT 2`, [
    `CREATE VIEW v AS SELECT '{"a":1}' -> 'a', '{}' ->> 'b;'`,
    'SELECT 2',
  ]),
  splits('transactions', 'BEGIN; CREATE TABLE t(a); END; BEGIN IMMEDIATE; COMMIT', [
    'BEGIN',
    'CREATE TABLE t(a)',
    'END',
    'BEGIN IMMEDIATE',
    'COMMIT',
  ]),
  splits('CASE outside of a trigger', 'CREATE VIEW v AS SELECT CASE WHEN 1 THEN 2 END; SELECT 2', [
    'CREATE VIEW v AS SELECT CASE WHEN 1 THEN 2 END',
    'SELECT 2',
  ]),
  splits('a column named trigger', 'CREATE TABLE t("trigger", "begin"); CREATE TABLE u(a)', [
    'CREATE TABLE t("trigger", "begin")',
    'CREATE TABLE u(a)',
  ]),
  splits('a table named temp_trigger', 'CREATE TABLE temp_trigger(a); CREATE TABLE u(a)', [
    'CREATE TABLE temp_trigger(a)',
    'CREATE TABLE u(a)',
  ]),
  withTrigger('a trigger', trigger('INSERT INTO u VALUES (NEW.a, 2); DELETE FROM u WHERE 0;')),
  withTrigger(
    'a trigger in small letters',
    'create trigger r after insert on t begin insert into u values (1, 2); end',
  ),
  withTrigger(
    'a trigger with CASE',
    trigger('UPDATE u SET a = CASE WHEN NEW.a THEN 1 ELSE 2 END; INSERT INTO u VALUES (CASE 1 WHEN 1 THEN 2 END, 3);'),
  ),
  withTrigger('a trigger with nested CASE', trigger('SELECT CASE WHEN 1 THEN CASE 2 WHEN 2 THEN 3 END END;')),
  withTrigger('a trigger with END in its last string', trigger("SELECT '; END;';")),
  withTrigger('a trigger with a name "END"', trigger('SELECT 1 AS "END"; SELECT 2 AS [end];')),
  withTrigger('a trigger with comments', trigger('/* ; END; */ SELECT 1; -- ; END;\n')),
  withTrigger('a trigger with a comment before END', trigger('SELECT 1; /* last */')),
  withTrigger(
    'a trigger with WHEN',
    trigger('SELECT 1;', 'CREATE TRIGGER r AFTER INSERT ON t FOR EACH ROW WHEN CASE WHEN NEW.a THEN 1 END'),
  ),
  withTrigger('CREATE TEMP TRIGGER', trigger('SELECT 1; SELECT 2;', 'CREATE TEMP TRIGGER r AFTER INSERT ON t')),
  withTrigger(
    'CREATE TEMPORARY TRIGGER',
    trigger('SELECT 1; SELECT 2;', 'CREATE TEMPORARY TRIGGER r AFTER INSERT ON t'),
  ),
  withTrigger('IF NOT EXISTS', trigger('SELECT 1; SELECT 2;', 'CREATE TRIGGER IF NOT EXISTS r AFTER INSERT ON t')),
  withTrigger(
    'comments between CREATE and TRIGGER',
    trigger('SELECT 1; SELECT 2;', 'CREATE /* ; */ -- x\n TRIGGER r AFTER INSERT ON t'),
  ),
  withTrigger('RAISE', trigger('SELECT RAISE(IGNORE) WHERE 0; SELECT 1;')),
  splits(
    'two triggers',
    `${tables}; ${trigger('SELECT 1;')};${trigger('SELECT 2;', 'CREATE TRIGGER s AFTER DELETE ON t')};`,
    [...made, trigger('SELECT 1;'), trigger('SELECT 2;', 'CREATE TRIGGER s AFTER DELETE ON t')],
  ),
  splits('a trigger without the last terminator', `${tables}; ${trigger('SELECT 1;')}`, [
    ...made,
    trigger('SELECT 1;'),
  ]),
  splits('a trigger and a comment at the end', `${tables}; ${trigger('SELECT 1;')} -- done`, [
    ...made,
    trigger('SELECT 1;'),
  ]),
  splits(
    'INSTEAD OF',
    `CREATE VIEW v AS SELECT 1 AS a; ${trigger('SELECT 1;', 'CREATE TRIGGER r INSTEAD OF INSERT ON v')}; SELECT 2`,
    ['CREATE VIEW v AS SELECT 1 AS a', trigger('SELECT 1;', 'CREATE TRIGGER r INSTEAD OF INSERT ON v'), 'SELECT 2'],
  ),
  splits('EXPLAIN CREATE TRIGGER', `${tables}; EXPLAIN ${trigger('SELECT 1; SELECT 2;')}; SELECT 3`, [
    ...made,
    `EXPLAIN ${trigger('SELECT 1; SELECT 2;')}`,
    'SELECT 3',
  ]),
  splits('EXPLAIN QUERY PLAN', 'EXPLAIN QUERY PLAN SELECT 1; CREATE TABLE t(a)', [
    'EXPLAIN QUERY PLAN SELECT 1',
    'CREATE TABLE t(a)',
  ]),
  splits('DROP TRIGGER', `${tables}; ${trigger('SELECT 1;')}; DROP TRIGGER r; SELECT 2`, [
    ...made,
    trigger('SELECT 1;'),
    'DROP TRIGGER r',
    'SELECT 2',
  ]),
  splits('CREATE TABLE AS', 'CREATE TEMP TABLE t AS SELECT 1 AS a; CREATE TABLE u AS SELECT 2 AS b', [
    'CREATE TEMP TABLE t AS SELECT 1 AS a',
    'CREATE TABLE u AS SELECT 2 AS b',
  ]),
  splits(
    'a virtual table',
    "CREATE VIRTUAL TABLE f USING fts5(a, tokenize = 'porter;'); SELECT 2",
    ["CREATE VIRTUAL TABLE f USING fts5(a, tokenize = 'porter;')", 'SELECT 2'],
    'fts5 may be missing',
  ),
  splits(
    'a generated column and a partial index',
    "CREATE TABLE t(a, b AS (a || ';')); CREATE INDEX i ON t(a) WHERE a <> ';'",
    ["CREATE TABLE t(a, b AS (a || ';'))", "CREATE INDEX i ON t(a) WHERE a <> ';'"],
  ),
  splits('a pragma', 'PRAGMA user_version = 3; PRAGMA foreign_keys(1)', [
    'PRAGMA user_version = 3',
    'PRAGMA foreign_keys(1)',
  ]),
  splits(
    'a semicolon in parentheses splits, as in SQLite',
    'SELECT (1; SELECT 2',
    ['SELECT (1', 'SELECT 2'],
    'a syntax error',
  ),
  splits('a number that starts with a dot', 'SELECT\n.5', ['SELECT\n.5']),
];

export const sqliteRefused = [
  refuses('a string', "SELECT 1;\nSELECT 'a;\n", 'sql.unterminated', 2, 'string'),
  refuses('a name in double quotes', '\n\nSELECT "a', 'sql.unterminated', 3, 'quoted name'),
  refuses('a name in backticks', 'SELECT `a``', 'sql.unterminated', 1, 'quoted name'),
  refuses('a name in brackets', 'SELECT [a;', 'sql.unterminated', 1, 'quoted name'),
  refuses(
    'a trigger body',
    'SELECT 1;\nCREATE TEMP TRIGGER r AFTER INSERT ON t\nBEGIN SELECT 1; SELECT 2;',
    'sql.unterminated',
    2,
    'trigger',
  ),
  refuses(
    'a trigger whose last statement lacks its terminator',
    'CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT CASE WHEN 1 THEN 2 END; SELECT 1 END; SELECT 1',
    'sql.unterminated',
    1,
    'trigger',
  ),
  refuses('a dot-command', 'SELECT 1;\n.mode csv\nSELECT 2;', 'sql.unsupported', 2, '.mode'),
  refuses('NUL', "SELECT 1;\nSELECT '\0'", 'sql.unsupported', 2, 'NUL'),
];
