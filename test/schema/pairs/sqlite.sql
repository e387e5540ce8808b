-- Each pair: the old schema, then the new one. The titles are those of the tests.

-- pair: columns come at the end
-- old
CREATE TABLE t (id INTEGER PRIMARY KEY);
-- new
CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL DEFAULT 'x', note TEXT COLLATE NOCASE);

-- pair: a column that cannot be added plainly comes
-- old
CREATE TABLE t (id INTEGER PRIMARY KEY);
-- new
CREATE TABLE t (id INTEGER PRIMARY KEY, code TEXT UNIQUE, at TEXT DEFAULT CURRENT_TIMESTAMP, twice INT AS (id * 2) STORED, other INT REFERENCES t);

-- pair: a column goes, with its index, and others keep theirs
-- old
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b INT); CREATE INDEX t_a ON t (a); CREATE INDEX t_b ON t (b);
-- new
CREATE TABLE t (id INTEGER PRIMARY KEY, b INT); CREATE INDEX t_b ON t (b);

-- pair: types, defaults, NOT NULL and collations change
-- old
CREATE TABLE t (a INT NOT NULL, b TEXT DEFAULT 'x', c TEXT, d "double precision");
-- new
CREATE TABLE t (a BIGINT, b TEXT DEFAULT 'y' NOT NULL, c TEXT COLLATE NOCASE, d REAL DEFAULT (1.5));

-- pair: the primary key changes
-- old
CREATE TABLE t (a INT, b INT, PRIMARY KEY (a)); CREATE TABLE u (id INTEGER PRIMARY KEY);
-- new
CREATE TABLE t (a INT, b INT, PRIMARY KEY (b, a)); CREATE TABLE u (id INTEGER PRIMARY KEY AUTOINCREMENT);

-- pair: constraints come, go and change
-- old
CREATE TABLE t (a INT CHECK (a > 0), b INT UNIQUE, c INT CONSTRAINT named CHECK (c < 5));
-- new
CREATE TABLE t (a INT CHECK (a > 1), b INT, c INT, CONSTRAINT pair UNIQUE (b, c) ON CONFLICT REPLACE);

-- pair: foreign keys come, go and change
-- old
CREATE TABLE p (id INTEGER PRIMARY KEY, code TEXT UNIQUE); CREATE TABLE c (a INT REFERENCES p, b TEXT);
-- new
CREATE TABLE p (id INTEGER PRIMARY KEY, code TEXT UNIQUE); CREATE TABLE c (a INT REFERENCES p ON DELETE CASCADE, b TEXT, FOREIGN KEY (b) REFERENCES p (code) DEFERRABLE INITIALLY DEFERRED);

-- pair: STRICT and WITHOUT ROWID come
-- old
CREATE TABLE s (a INT); CREATE TABLE w (a TEXT PRIMARY KEY);
-- new
CREATE TABLE s (a INT) STRICT; CREATE TABLE w (a TEXT PRIMARY KEY) WITHOUT ROWID;

-- pair: a table that triggers and views stand on is made anew
-- old
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); CREATE TABLE log (x);
CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.a); END;
CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM v;
-- new
CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(20) NOT NULL); CREATE TABLE log (x);
CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.a); END;
CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM v;

-- pair: a column goes that a view and a trigger had
-- old
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT); CREATE TABLE log (x);
CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.b); END;
CREATE VIEW v AS SELECT a, b FROM t; CREATE VIEW w AS SELECT b FROM v;
-- new
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); CREATE TABLE log (x);
CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.a); END;
CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM v;

-- pair: indexes change
-- old
CREATE TABLE t (a, b); CREATE INDEX one ON t (a); CREATE UNIQUE INDEX two ON t (b) WHERE b > 1;
-- new
CREATE TABLE t (a, b); CREATE INDEX one ON t (a DESC, b COLLATE NOCASE); CREATE INDEX two ON t (lower(b)); CREATE UNIQUE INDEX three ON t (b);

-- pair: a table becomes a view
-- old
CREATE TABLE base (a); CREATE TABLE v (a);
-- new
CREATE TABLE base (a); CREATE VIEW v AS SELECT a FROM base;

-- pair: a virtual table comes
-- old
CREATE TABLE t (a);
-- new
CREATE TABLE t (a); CREATE VIRTUAL TABLE f USING fts5(body);

