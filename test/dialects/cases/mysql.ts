import { refuses, splits, type SplitCase } from './split-case.ts';

const setup = 'CREATE TABLE t(a int, b int)';
const clientOnly = 'DELIMITER is a command of the client';
const emptyQuery = 'the server refuses an empty statement, the client drops it';

/** A routine between two statements, in plain `;` and between delimiters. */
function withRoutine(title: string, routine: string, head = setup): readonly SplitCase[] {
  return [
    splits(title, `${head}; ${routine}; SELECT 7`, [head, routine, 'SELECT 7']),
    splits(
      `${title}, with DELIMITER`,
      `${head};\nDELIMITER //\n${routine} //\nDELIMITER ;\nSELECT 7`,
      [head, routine, 'SELECT 7'],
      clientOnly,
    ),
  ];
}
const procedure = (body: string, head = 'CREATE PROCEDURE p(x int)'): string => `${head} ${body}`;

export const mysqlCases = [
  splits('two statements', 'SELECT 1; SELECT 2;', ['SELECT 1', 'SELECT 2']),
  splits('no terminator at the end', 'SELECT 1;\nSELECT 2', ['SELECT 1', 'SELECT 2']),
  splits('empty statements', ';;SELECT 1;;\n ; SELECT 2;;', ['SELECT 1', 'SELECT 2'], emptyQuery),
  splits('nothing', '', []),
  splits('blanks', ' \t\r\n\f\v', []),
  splits('comments alone', '-- a;\n/* b; */ # c;', [], emptyQuery),
  splits('comments around a statement are dropped', '-- a\nSELECT 1 -- b;\n; /* c */', ['SELECT 1'], emptyQuery),
  splits('comments inside a statement are kept', 'SELECT /* ; */ 1 -- ;\n + 1 # ;\n + 1', [
    'SELECT /* ; */ 1 -- ;\n + 1 # ;\n + 1',
  ]),
  splits(
    'a byte order mark at the start',
    '\ufeffSELECT 1;SELECT 2',
    ['SELECT 1', 'SELECT 2'],
    'the client drops the mark, the server does not',
  ),
  splits('CR LF line ends', 'SELECT 1;\r\n-- x;\r\nSELECT 2;\r\n', ['SELECT 1', 'SELECT 2']),
  splits('a lone CR does not end a line comment', 'SELECT 1 -- a\rSELECT 2;\n; SELECT 3', ['SELECT 1', 'SELECT 3']),
  splits('-- needs a blank behind it', 'SELECT 1--1; SELECT 2--', ['SELECT 1--1', 'SELECT 2']),
  splits('-- before a tab or a line end', 'SELECT 1 --\t;\n; SELECT 2 --\n; SELECT 3', [
    'SELECT 1',
    'SELECT 2',
    'SELECT 3',
  ]),
  splits('-- before a control character', 'SELECT 1 --\u0001;\n; SELECT 2', ['SELECT 1', 'SELECT 2']),
  splits('---', 'SELECT 1---1; SELECT 2', ['SELECT 1---1', 'SELECT 2']),
  splits('# comments', 'SELECT 1 # a;\n; SELECT 2#b;\n+1', ['SELECT 1', 'SELECT 2#b;\n+1']),
  splits('# ends a name', 'SELECT 1 AS a#;\n; SELECT 2', ['SELECT 1 AS a', 'SELECT 2']),
  splits('comments do not nest', '/* /* */ SELECT 1; SELECT 2', ['SELECT 1', 'SELECT 2']),
  splits('/*/ does not close a comment', 'SELECT 1 /*/ ; */ + 1; SELECT 2', ['SELECT 1 /*/ ; */ + 1', 'SELECT 2']),
  splits('a row of stars', '/****;****/SELECT 1;/***/SELECT 2', ['SELECT 1', 'SELECT 2']),
  splits('*/ without a comment', 'SELECT 6*/* ; */2; SELECT 8/**/*/**/2', ['SELECT 6*/* ; */2', 'SELECT 8/**/*/**/2']),
  splits('a quote in a comment', "SELECT 1 /* don't */; SELECT 2 -- don't\n; SELECT 3 # \"\n", [
    'SELECT 1',
    'SELECT 2',
    'SELECT 3',
  ]),
  splits('a hint is a comment', 'SELECT /*+ NO_ICP(t); */ 1; SELECT 2', ['SELECT /*+ NO_ICP(t); */ 1', 'SELECT 2']),
  splits('an executable comment', 'SELECT 1 /*! + 1 */; SELECT 2', ['SELECT 1 /*! + 1 */', 'SELECT 2']),
  splits('an executable comment with a version', 'SELECT 1 /*!50001 + 1*/; SELECT 2', [
    'SELECT 1 /*!50001 + 1*/',
    'SELECT 2',
  ]),
  splits('an executable comment of MariaDB', 'SELECT 1 /*M!100100 + 1*/; SELECT 2', [
    'SELECT 1 /*M!100100 + 1*/',
    'SELECT 2',
  ]),
  splits('a statement in an executable comment', '/*!40101 SET @x = 1 */; /*!50001SELECT @x*/;', [
    '/*!40101 SET @x = 1 */',
    '/*!50001SELECT @x*/',
  ]),
  splits('statements made of executable comments', '/*!50001 SELECT*/ /*!50002 1*/; SELECT 2', [
    '/*!50001 SELECT*/ /*!50002 1*/',
    'SELECT 2',
  ]),
  splits('strings in an executable comment', "SELECT 1 /*!50001 , '*/;' */; SELECT 2", [
    "SELECT 1 /*!50001 , '*/;' */",
    'SELECT 2',
  ]),
  splits('a comment in an executable comment', 'SELECT 1 /*! + /* ; */ 1 */; SELECT 2', [
    'SELECT 1 /*! + /* ; */ 1 */',
    'SELECT 2',
  ]),
  splits('an executable comment of a version to come', 'SELECT 1 /*!999999 ; + 1 */; SELECT 2', [
    'SELECT 1 /*!999999 ; + 1 */',
    'SELECT 2',
  ]),
  splits('an empty executable comment', '/*! */; SELECT 1', ['SELECT 1'], emptyQuery),
  splits('a semicolon in a string', `SELECT 'a;b'; SELECT ";"`, ["SELECT 'a;b'", 'SELECT ";"']),
  splits('doubled quotes', `SELECT 'it''s;', "a"";", ''''; SELECT ""`, [`SELECT 'it''s;', "a"";", ''''`, 'SELECT ""']),
  splits('a backslash before a quote', `SELECT 'a\\';b', "c\\";d"; SELECT '\\\\'`, [
    `SELECT 'a\\';b', "c\\";d"`,
    "SELECT '\\\\'",
  ]),
  splits('strings with prefixes', "SELECT N'a;\\'', _utf8mb4'b;', x'3b', b'01'; SELECT 2", [
    "SELECT N'a;\\'', _utf8mb4'b;', x'3b', b'01'",
    'SELECT 2',
  ]),
  splits('neighbouring strings', `SELECT 'a' 'b;' "c;"; SELECT 2`, [`SELECT 'a' 'b;' "c;"`, 'SELECT 2']),
  splits('names in backticks', 'SELECT 1 AS `a;``b\\`; SELECT 2', ['SELECT 1 AS `a;``b\\`', 'SELECT 2']),
  splits('quotes inside other quotes', "SELECT '\"`', 1 AS `'\"`; SELECT 2", ["SELECT '\"`', 1 AS `'\"`", 'SELECT 2']),
  splits('$ inside a name', 'SELECT 1 AS a$$b; SELECT 2 AS $$c', ['SELECT 1 AS a$$b', 'SELECT 2 AS $$c']),
  splits('a name that starts with a digit', 'SELECT 1 AS 1e; SELECT 2 AS 2a', ['SELECT 1 AS 1e', 'SELECT 2 AS 2a']),
  splits('variables', 'SET @a = 1; SELECT @a, @@sql_mode IS NULL, @`b;c`', [
    'SET @a = 1',
    'SELECT @a, @@sql_mode IS NULL, @`b;c`',
  ]),
  splits('\\N', 'SELECT \\N; SELECT 2', ['SELECT \\N', 'SELECT 2']),
  splits('names outside ASCII', 'SELECT 1 AS größe; SELECT 2 AS 名前', ['SELECT 1 AS größe', 'SELECT 2 AS 名前']),
  splits('characters outside the basic plane', "SELECT '😀;'; SELECT 2", ["SELECT '😀;'", 'SELECT 2']),
  splits('transactions', 'BEGIN; SELECT 1; COMMIT; START TRANSACTION; ROLLBACK; BEGIN WORK; COMMIT', [
    'BEGIN',
    'SELECT 1',
    'COMMIT',
    'START TRANSACTION',
    'ROLLBACK',
    'BEGIN WORK',
    'COMMIT',
  ]),
  splits(
    'CASE and IF outside of a routine',
    'SELECT CASE WHEN 1 THEN IF(1, 2, 3) END; DROP TABLE IF EXISTS x; SELECT 2',
    ['SELECT CASE WHEN 1 THEN IF(1, 2, 3) END', 'DROP TABLE IF EXISTS x', 'SELECT 2'],
  ),
  splits('columns named begin and end', 'CREATE TABLE e(begin int, end int); SELECT begin, end FROM e; SELECT 1', [
    'CREATE TABLE e(begin int, end int)',
    'SELECT begin, end FROM e',
    'SELECT 1',
  ]),
  splits('a column named delimiter', 'CREATE TABLE d(a int,\ndelimiter varchar(10)); SELECT 1', [
    'CREATE TABLE d(a int,\ndelimiter varchar(10))',
    'SELECT 1',
  ]),
  splits(
    'CREATE VIEW with DEFINER',
    'CREATE DEFINER=CURRENT_USER SQL SECURITY INVOKER VIEW v AS SELECT 1 AS begin; SELECT 2',
    ['CREATE DEFINER=CURRENT_USER SQL SECURITY INVOKER VIEW v AS SELECT 1 AS begin', 'SELECT 2'],
  ),
  splits('the first line of a dump of MariaDB', '/*M!999999\\- enable the sandbox mode */ \nSELECT 1', ['SELECT 1']),
  splits(
    'DELIMITER',
    'DELIMITER $$\nSELECT 1$$\nSELECT 2 $$\nDELIMITER ;\nSELECT 3;',
    ['SELECT 1', 'SELECT 2', 'SELECT 3'],
    clientOnly,
  ),
  splits(
    'DELIMITER in small letters, with blanks',
    '  delimiter   // \t\r\nSELECT 1//\ndelimiter ;\r\nSELECT 3',
    ['SELECT 1', 'SELECT 3'],
    clientOnly,
  ),
  splits('DELIMITER in quotes', "DELIMITER '!!'\nSELECT 1!!SELECT 2!!", ['SELECT 1', 'SELECT 2'], clientOnly),
  splits('DELIMITER and what follows on its line', 'DELIMITER // -- from here\nSELECT 1//', ['SELECT 1'], clientOnly),
  splits('DELIMITER behind a statement', 'SELECT 1; DELIMITER //\nSELECT 2//', ['SELECT 1', 'SELECT 2'], clientOnly),
  splits(
    'a delimiter that is a word',
    'DELIMITER go\nSELECT 1 go\nSELECT 2\ngo\n',
    ['SELECT 1', 'SELECT 2'],
    clientOnly,
  ),
  splits(
    'a delimiter right behind a word',
    'DELIMITER $$\nSELECT 1 AS a$$\nSELECT 2$$',
    ['SELECT 1 AS a', 'SELECT 2'],
    clientOnly,
  ),
  splits(
    'a delimiter that starts a comment',
    'DELIMITER ##\nSELECT 1##\n# x\nSELECT 2##',
    ['SELECT 1', 'SELECT 2'],
    clientOnly,
  ),
  splits(
    'a delimiter in quotes and comments is none',
    "DELIMITER //\nSELECT '//', `//` /* // */ -- //\n FROM (SELECT 1 AS `//`) x//\nSELECT 2//",
    ["SELECT '//', `//` /* // */ -- //\n FROM (SELECT 1 AS `//`) x", 'SELECT 2'],
    clientOnly,
  ),
  splits('two delimiters in a row', 'DELIMITER //\n//////SELECT 1////', ['SELECT 1'], clientOnly),
  splits(
    'a dump of a trigger',
    `${setup};\nDELIMITER ;;\n/*!50003 CREATE*/ /*!50017 DEFINER=\`root\`@\`localhost\`*/ /*!50003 TRIGGER r BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.a = 1; SET NEW.b = 2; END */;;\nDELIMITER ;\nSELECT 2;`,
    [
      setup,
      '/*!50003 CREATE*/ /*!50017 DEFINER=`root`@`localhost`*/ /*!50003 TRIGGER r BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.a = 1; SET NEW.b = 2; END */',
      'SELECT 2',
    ],
    clientOnly,
  ),
  splits(
    'a trigger in executable comments, with plain terminators',
    `${setup}; /*!50003 CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.a = 1; SET NEW.b = 2; END */; SELECT 2`,
    [
      setup,
      '/*!50003 CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.a = 1; SET NEW.b = 2; END */',
      'SELECT 2',
    ],
  ),
  ...withRoutine('a procedure', procedure('BEGIN SELECT 1; SELECT 2; END')),
  ...withRoutine('a procedure in small letters', 'create procedure p() begin select 1; select 2; end'),
  ...withRoutine('a procedure of one statement', procedure('SELECT a FROM t')),
  ...withRoutine(
    'a procedure of one statement that reads a column named begin',
    procedure('SELECT begin, end FROM e'),
    'CREATE TABLE e(begin int, end int)',
  ),
  ...withRoutine('nested blocks', procedure('BEGIN BEGIN SELECT 1; BEGIN END; END; SELECT 2; END')),
  ...withRoutine(
    'IF',
    procedure('BEGIN IF x > 0 THEN SELECT 1; ELSEIF x < 0 THEN SELECT 2; ELSE SELECT 3; END IF; SELECT 4; END'),
  ),
  ...withRoutine('IF without a block around it', procedure('IF x THEN SELECT 1; ELSE SELECT 2; END IF')),
  ...withRoutine(
    'the function IF',
    procedure('BEGIN SELECT IF(x, 1, 2); SET @a = CASE WHEN x THEN IF(x, 1, 2) ELSE IF(x, 3, 4) END; SELECT 1; END'),
  ),
  ...withRoutine(
    'DROP TABLE IF EXISTS in a body',
    procedure('BEGIN DROP TABLE IF EXISTS x; CREATE TABLE IF NOT EXISTS x(a int); END'),
  ),
  ...withRoutine(
    'a CASE statement',
    procedure('BEGIN CASE x WHEN 1 THEN SELECT 1; WHEN 2 THEN SELECT 2; ELSE BEGIN END; END CASE; SELECT 3; END'),
  ),
  ...withRoutine(
    'a CASE statement over a CASE expression',
    procedure(
      'BEGIN CASE CASE WHEN x THEN 1 ELSE 2 END WHEN 1 THEN SELECT CASE x WHEN 1 THEN 2 END; ELSE SELECT 2; END CASE; END',
    ),
  ),
  ...withRoutine(
    'a CASE expression as a condition',
    procedure('BEGIN IF CASE WHEN x THEN 1 ELSE 0 END THEN SELECT 1; END IF; END'),
  ),
  ...withRoutine(
    'LOOP with a label',
    procedure('BEGIN l: LOOP SET x = x - 1; IF x < 0 THEN LEAVE l; END IF; ITERATE l; END LOOP l; SELECT 1; END'),
  ),
  ...withRoutine('WHILE', procedure('BEGIN WHILE x > 0 DO SET x = x - 1; SELECT x; END WHILE; SELECT 1; END')),
  ...withRoutine('WHILE without a block around it', procedure('WHILE x > 0 DO SET x = x - 1; END WHILE')),
  ...withRoutine('REPEAT', procedure('BEGIN REPEAT SET x = x - 1; SELECT x; UNTIL x < 0 END REPEAT; SELECT 1; END')),
  ...withRoutine(
    'REPEAT until a CASE expression',
    procedure('BEGIN REPEAT SET x = 0; UNTIL CASE WHEN x THEN 0 ELSE 1 END END REPEAT; SELECT REPEAT("a;", 2); END'),
  ),
  ...withRoutine(
    'a labelled block',
    procedure('outer_block: BEGIN inner_block: BEGIN LEAVE outer_block; END inner_block; SELECT 1; END outer_block'),
  ),
  ...withRoutine('a label in backticks', procedure('BEGIN `l;`: LOOP LEAVE `l;`; END LOOP; SELECT 1; END')),
  ...withRoutine(
    'declarations and handlers',
    procedure(
      "BEGIN DECLARE d int DEFAULT 0; DECLARE c CURSOR FOR SELECT a FROM t; DECLARE CONTINUE HANDLER FOR NOT FOUND SET d = 1; DECLARE EXIT HANDLER FOR SQLEXCEPTION, SQLSTATE '23000', 1062 BEGIN ROLLBACK; RESIGNAL; END; OPEN c; FETCH c INTO d; CLOSE c; END",
    ),
  ),
  ...withRoutine(
    'a handler that is an IF',
    procedure(
      "BEGIN DECLARE EXIT HANDLER FOR SQLSTATE VALUE '23000', NOT FOUND IF x THEN SELECT 1; ELSE SELECT 2; END IF; SELECT 3; END",
    ),
  ),
  ...withRoutine(
    'a handler for a named condition',
    procedure('BEGIN DECLARE dup CONDITION FOR 1062; DECLARE CONTINUE HANDLER FOR dup BEGIN END; SELECT 1; END'),
  ),
  ...withRoutine('FOR over a range', procedure('BEGIN FOR i IN 1..3 DO SELECT i; END FOR; SELECT 1; END')),
  ...withRoutine(
    'FOR over a query',
    procedure('BEGIN FOR r IN (SELECT a FROM t) DO SELECT r.a; SELECT 2; END FOR; END'),
  ),
  ...withRoutine(
    'columns named end and begin in a body',
    procedure(
      'BEGIN SELECT begin, end FROM e WHERE end > 1 ORDER BY end; UPDATE e SET end = CASE WHEN end > 1 THEN begin ELSE e.end END WHERE e.begin = 1; SELECT 2; END',
    ),
    'CREATE TABLE e(begin int, end int)',
  ),
  ...withRoutine(
    'comments and strings in a body',
    procedure("BEGIN -- END;\n SELECT 'END;'; # END;\n /* END; */ SELECT 2; END"),
  ),
  ...withRoutine(
    'START TRANSACTION in a body',
    procedure('BEGIN START TRANSACTION; INSERT INTO t VALUES (1, 2); COMMIT; END'),
  ),
  ...withRoutine(
    'parameters of many types',
    procedure(
      'BEGIN SELECT 1; END',
      "CREATE PROCEDURE p(IN a DECIMAL(10, 2), OUT b ENUM('a;', 'b'), INOUT c VARCHAR(10) CHARACTER SET utf8mb4)",
    ),
  ),
  ...withRoutine(
    'characteristics',
    procedure(
      'BEGIN SELECT 1; SELECT 2; END',
      "CREATE OR REPLACE DEFINER = `root`@`localhost` PROCEDURE p() COMMENT 'a; BEGIN' LANGUAGE SQL NOT DETERMINISTIC MODIFIES SQL DATA SQL SECURITY INVOKER",
    ),
  ),
  ...withRoutine(
    'a function',
    "CREATE DEFINER='root'@'localhost' FUNCTION f(a int, b int) RETURNS varchar(10) CHARACTER SET utf8mb4 DETERMINISTIC READS SQL DATA BEGIN DECLARE r varchar(10); IF a THEN SET r = 'x;'; END IF; RETURN r; END",
  ),
  ...withRoutine(
    'a function of one statement',
    'CREATE FUNCTION f(a int) RETURNS int DETERMINISTIC RETURN CASE WHEN a THEN 1 ELSE 2 END',
  ),
  ...withRoutine(
    'a function that returns a set',
    "CREATE FUNCTION f() RETURNS SET('a', 'b') DETERMINISTIC BEGIN RETURN 'a'; END",
  ),
  ...withRoutine(
    'a trigger',
    'CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.a = 1; SET NEW.b = 2; END',
  ),
  ...withRoutine(
    'a trigger of one statement',
    'CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW SET NEW.a = IF(NEW.b, 1, 2)',
  ),
  ...withRoutine(
    'a trigger that is an IF',
    'CREATE TRIGGER r BEFORE UPDATE ON t FOR EACH ROW IF NEW.a THEN SET NEW.b = 1; ELSE SET NEW.b = 2; END IF',
  ),
  ...withRoutine(
    'an event',
    "CREATE EVENT ev ON SCHEDULE EVERY 1 DAY STARTS '2037-01-01' ON COMPLETION PRESERVE DISABLE COMMENT 'x;' DO BEGIN DELETE FROM t; DELETE FROM t; END",
  ),
  ...withRoutine(
    'an event of one statement',
    "CREATE DEFINER = CURRENT_USER EVENT IF NOT EXISTS ev ON SCHEDULE AT '2037-01-01' DO DELETE FROM t",
  ),
  ...withRoutine('IF NOT EXISTS', procedure('BEGIN SELECT 1; END', 'CREATE PROCEDURE IF NOT EXISTS p()')),
  ...withRoutine('BEGIN NOT ATOMIC', 'BEGIN NOT ATOMIC DECLARE x int DEFAULT 1; IF x THEN SET @y = 1; END IF; END'),
  ...withRoutine('IF outside of a routine', 'IF 1 THEN SET @y = 1; ELSE SET @y = 2; END IF'),
  ...withRoutine('REPEAT outside of a routine', 'REPEAT SET @y = 1; UNTIL 1 END REPEAT'),
  ...withRoutine('CASE outside of a routine', 'CASE 1 WHEN 1 THEN SET @y = 1; ELSE SET @y = 2; END CASE'),
  ...withRoutine('WHILE outside of a routine', 'WHILE 0 DO SET @y = 1; END WHILE'),
  splits(
    'ALTER EVENT with a body',
    `${setup}; CREATE EVENT ev ON SCHEDULE AT '2037-01-01' DO DELETE FROM t; ALTER EVENT ev DO BEGIN DELETE FROM t; SELECT 1; END; SELECT 2`,
    [
      setup,
      "CREATE EVENT ev ON SCHEDULE AT '2037-01-01' DO DELETE FROM t",
      'ALTER EVENT ev DO BEGIN DELETE FROM t; SELECT 1; END',
      'SELECT 2',
    ],
  ),
  splits(
    'FOLLOWS',
    `${setup}; CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1; CREATE TRIGGER s BEFORE INSERT ON t FOR EACH ROW FOLLOWS r BEGIN SET NEW.a = 2; SET NEW.b = 3; END; SELECT 2`,
    [
      setup,
      'CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1',
      'CREATE TRIGGER s BEFORE INSERT ON t FOR EACH ROW FOLLOWS r BEGIN SET NEW.a = 2; SET NEW.b = 3; END',
      'SELECT 2',
    ],
  ),
  splits(
    'two procedures',
    `${procedure('BEGIN SELECT 1; END')};${procedure('BEGIN SELECT 2; END', 'CREATE PROCEDURE q()')};`,
    [procedure('BEGIN SELECT 1; END'), procedure('BEGIN SELECT 2; END', 'CREATE PROCEDURE q()')],
  ),
  splits(
    'a function from a library',
    "CREATE FUNCTION f RETURNS STRING SONAME 'x.so'; SELECT 1",
    ["CREATE FUNCTION f RETURNS STRING SONAME 'x.so'", 'SELECT 1'],
    'no such library',
  ),
  splits('a version in an upper bound', 'SELECT 1 /*!80013 + 1 */ AS a; SELECT 2', [
    'SELECT 1 /*!80013 + 1 */ AS a',
    'SELECT 2',
  ]),
];

