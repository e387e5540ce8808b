-- Each pair: the old schema, then the new one. The titles are those of the tests.

-- pair: columns come at the start, in the middle and at the end
-- old
CREATE TABLE t (id int PRIMARY KEY, b int);
-- new
CREATE TABLE t (first int, id int PRIMARY KEY, a varchar(20) NOT NULL DEFAULT 'x', b int, z text);

-- pair: types, defaults, NOT NULL and comments change
-- old
CREATE TABLE t (a int NOT NULL, b varchar(10) DEFAULT 'x', c timestamp NULL, d enum('a','b') COMMENT 'old', e int unsigned);
-- new
CREATE TABLE t (a bigint, b varchar(20) NOT NULL DEFAULT 'y', c timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp(), d enum('a','b','c') COMMENT 'it''s new', e int);

-- pair: AUTO_INCREMENT moves to another key
-- old
CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY, n int NOT NULL);
-- new
CREATE TABLE t (id int NOT NULL, n int AUTO_INCREMENT PRIMARY KEY);

-- pair: the primary key of an AUTO_INCREMENT grows
-- old
CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY, n int NOT NULL);
-- new
CREATE TABLE t (id int AUTO_INCREMENT, n int NOT NULL, PRIMARY KEY (id, n), KEY by_n (n));

-- pair: keys and checks come, go and change
-- old
CREATE TABLE t (a int, b int, c varchar(100), UNIQUE KEY u (a), KEY k (b), KEY p (c(10)), CONSTRAINT positive CHECK (a > 0));
-- new
CREATE TABLE t (a int, b int, c varchar(100), UNIQUE KEY u (a, b), KEY k (b DESC), FULLTEXT KEY f (c), CONSTRAINT positive CHECK (a > 1), CONSTRAINT small CHECK (b < 9));

-- pair: columns under a foreign key change on both sides
-- old
CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (id int PRIMARY KEY, p int, CONSTRAINT fk FOREIGN KEY (p) REFERENCES p (id));
-- new
CREATE TABLE p (id bigint PRIMARY KEY); CREATE TABLE c (id int PRIMARY KEY, p bigint, CONSTRAINT fk FOREIGN KEY (p) REFERENCES p (id));

-- pair: foreign keys come, go and change
-- old
CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (a int, b int, CONSTRAINT one FOREIGN KEY (a) REFERENCES p (id), CONSTRAINT two FOREIGN KEY (b) REFERENCES p (id));
-- new
CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (a int, b int, CONSTRAINT one FOREIGN KEY (a) REFERENCES p (id) ON DELETE CASCADE);

-- pair: tables that refer to each other come
-- old
CREATE TABLE keep (id int);
-- new
CREATE TABLE keep (id int); CREATE TABLE a (id int PRIMARY KEY, b int); CREATE TABLE b (id int PRIMARY KEY, a int, CONSTRAINT ba FOREIGN KEY (a) REFERENCES a (id), CONSTRAINT bb FOREIGN KEY (a) REFERENCES b (id)); ALTER TABLE a ADD CONSTRAINT ab FOREIGN KEY (b) REFERENCES b (id);

-- pair: generated columns change
-- old
CREATE TABLE t (a int, b int AS (a + 1) VIRTUAL, c int AS (a * 2) STORED);
-- new
CREATE TABLE t (a int, b int AS (a + 2) VIRTUAL, c int, d int AS (a) STORED);

-- pair: the character set of a table changes
-- old
CREATE TABLE t (id int, a varchar(20), b text, c varchar(5) CHARACTER SET ascii) DEFAULT CHARSET=latin1;
-- new
CREATE TABLE t (id int, a varchar(20), b text, c varchar(5) CHARACTER SET ascii) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- pair: options of a table change
-- old
CREATE TABLE t (a int) COMMENT='old' ROW_FORMAT=DYNAMIC; CREATE TABLE m (a int) ENGINE=MyISAM;
-- new
CREATE TABLE t (a int); CREATE TABLE m (a int) ENGINE=InnoDB COMMENT='new';

-- pair: partitions come and go
-- old
CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 3;
-- new
CREATE TABLE a (id int PRIMARY KEY) PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN MAXVALUE); CREATE TABLE b (id int PRIMARY KEY);