-- pair: names in quotes of every kind
-- old
CREATE TABLE "My table" ("a b" INT, [c] INT, `d` INT);
-- new
CREATE TABLE "My table" ("a b" INT NOT NULL, c INT, "d" INT, "e""f" TEXT); CREATE INDEX "i x" ON "My table" ("a b");

-- pair: generated columns change
-- old
CREATE TABLE t (a INT, b INT AS (a + 1), c INT AS (a) STORED);
-- new
CREATE TABLE t (a INT, b INT AS (a + 2), c INT, d INT AS (a * 3) VIRTUAL);

-- pair: a column comes in the middle, and the others keep their place
-- old
CREATE TABLE t (id INTEGER PRIMARY KEY, b INT); INSERT INTO t VALUES (1, 2);
-- new
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT NOT NULL DEFAULT 5, b INT);

-- pair: a column goes with the checks, keys and generated columns on it
-- old
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b INT, c INT AS (a + b), UNIQUE (a, b), CHECK (a > b)); CREATE INDEX t_ab ON t (b, a); CREATE INDEX t_where ON t (id) WHERE a > 1;
-- new
CREATE TABLE t (id INTEGER PRIMARY KEY, b INT, UNIQUE (b)); CREATE INDEX t_ab ON t (b);

-- pair: two columns change their types with each other
-- old
CREATE TABLE t (a INT, b TEXT, c); CREATE INDEX t_a ON t (a); CREATE VIEW v AS SELECT a, b FROM t;
-- new
CREATE TABLE t (a TEXT, b INT, c BLOB); CREATE INDEX t_a ON t (a); CREATE VIEW v AS SELECT a, b FROM t;

-- pair: defaults of all kinds come and go
-- old
CREATE TABLE t (a INT DEFAULT 1, b TEXT DEFAULT 'it''s', c TEXT DEFAULT CURRENT_TIMESTAMP, d REAL DEFAULT -1.5e3, e BLOB DEFAULT x'00ff', f INT DEFAULT NULL, g INT DEFAULT (1 + 1), h INT DEFAULT TRUE);
-- new
CREATE TABLE t (a INT DEFAULT -1, b TEXT DEFAULT 'it''S', c TEXT DEFAULT (datetime('now')), d REAL, e BLOB DEFAULT x'01', f INT DEFAULT 0, g INT DEFAULT (1 + 2), h INT DEFAULT FALSE);

-- pair: columns that cannot have a plain default come with rows there
-- old
CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1), (2);
-- new
CREATE TABLE t (id INTEGER PRIMARY KEY, at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP, n INT NOT NULL DEFAULT (abs(-3)), u TEXT UNIQUE, c INT CHECK (c > 0) DEFAULT 1);

-- pair: the case of strings, names and comments
-- old
CREATE TABLE t (a TEXT DEFAULT 'x', b TEXT CHECK (b <> 'Yes')); CREATE VIEW v AS SELECT 'a' AS x;
-- new
CREATE TABLE t (a TEXT DEFAULT 'X', b TEXT CHECK (b <> 'yes')); CREATE VIEW v AS SELECT 'A' AS x;

-- pair: a rowid table gets a key of several columns, and back
-- old
CREATE TABLE t (id INTEGER PRIMARY KEY, a INT NOT NULL); INSERT INTO t VALUES (7, 8);
-- new
CREATE TABLE t (id INTEGER, a INT NOT NULL, PRIMARY KEY (id, a));