export const mysqlRefused = [
  refuses('a string', "SELECT 1;\nSELECT 'a;\n", 'sql.unterminated', 2, 'string'),
  refuses('a string whose last quote is escaped', "SELECT 'a\\';", 'sql.unterminated', 1, 'string'),
  refuses('a string in double quotes', '\n\nSELECT "a', 'sql.unterminated', 3, 'string'),
  refuses('a name in backticks', 'SELECT `a', 'sql.unterminated', 1, 'quoted name'),
  refuses('a comment', 'SELECT 1;\r\n/* a', 'sql.unterminated', 2, 'comment'),
  refuses('an executable comment', 'SELECT 1;\n/*!50001 SELECT 1', 'sql.unterminated', 2, 'executable comment'),
  refuses(
    'a procedure',
    'SELECT 1;\nCREATE PROCEDURE p()\nBEGIN SELECT 1; SELECT 2;',
    'sql.unterminated',
    3,
    'BEGIN block',
  ),
  refuses(
    'IF in a procedure',
    'CREATE PROCEDURE p() BEGIN\nIF 1 THEN SELECT 1; END; SELECT 1;',
    'sql.unterminated',
    1,
    'BEGIN block',
  ),
  refuses('a loop', 'CREATE PROCEDURE p()\nl: LOOP SELECT 1;', 'sql.unterminated', 2, 'LOOP block'),
  refuses('DELIMITER without an argument', 'SELECT 1;\nDELIMITER\nSELECT 2', 'sql.unsupported', 2, 'DELIMITER'),
  refuses('DELIMITER with a backslash', 'DELIMITER \\\\\n', 'sql.unsupported', 1, 'DELIMITER'),
  refuses('DELIMITER longer than the client keeps', 'DELIMITER 1234567890123456\n', 'sql.unsupported', 1, 'DELIMITER'),
  refuses(
    'a statement that its delimiter does not end',
    'DELIMITER //\nCREATE PROCEDURE p() BEGIN END\nDELIMITER ;\nSELECT 1;',
    'sql.unterminated',
    2,
    'statement',
  ),
  refuses('\\G', 'SELECT 1;\nSELECT 2\\G', 'sql.unsupported', 2, '\\G'),
  refuses('\\.', '\\. other.sql', 'sql.unsupported', 1, '\\.'),
  refuses('NUL', "SELECT 1;\nSELECT '\0'", 'sql.unsupported', 2, 'NUL'),
];
