-- Every kind of object and clause that SQLite keeps, written in as many ways as it takes.
CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- a comment, with (parentheses
  "E mail" TEXT NOT NULL UNIQUE ON CONFLICT IGNORE COLLATE NOCASE,
  [group] varchar(20) DEFAULT 'a''b, (c' CHECK ([group] <> ','),
  age int CONSTRAINT grown CHECK (age > 0 AND age < 150),
  at datetime DEFAULT CURRENT_TIMESTAMP, n numeric(10, 2) DEFAULT (1 + 2), neg real DEFAULT -1.5e3, raw blob DEFAULT x'00ff',
  double AS (age * 2), kept int GENERATED ALWAYS AS (age + 1) STORED,
  untyped, "it" text NULL DEFAULT "word"
);
CREATE TABLE strict_one (a int NOT NULL, b text, c any, PRIMARY KEY (a, b DESC)) STRICT, WITHOUT ROWID;
CREATE TABLE posts (
  id integer PRIMARY KEY DESC,
  author integer REFERENCES users ON DELETE CASCADE ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED,
  a int, b text,
  CONSTRAINT pair UNIQUE (a, b), CHECK (a <> 1)
  FOREIGN KEY (a, b) REFERENCES strict_one (a, b) MATCH FULL
);
CREATE TABLE tree (id INTEGER PRIMARY KEY, parent int CONSTRAINT up REFERENCES tree (id));
CREATE TABLE one (id int PRIMARY KEY, other int REFERENCES other); CREATE TABLE other (id int PRIMARY KEY, one int REFERENCES one);
CREATE UNIQUE INDEX by_mail ON users (lower("E mail") DESC, age COLLATE NOCASE) WHERE age IS NOT NULL;
CREATE INDEX posts_a ON posts(a);
CREATE VIEW grown_ups (id, mail) AS SELECT id, "E mail" FROM users WHERE age >= 18; -- until here
CREATE VIEW both AS SELECT g.mail, p.a FROM grown_ups g JOIN posts AS p ON p.author = g.id;
CREATE TRIGGER touched AFTER UPDATE OF age ON users FOR EACH ROW WHEN new.age <> old.age BEGIN
  UPDATE users SET at = CURRENT_TIMESTAMP WHERE id = new.id; SELECT 'a; b';
END;
CREATE TRIGGER instead INSTEAD OF DELETE ON both BEGIN DELETE FROM posts WHERE a = old.a; END;
CREATE VIRTUAL TABLE search USING fts5(title, body);
CREATE TABLE copied AS SELECT id, age FROM users;
ALTER TABLE tree ADD COLUMN note text DEFAULT 'x';
ALTER TABLE tree RENAME COLUMN note TO remark;