-- pair: AUTOINCREMENT comes with rows there
-- old
CREATE TABLE t (id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES (41, 'x'); CREATE TABLE u (id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO u VALUES (5);
-- new
CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a); CREATE TABLE u (id INTEGER PRIMARY KEY);

-- pair: keys with orders, collations and conflicts
-- old
CREATE TABLE t (a TEXT, b INT, PRIMARY KEY (a COLLATE NOCASE, b DESC), UNIQUE (b) ON CONFLICT IGNORE); CREATE TABLE u (a INT PRIMARY KEY DESC);
-- new
CREATE TABLE t (a TEXT, b INT, PRIMARY KEY (a, b), UNIQUE (b COLLATE BINARY) ON CONFLICT FAIL); CREATE TABLE u (a INT PRIMARY KEY ON CONFLICT REPLACE);

-- pair: NOT NULL and its conflicts change
-- old
CREATE TABLE t (a INT NOT NULL ON CONFLICT IGNORE, b INT NOT NULL, c INT CONSTRAINT nn NOT NULL);
-- new
CREATE TABLE t (a INT NOT NULL, b INT NOT NULL ON CONFLICT REPLACE DEFAULT 1, c INT);

-- pair: checks move from a column to the table and get names
-- old
CREATE TABLE t (a INT CHECK (a > 0), b INT CONSTRAINT small CHECK (b < 10), CHECK (a < b));
-- new
CREATE TABLE t (a INT CONSTRAINT big CHECK (a > 0), b INT, CONSTRAINT small CHECK (b < 10), CONSTRAINT less CHECK (a < b));

-- pair: foreign keys get other actions, columns and moments
-- old
CREATE TABLE p (a INT, b INT, PRIMARY KEY (a, b)); CREATE TABLE c (a INT, b INT, FOREIGN KEY (a, b) REFERENCES p (a, b) ON DELETE CASCADE ON UPDATE SET NULL);
-- new
CREATE TABLE p (a INT, b INT, PRIMARY KEY (a, b)); CREATE TABLE c (a INT, b INT, d INT, CONSTRAINT fk FOREIGN KEY (a, b) REFERENCES p (a, b) ON DELETE SET DEFAULT DEFERRABLE INITIALLY DEFERRED);

-- pair: a ring of foreign keys comes
-- old
CREATE TABLE keep (id INTEGER PRIMARY KEY);
-- new
CREATE TABLE keep (id INTEGER PRIMARY KEY); CREATE TABLE a (id INTEGER PRIMARY KEY, b INT REFERENCES b); CREATE TABLE b (id INTEGER PRIMARY KEY, c INT REFERENCES c ON DELETE CASCADE); CREATE TABLE c (id INTEGER PRIMARY KEY, a INT REFERENCES a, c INT REFERENCES c);

-- pair: a ring of foreign keys with rows changes its types
-- old
CREATE TABLE a (id INTEGER PRIMARY KEY, b INT REFERENCES b); CREATE TABLE b (id INTEGER PRIMARY KEY, a INT REFERENCES a ON DELETE CASCADE); INSERT INTO b VALUES (1, 1); INSERT INTO a VALUES (1, 1);
-- new
CREATE TABLE a (id INTEGER PRIMARY KEY, b BIGINT NOT NULL REFERENCES b ON DELETE CASCADE); CREATE TABLE b (id INTEGER PRIMARY KEY, a BIGINT REFERENCES a, extra TEXT);

-- pair: the parent of a foreign key is rebuilt and its child is not
-- old
CREATE TABLE p (id INTEGER PRIMARY KEY, code TEXT UNIQUE); CREATE TABLE c (p TEXT REFERENCES p (code) ON DELETE CASCADE); INSERT INTO p VALUES (1, 'x'); INSERT INTO c VALUES ('x');
-- new
CREATE TABLE p (id INTEGER PRIMARY KEY, code VARCHAR(10) NOT NULL UNIQUE); CREATE TABLE c (p TEXT REFERENCES p (code) ON DELETE CASCADE);

-- pair: STRICT and WITHOUT ROWID go together and apart
-- old
CREATE TABLE a (k TEXT PRIMARY KEY, v INT) STRICT, WITHOUT ROWID; CREATE TABLE b (k TEXT PRIMARY KEY, v ANY) STRICT; CREATE TABLE c (k INT PRIMARY KEY, v TEXT) WITHOUT ROWID; INSERT INTO c VALUES (1, 'x');
-- new
CREATE TABLE a (k TEXT PRIMARY KEY, v INT) WITHOUT ROWID; CREATE TABLE b (k TEXT PRIMARY KEY, v ANY) WITHOUT ROWID, STRICT; CREATE TABLE c (k INT PRIMARY KEY, v TEXT);

-- pair: a generated column comes, goes and becomes plain
-- old
CREATE TABLE t (a INT, b INT GENERATED ALWAYS AS (a * 2) STORED, c TEXT AS (a || 'x') VIRTUAL, d INT); INSERT INTO t (a, d) VALUES (1, 2); CREATE INDEX t_b ON t (b);
-- new
CREATE TABLE t (a INT, b INT, c TEXT AS (a || 'y') STORED, d INT AS (a + 1), e INT AS (d + 1)); CREATE INDEX t_b ON t (b);

-- pair: indexes on expressions, with orders and conditions
-- old
CREATE TABLE t (a TEXT, b INT, c INT); CREATE INDEX one ON t (lower(a)); CREATE INDEX two ON t (b) WHERE c IS NOT NULL; CREATE INDEX three ON t (a COLLATE NOCASE, b DESC); CREATE UNIQUE INDEX four ON t (b + c);
-- new
CREATE TABLE t (a TEXT, b INT, c INT); CREATE INDEX one ON t (upper(a)); CREATE INDEX two ON t (b) WHERE c IS NULL; CREATE INDEX three ON t (a COLLATE RTRIM, b); CREATE INDEX four ON t (b + c) WHERE b > 0 AND c < 9;

-- pair: an index moves to another table
-- old
CREATE TABLE t (a); CREATE TABLE u (a); CREATE INDEX i ON t (a);
-- new
CREATE TABLE t (a); CREATE TABLE u (a); CREATE INDEX i ON u (a);

-- pair: a unique constraint becomes a unique index
-- old
CREATE TABLE t (a INT UNIQUE, b INT, UNIQUE (a, b)); CREATE UNIQUE INDEX t_b ON t (b);
-- new
CREATE TABLE t (a INT, b INT UNIQUE); CREATE UNIQUE INDEX t_a ON t (a); CREATE UNIQUE INDEX t_ab ON t (a, b);

-- pair: three views stand on each other and change with the table
-- old
CREATE TABLE t (a INT, b INT); CREATE VIEW v3 AS SELECT a, b FROM t; CREATE VIEW v2 AS SELECT a FROM v3; CREATE VIEW v1 (x) AS SELECT a FROM v2;
-- new
CREATE TABLE t (a TEXT, c INT); CREATE VIEW v3 AS SELECT a, c FROM t; CREATE VIEW v2 AS SELECT c FROM v3; CREATE VIEW v1 (x) AS SELECT c FROM v2;

-- pair: a view goes over to the view that stood on it
-- old
CREATE TABLE t (a INT); CREATE VIEW one AS SELECT a FROM t; CREATE VIEW two AS SELECT a FROM one;
-- new
CREATE TABLE t (a INT); CREATE VIEW two AS SELECT a FROM t; CREATE VIEW one AS SELECT a FROM two;

-- pair: a view and its triggers change
-- old
CREATE TABLE t (a INT); CREATE VIEW v AS SELECT a FROM t; CREATE TRIGGER tr INSTEAD OF INSERT ON v BEGIN INSERT INTO t VALUES (new.a); END;
-- new
CREATE TABLE t (a INT); CREATE VIEW v AS SELECT a, a + 1 AS b FROM t; CREATE TRIGGER tr INSTEAD OF INSERT ON v BEGIN INSERT INTO t VALUES (new.a); END; CREATE TRIGGER gone INSTEAD OF DELETE ON v BEGIN DELETE FROM t WHERE a = old.a; END;

-- pair: a view changes and its trigger does not
-- old
CREATE TABLE t (a INT, b INT); CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM v; CREATE TRIGGER tr INSTEAD OF UPDATE ON v BEGIN SELECT 1; END;
-- new
CREATE TABLE t (a INT, b INT); CREATE VIEW v AS SELECT a FROM t WHERE b > 0; CREATE VIEW w AS SELECT a FROM v; CREATE TRIGGER tr INSTEAD OF UPDATE ON v BEGIN SELECT 1; END;

-- pair: triggers of all kinds change
-- old
CREATE TABLE t (a INT, b INT); CREATE TABLE log (x); CREATE TRIGGER one BEFORE INSERT ON t WHEN new.a > 1 BEGIN SELECT RAISE(ABORT, 'no; never'); END; CREATE TRIGGER two AFTER UPDATE OF a ON t BEGIN INSERT INTO log VALUES (old.a); DELETE FROM log WHERE x = 1; END; CREATE TRIGGER three AFTER DELETE ON t BEGIN INSERT INTO log SELECT CASE WHEN old.a THEN 1 ELSE 2 END; END;
-- new
CREATE TABLE t (a INT, b INT); CREATE TABLE log (x); CREATE TRIGGER one BEFORE INSERT ON t WHEN new.a > 2 BEGIN SELECT RAISE(ABORT, 'no; never'); END; CREATE TRIGGER two AFTER UPDATE OF a, b ON t BEGIN INSERT INTO log VALUES (old.b); END; CREATE TRIGGER four AFTER DELETE ON log BEGIN INSERT INTO t SELECT CASE WHEN old.x THEN 1 ELSE 2 END, 0; END;

-- pair: a trigger of one table names another that is rebuilt
-- old
CREATE TABLE t (a INT); CREATE TABLE log (x INT, y INT); CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log (x) VALUES (new.a); END; CREATE VIEW v AS SELECT x FROM log;
-- new
CREATE TABLE t (a INT); CREATE TABLE log (x TEXT NOT NULL, z INT); CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log (x) VALUES (new.a); END; CREATE VIEW v AS SELECT x FROM log;

-- pair: a trigger of one table names a column of another that goes
-- old
CREATE TABLE t (a INT); CREATE TABLE log (x INT, y INT); CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log (y) VALUES (new.a); END;
-- new
CREATE TABLE t (a INT); CREATE TABLE log (x INT); CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log (x) VALUES (new.a); END;

-- pair: a trigger names a table that goes
-- old
CREATE TABLE t (a INT); CREATE TABLE log (x INT); CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.a); END; CREATE VIEW v AS SELECT * FROM t, log;
-- new
CREATE TABLE t (a INT, b INT UNIQUE); CREATE TABLE audit (x INT); CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO audit VALUES (new.a); END; CREATE VIEW v AS SELECT * FROM t, audit;