-- pair: views change, one on the other
-- old
CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM v;
-- new
CREATE TABLE t (a int, b int, c int); CREATE VIEW v AS SELECT a, c FROM t; CREATE VIEW w AS SELECT c FROM v; CREATE SQL SECURITY INVOKER VIEW x AS SELECT 1 AS one;

-- pair: a table becomes a view
-- old
CREATE TABLE base (a int); CREATE TABLE v (a int);
-- new
CREATE TABLE base (a int); CREATE VIEW v AS SELECT a FROM base;

-- pair: routines, triggers and events change
-- old
CREATE TABLE t (a int); CREATE FUNCTION f(x int) RETURNS int DETERMINISTIC RETURN x; CREATE PROCEDURE p() SELECT 1; CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1; CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' DO DELETE FROM t;
-- new
CREATE TABLE t (a int, b int); CREATE FUNCTION f(x bigint) RETURNS bigint DETERMINISTIC RETURN x + 1; CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.b = 2; CREATE TRIGGER tr2 BEFORE INSERT ON t FOR EACH ROW FOLLOWS tr SET NEW.a = 3; CREATE EVENT e ON SCHEDULE EVERY 2 DAY STARTS '2030-01-01 00:00:00' DO DELETE FROM t;

-- pair: a sequence changes
-- old
CREATE SEQUENCE s; CREATE SEQUENCE r INCREMENT BY 2 MAXVALUE 100 CYCLE;
-- new
CREATE SEQUENCE s START WITH 1 INCREMENT BY 5 MAXVALUE 1000 CACHE 10; CREATE SEQUENCE r INCREMENT BY 2 MAXVALUE 100; CREATE TABLE t (id int DEFAULT nextval(s));

-- pair: names that need quotes
-- old
CREATE TABLE `My ``table` (`a b` int, `select` int);
-- new
CREATE TABLE `My ``table` (`a b` bigint, `c.d` int, KEY `k, x` (`a b`));

-- pair: columns change places, types and names with their keys
-- old
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(5), KEY ab (a, b));
-- new
CREATE TABLE t (id int PRIMARY KEY, b int, a varchar(5), KEY ab (b, a));

-- pair: a column goes with the keys, the check and the foreign key on it
-- old
CREATE TABLE p (id int PRIMARY KEY, code int UNIQUE); CREATE TABLE t (id int PRIMARY KEY, a int, b int, UNIQUE KEY ua (a), KEY ab (a, b), CONSTRAINT both_set CHECK (a > b), CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (code), c int AS (a + 1) VIRTUAL, KEY kc (c));
-- new
CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, b int, KEY ab (b));

-- pair: numbers of all kinds
-- old
CREATE TABLE t (a tinyint(1) DEFAULT 0, b decimal(10,2) NOT NULL DEFAULT 1.50, c float, d double unsigned, e bit(1) DEFAULT b'0', f int zerofill, g mediumint, h bigint unsigned NOT NULL);
-- new
CREATE TABLE t (a tinyint(4) DEFAULT 1, b decimal(12,4) NOT NULL DEFAULT 0, c double, d float(7,3), e bit(8) DEFAULT b'101', f int unsigned zerofill, g smallint, h serial);

-- pair: dates and times of all kinds
-- old
CREATE TABLE t (a date DEFAULT '2020-01-01', b time, c datetime DEFAULT current_timestamp(), d timestamp NOT NULL DEFAULT '2020-01-01 00:00:00', e year, f datetime(3) DEFAULT current_timestamp(3) ON UPDATE current_timestamp(3));
-- new
CREATE TABLE t (a date DEFAULT (curdate()), b time(6), c datetime(6) DEFAULT current_timestamp(6) ON UPDATE current_timestamp(6), d timestamp NULL DEFAULT NULL, e year DEFAULT 2000, f datetime(3));

-- pair: texts and bytes of all kinds
-- old
CREATE TABLE t (a char(3), b tinytext, c text, d binary(4), e blob, f varchar(10) DEFAULT '', g json, h uuid, i inet6, j varbinary(3));
-- new
CREATE TABLE t (a varchar(30) NOT NULL DEFAULT 'it''s \\ "x"', b mediumtext, c longtext DEFAULT 'x', d varbinary(4) DEFAULT 'ab', e longblob, f varchar(300) DEFAULT concat('a', 'b'), g longtext, h char(36), i inet6, j json);

-- pair: an enum and a set lose, gain and move values
-- old
CREATE TABLE t (a enum('a','b','c') NOT NULL DEFAULT 'b', b set('x','y') DEFAULT 'x,y', c enum('one','t,w''o')); CREATE VIEW v AS SELECT a, b FROM t;
-- new
CREATE TABLE t (a enum('c','b','new') NOT NULL DEFAULT 'new', b set('y','z','x') DEFAULT 'x', c enum('one','t,w''o','`)')); CREATE VIEW v AS SELECT a, b FROM t;

-- pair: character sets and collations of columns change
-- old
CREATE TABLE t (a varchar(10) CHARACTER SET latin1, b text COLLATE utf8mb4_bin, c varchar(10), d enum('a') CHARACTER SET ascii, KEY kb (b(5)));
-- new
CREATE TABLE t (a varchar(10), b text, c varchar(10) CHARACTER SET latin1 COLLATE latin1_bin, d enum('a') COLLATE utf8mb4_unicode_ci, KEY kb (b(7)));

-- pair: the collation of a table changes under a foreign key of texts
-- old
CREATE TABLE p (code varchar(10) PRIMARY KEY) DEFAULT CHARSET=latin1; CREATE TABLE c (code varchar(10), CONSTRAINT fk FOREIGN KEY (code) REFERENCES p (code)) DEFAULT CHARSET=latin1;
-- new
CREATE TABLE p (code varchar(10) PRIMARY KEY) DEFAULT CHARSET=utf8mb4; CREATE TABLE c (code varchar(10), CONSTRAINT fk FOREIGN KEY (code) REFERENCES p (code)) DEFAULT CHARSET=utf8mb4;

-- pair: AUTO_INCREMENT comes, goes and gets another type under foreign keys
-- old
CREATE TABLE p (id int AUTO_INCREMENT PRIMARY KEY); CREATE TABLE c (id int PRIMARY KEY, p int, CONSTRAINT fk FOREIGN KEY (p) REFERENCES p (id) ON DELETE SET NULL); CREATE TABLE g (id int PRIMARY KEY);
-- new
CREATE TABLE p (id bigint unsigned AUTO_INCREMENT PRIMARY KEY); CREATE TABLE c (id int PRIMARY KEY, p bigint unsigned NOT NULL, CONSTRAINT fk FOREIGN KEY (p) REFERENCES p (id) ON DELETE CASCADE); CREATE TABLE g (id int AUTO_INCREMENT PRIMARY KEY);

-- pair: a primary key comes, goes and gets other columns
-- old
CREATE TABLE a (x int NOT NULL, y int NOT NULL); CREATE TABLE b (x int PRIMARY KEY, y int NOT NULL); CREATE TABLE c (x int, y int, PRIMARY KEY (x, y)); CREATE TABLE d (x varchar(100), PRIMARY KEY (x(10)));
-- new
CREATE TABLE a (x int NOT NULL, y int NOT NULL, PRIMARY KEY (y)); CREATE TABLE b (x int, y int NOT NULL); CREATE TABLE c (x int, y int, PRIMARY KEY (y, x)); CREATE TABLE d (x varchar(100), PRIMARY KEY (x));

-- pair: a unique key becomes a plain one, and a primary one
-- old
CREATE TABLE t (a int NOT NULL, b int NOT NULL, UNIQUE KEY a (a), UNIQUE KEY b (b));
-- new
CREATE TABLE t (a int NOT NULL, b int NOT NULL, PRIMARY KEY (a), KEY b (b));

-- pair: keys with lengths, orders, comments and methods
-- old
CREATE TABLE t (a varchar(200), b text, c int, KEY k1 (a(10)) COMMENT 'old', KEY k2 (c) USING BTREE, KEY k3 (b(20)), UNIQUE KEY k4 (a(5), c));
-- new
CREATE TABLE t (a varchar(200), b text, c int, KEY k1 (a) COMMENT 'it''s new', KEY k2 (c DESC, a(3)), KEY k3 (b(25)) IGNORED, UNIQUE KEY k4 (a(6), c DESC));