-- pair: virtual tables change and go
-- old
CREATE VIRTUAL TABLE f USING fts5(body); CREATE VIRTUAL TABLE r USING rtree(id, x0, x1); CREATE TABLE t (a);
-- new
CREATE VIRTUAL TABLE f USING fts5(body, title, tokenize = 'porter'); CREATE TABLE t (a); CREATE VIEW v AS SELECT title FROM f;

-- pair: a table and its text index, kept by triggers
-- old
CREATE TABLE doc (id INTEGER PRIMARY KEY, body TEXT);
-- new
CREATE TABLE doc (id INTEGER PRIMARY KEY, body TEXT NOT NULL DEFAULT ''); CREATE VIRTUAL TABLE doc_text USING fts5(body, content='doc', content_rowid='id'); CREATE TRIGGER doc_in AFTER INSERT ON doc BEGIN INSERT INTO doc_text(rowid, body) VALUES (new.id, new.body); END; CREATE TRIGGER doc_out AFTER DELETE ON doc BEGIN INSERT INTO doc_text(doc_text, rowid, body) VALUES ('delete', old.id, old.body); END;

-- pair: a table that has no rows and one that has many
-- old
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT COLLATE NOCASE); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) INSERT INTO t SELECT i, 'row ' || i FROM n; CREATE UNIQUE INDEX t_a ON t (a);
-- new
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL COLLATE BINARY CHECK (length(a) > 1), b INT DEFAULT 3); CREATE UNIQUE INDEX t_a ON t (a);