-- pair: full text and spatial keys come and go
-- old
CREATE TABLE t (a text, b varchar(50), FULLTEXT KEY fa (a)); CREATE TABLE g (p point NOT NULL, SPATIAL KEY sp (p));
-- new
CREATE TABLE t (a text, b varchar(50), FULLTEXT KEY fa (a, b), FULLTEXT KEY fb (b)); CREATE TABLE g (p point NOT NULL, q polygon NOT NULL, SPATIAL KEY sq (q));

-- pair: a key that a foreign key needs changes
-- old
CREATE TABLE p (a int, b int, KEY k (a), PRIMARY KEY (b)); CREATE TABLE c (a int, CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (a));
-- new
CREATE TABLE p (a int, b int, UNIQUE KEY k2 (a, b), PRIMARY KEY (b)); CREATE TABLE c (a int, b int, KEY own (a, b), CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (a));

-- pair: foreign keys of several columns get other actions
-- old
CREATE TABLE p (a int, b int, PRIMARY KEY (a, b)); CREATE TABLE c (id int PRIMARY KEY, a int, b int, CONSTRAINT fk FOREIGN KEY (a, b) REFERENCES p (a, b) ON DELETE SET NULL ON UPDATE CASCADE);
-- new
CREATE TABLE p (a int, b int, PRIMARY KEY (a, b)); CREATE TABLE c (id int PRIMARY KEY, a int, b int, CONSTRAINT fk FOREIGN KEY (a, b) REFERENCES p (a, b) ON UPDATE SET NULL, CONSTRAINT self FOREIGN KEY (a) REFERENCES c (id) ON DELETE NO ACTION);

-- pair: a ring of foreign keys changes its types
-- old
CREATE TABLE a (id int PRIMARY KEY, o int); CREATE TABLE b (id int PRIMARY KEY, o int, CONSTRAINT ba FOREIGN KEY (o) REFERENCES a (id)); ALTER TABLE a ADD CONSTRAINT ab FOREIGN KEY (o) REFERENCES b (id);
-- new
CREATE TABLE a (id bigint PRIMARY KEY, o bigint); CREATE TABLE b (id bigint PRIMARY KEY, o bigint, CONSTRAINT ba FOREIGN KEY (o) REFERENCES a (id) ON DELETE CASCADE); ALTER TABLE a ADD CONSTRAINT ab FOREIGN KEY (o) REFERENCES b (id);

-- pair: a ring of foreign keys is turned around
-- old
CREATE TABLE a (id int PRIMARY KEY, o int); CREATE TABLE b (id int PRIMARY KEY, o int, CONSTRAINT ba FOREIGN KEY (o) REFERENCES a (id)); CREATE TABLE c (id int PRIMARY KEY, o int, CONSTRAINT cb FOREIGN KEY (o) REFERENCES b (id)); ALTER TABLE a ADD CONSTRAINT ac FOREIGN KEY (o) REFERENCES c (id);
-- new
CREATE TABLE a (id int PRIMARY KEY, o int); CREATE TABLE b (id int PRIMARY KEY, o int); ALTER TABLE a ADD CONSTRAINT ab FOREIGN KEY (o) REFERENCES b (id); CREATE TABLE d (id int PRIMARY KEY, o int, CONSTRAINT da FOREIGN KEY (o) REFERENCES a (id)); ALTER TABLE b ADD CONSTRAINT bd FOREIGN KEY (o) REFERENCES d (id);

-- pair: a generated column gets another expression under a key and a check
-- old
CREATE TABLE t (a int, b int AS (a * 2) STORED, c varchar(10) AS (concat('x', a)) VIRTUAL, KEY kb (b), KEY kc (c), CONSTRAINT cb CHECK (b > 0));
-- new
CREATE TABLE t (a int, b int AS (a * 3) STORED, c varchar(20) AS (concat('y', a)) STORED, KEY kb (b), UNIQUE KEY kc (c), CONSTRAINT cb CHECK (b > 0));