-- pair: one table goes and another comes under another kind of name
-- old
CREATE TABLE "order" ("group" INT, "select" TEXT); CREATE INDEX "index" ON "order" ("group"); CREATE VIEW "table" AS SELECT "group" FROM "order";
-- new
CREATE TABLE "order" ("group" BIGINT, [from] TEXT); CREATE INDEX "index" ON "order" ("from"); CREATE TABLE "table" ("view" INT);

-- pair: names in other alphabets and cases
-- old
CREATE TABLE "größe" ("naïve" INT, "Straße 1" INT); CREATE TABLE Mixed (Id INT, "NAME" TEXT);
-- new
CREATE TABLE "größe" ("naïve" TEXT, "Straße 2" INT DEFAULT 1); CREATE TABLE mixed (id INT, name TEXT, "数" INT NOT NULL DEFAULT 0);

-- pair: everything goes, and other things come under its names
-- old
CREATE TABLE a (x); CREATE VIEW b AS SELECT x FROM a; CREATE INDEX c ON a (x); CREATE TRIGGER d AFTER INSERT ON a BEGIN SELECT 1; END;
-- new
CREATE VIEW a AS SELECT x FROM b; CREATE TABLE b (x, y); CREATE TABLE c (x); CREATE TABLE d (x);

-- pair: comments inside of a definition do not count
-- old
CREATE TABLE t (a INT, -- the first, with ' and (
  b TEXT DEFAULT 'x');
-- new
CREATE TABLE t (a INT,
  b TEXT DEFAULT 'x', -- the last )
  d INT);

-- pair: types with lengths, several words and none
-- old
CREATE TABLE t (a VARCHAR(10), b UNSIGNED BIG INT, c NUMERIC(10, 2), d, e DOUBLE PRECISION, f "char(3)");
-- new
CREATE TABLE t (a VARCHAR(20), b UNSIGNED BIG INT NOT NULL DEFAULT 0, c NUMERIC(10, 4), d BLOB, e, f CHARACTER VARYING(3));