-- pair: a column becomes a generated one and back
-- old
CREATE TABLE t (id int PRIMARY KEY, a int, b int AS (a) STORED, c int AS (a) VIRTUAL);
-- new
CREATE TABLE t (id int PRIMARY KEY, a int AS (id + 1) VIRTUAL, b int NOT NULL DEFAULT 4, c int);

-- pair: the type of a column changes under a generated one
-- old
CREATE TABLE t (a int, b int AS (a + 1) STORED, c int AS (b + 1) VIRTUAL);
-- new
CREATE TABLE t (a bigint, b bigint AS (a + 1) STORED, c bigint AS (b + 1) VIRTUAL);

-- pair: checks of columns and of tables change
-- old
CREATE TABLE t (a int CHECK (a > 0), b int, c int CHECK (c <> 5), CONSTRAINT ab CHECK (a < b));
-- new
CREATE TABLE t (a int CHECK (a > 1), b int CHECK (b in (1, 2, 3)), c int, CONSTRAINT ab CHECK (a <= b), CHECK (c is null or c > 3));

-- pair: comments come, go and change
-- old
CREATE TABLE t (a int COMMENT 'old', b int COMMENT 'gone', c int) COMMENT='table'; CREATE PROCEDURE p() COMMENT 'old' SELECT 1; CREATE TABLE u (a int);
-- new
CREATE TABLE t (a int COMMENT 'it''s "new" \\ ; -- x', b int, c int COMMENT 'c') COMMENT='it''s; new'; CREATE PROCEDURE p() COMMENT 'new' SELECT 1; CREATE TABLE u (a int) COMMENT='here';

-- pair: a table goes to another engine and row format
-- old
CREATE TABLE a (id int PRIMARY KEY) ENGINE=MyISAM; CREATE TABLE b (id int PRIMARY KEY) ENGINE=InnoDB ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8; CREATE TABLE c (id int) ENGINE=MEMORY;
-- new
CREATE TABLE a (id int PRIMARY KEY) ENGINE=MEMORY; CREATE TABLE b (id int PRIMARY KEY) ENGINE=InnoDB; CREATE TABLE c (id int) ENGINE=InnoDB STATS_PERSISTENT=1 ROW_FORMAT=COMPACT;

-- pair: options without a word to take them back are set and left
-- old
CREATE TABLE t (a int) ENGINE=MyISAM MAX_ROWS=100 MIN_ROWS=5 CHECKSUM=1 PACK_KEYS=1 AVG_ROW_LENGTH=50 DELAY_KEY_WRITE=1;
-- new
CREATE TABLE t (a int) ENGINE=MyISAM MAX_ROWS=200;

-- pair: partitions of all kinds change
-- old
CREATE TABLE r (id int, at date) PARTITION BY RANGE (to_days(at)) (PARTITION p0 VALUES LESS THAN (737791), PARTITION p1 VALUES LESS THAN MAXVALUE); CREATE TABLE l (id int) PARTITION BY LIST (id) (PARTITION a VALUES IN (1, 2), PARTITION b VALUES IN (3)); CREATE TABLE k (id int PRIMARY KEY) PARTITION BY KEY () PARTITIONS 2;
-- new
CREATE TABLE r (id int, at date) PARTITION BY RANGE COLUMNS (at) (PARTITION p0 VALUES LESS THAN ('2020-01-01'), PARTITION p1 VALUES LESS THAN ('2021-01-01'), PARTITION p2 VALUES LESS THAN (MAXVALUE)); CREATE TABLE l (id int) PARTITION BY LIST (id) (PARTITION a VALUES IN (1), PARTITION b VALUES IN (2, 3), PARTITION c VALUES IN (NULL)); CREATE TABLE k (id int PRIMARY KEY) PARTITION BY KEY () PARTITIONS 5;

-- pair: a partitioned table gets another key and a column
-- old
CREATE TABLE t (id int NOT NULL, at date NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE COLUMNS (at) (PARTITION p0 VALUES LESS THAN ('2020-01-01') COMMENT = 'old', PARTITION p1 VALUES LESS THAN (MAXVALUE));
-- new
CREATE TABLE t (id bigint NOT NULL, at date NOT NULL, n int DEFAULT 1, PRIMARY KEY (at, id), KEY n (n)) PARTITION BY RANGE COLUMNS (at) SUBPARTITION BY HASH (id) SUBPARTITIONS 2 (PARTITION p0 VALUES LESS THAN ('2020-01-01'), PARTITION p1 VALUES LESS THAN (MAXVALUE));

-- pair: three views stand on each other and change
-- old
CREATE TABLE t (a int, b int); CREATE VIEW a3 AS SELECT a, b FROM t; CREATE VIEW a2 AS SELECT a FROM a3; CREATE VIEW a1 AS SELECT a FROM a2 WHERE a > 1 WITH CASCADED CHECK OPTION;
-- new
CREATE TABLE t (a int, c int); CREATE VIEW a3 AS SELECT c AS b, a FROM t; CREATE ALGORITHM=MERGE VIEW a2 AS SELECT b FROM a3; CREATE VIEW a1 AS SELECT b FROM a2;

-- pair: a view goes over to the view that stood on it
-- old
CREATE TABLE t (a int, b int); CREATE VIEW one AS SELECT a FROM t; CREATE VIEW two AS SELECT a FROM one;
-- new
CREATE TABLE t (a int, b int); CREATE VIEW two AS SELECT a FROM t; CREATE VIEW one AS SELECT a FROM two;

-- pair: a view uses a function and another table's columns
-- old
CREATE TABLE t (a int); CREATE FUNCTION f(x int) RETURNS int DETERMINISTIC RETURN x; CREATE VIEW v AS SELECT f(a) AS n FROM t;
-- new
CREATE TABLE t (a int); CREATE FUNCTION g(x int) RETURNS int DETERMINISTIC NO SQL SQL SECURITY INVOKER RETURN x * 2; CREATE TABLE u (`from` int, a int); CREATE VIEW v AS SELECT g(t.a) AS n, u.`from` FROM t JOIN u ON t.a = u.a;

-- pair: triggers fire in another order and at other moments
-- old
CREATE TABLE t (a int); CREATE TABLE log (a int); CREATE TRIGGER one AFTER INSERT ON t FOR EACH ROW INSERT INTO log VALUES (1); CREATE TRIGGER two AFTER INSERT ON t FOR EACH ROW INSERT INTO log VALUES (2); CREATE TRIGGER three AFTER INSERT ON t FOR EACH ROW INSERT INTO log VALUES (3);
-- new
CREATE TABLE t (a int); CREATE TABLE log (a int); CREATE TRIGGER three AFTER INSERT ON t FOR EACH ROW INSERT INTO log VALUES (3); CREATE TRIGGER one AFTER INSERT ON t FOR EACH ROW INSERT INTO log VALUES (1); CREATE TRIGGER two BEFORE DELETE ON t FOR EACH ROW INSERT INTO log VALUES (2);

-- pair: bodies of many statements change
-- old
CREATE TABLE t (a int);
DELIMITER //
CREATE PROCEDURE p(IN x int, OUT y varchar(10)) BEGIN DECLARE i int DEFAULT 0; WHILE i < x DO INSERT INTO t VALUES (i); SET i = i + 1; END WHILE; SET y = 'a;b'; END //
CREATE TRIGGER tr BEFORE UPDATE ON t FOR EACH ROW BEGIN IF NEW.a IS NULL THEN SET NEW.a = 0; END IF; END //
DELIMITER ;
-- new
CREATE TABLE t (a int);
DELIMITER //
CREATE PROCEDURE p(IN x int, INOUT y varchar(20)) READS SQL DATA BEGIN SELECT count(*) FROM t; SET y = concat(y, '//', x); END //
CREATE TRIGGER tr BEFORE UPDATE ON t FOR EACH ROW BEGIN IF NEW.a < 0 THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no; never'; END IF; END //
DELIMITER ;

-- pair: a function gives way to a procedure and an aggregate comes
-- old
CREATE FUNCTION f(x int) RETURNS varchar(20) CHARSET latin1 DETERMINISTIC RETURN 'x'; CREATE PROCEDURE q() SELECT 1;
-- new
CREATE PROCEDURE f(x int) SELECT x; CREATE FUNCTION q() RETURNS int NO SQL RETURN 1;

-- pair: events change their times and states
-- old
CREATE TABLE t (a int); CREATE EVENT one ON SCHEDULE AT '2035-01-01 00:00:00' ON COMPLETION PRESERVE DO DELETE FROM t; CREATE EVENT two ON SCHEDULE EVERY 1 HOUR STARTS '2030-01-01 00:00:00' COMMENT 'old' DO DELETE FROM t;
-- new
CREATE TABLE t (a int); CREATE EVENT one ON SCHEDULE AT '2036-01-01 00:00:00' ON COMPLETION PRESERVE DISABLE DO DELETE FROM t; CREATE EVENT two ON SCHEDULE EVERY 1 HOUR STARTS '2030-01-01 00:00:00' ENDS '2031-01-01 00:00:00' COMMENT 'new' DO DELETE FROM t WHERE a = 1; CREATE EVENT three ON SCHEDULE EVERY 1 YEAR STARTS '2030-01-01 00:00:00' DO SET @a = 1;

-- pair: system versioning comes, goes and changes
-- old
CREATE TABLE a (x int) WITH SYSTEM VERSIONING; CREATE TABLE b (x int); CREATE TABLE c (x int, y int) WITH SYSTEM VERSIONING;
-- new
CREATE TABLE a (x int); CREATE TABLE b (x int) WITH SYSTEM VERSIONING; CREATE TABLE c (x int, y int WITHOUT SYSTEM VERSIONING) WITH SYSTEM VERSIONING;

-- pair: invisible and compressed columns
-- old
CREATE TABLE t (a int, b int INVISIBLE DEFAULT 3, c text COMPRESSED, d int);
-- new
CREATE TABLE t (a int, b int DEFAULT 3, c text, d int INVISIBLE);

-- pair: periods of time come and go
-- old
CREATE TABLE t (a int, s date NOT NULL, e date NOT NULL, PERIOD FOR app (s, e)); CREATE TABLE u (a int, s date NOT NULL, e date NOT NULL);
-- new
CREATE TABLE t (a int, s date NOT NULL, e date NOT NULL); CREATE TABLE u (a int, s date NOT NULL, e date NOT NULL, PERIOD FOR app (s, e), UNIQUE KEY k (a, app WITHOUT OVERLAPS));

-- pair: sequences change and tables use others
-- old
CREATE SEQUENCE s START WITH 5; CREATE SEQUENCE g; CREATE TABLE t (id int DEFAULT nextval(s), n int DEFAULT nextval(g));
-- new
CREATE SEQUENCE s START WITH 5 MINVALUE -5 NOCACHE CYCLE; CREATE SEQUENCE h INCREMENT BY -1 MAXVALUE 100 MINVALUE 1; CREATE TABLE t (id int DEFAULT nextval(h), n int);

-- pair: everything goes, and other things come under its names
-- old
CREATE TABLE a (x int); CREATE VIEW b AS SELECT x FROM a; CREATE SEQUENCE c; CREATE FUNCTION d() RETURNS int NO SQL RETURN 1; CREATE TRIGGER e BEFORE INSERT ON a FOR EACH ROW SET NEW.x = 1;
-- new
CREATE SEQUENCE a; CREATE TABLE b (x int); CREATE VIEW c AS SELECT x FROM b; CREATE TABLE d (x int); CREATE TRIGGER e BEFORE INSERT ON d FOR EACH ROW SET NEW.x = 2;

-- pair: names in other alphabets, in other cases and as long as they may be
-- old
CREATE TABLE `größe` (`naïve` int, `Straße 1` int, KEY `schlüssel` (`naïve`)); CREATE TABLE tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt (cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc int);
-- new
CREATE TABLE `größe` (`naïve` bigint COMMENT '数', `STRASSE` int, KEY `schlüssel` (`STRASSE`)); CREATE TABLE tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt (cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc bigint PRIMARY KEY); CREATE VIEW `sicht ``x` AS SELECT `naïve` FROM `größe`;

-- pair: a column only changes the case of its name
-- old
CREATE TABLE t (Id int, `Key` int, KEY K (`Key`));
-- new
CREATE TABLE t (id int, `key` int, KEY k (`key`));
