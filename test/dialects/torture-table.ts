/**
 * A table with everything in it that a rebuild can lose, and a database around it in which everything depends on it:
 * three levels of cascading children, views on views, triggers that write elsewhere. SQLite.
 */
export const person = `CREATE TABLE person /* who */ (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice
  "full ""name" TEXT NOT NULL COLLATE NOCASE DEFAULT 'no, ''body''; -- (',
  [odd col] MONEY, /* a type SQLite does not know ) */
  \`nick\` "my type"(10, 2) UNIQUE ON CONFLICT IGNORE,
  born TEXT CHECK (born > '1900') CONSTRAINT born_iso CHECK (born LIKE '____-__-__'),
  age INT GENERATED ALWAYS AS (2026 - CAST(substr(born, 1, 4) AS INT)) VIRTUAL,
  shout TEXT AS (upper("full ""name")) STORED,
  boss INTEGER REFERENCES person(id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
  country TEXT DEFAULT ('nl') REFERENCES country ON UPDATE CASCADE, -- a parenthesis in a comment )
  made TEXT DEFAULT CURRENT_TIMESTAMP,
  score REAL DEFAULT -1.5e-3 NOT NULL ON CONFLICT REPLACE,
  raw BLOB DEFAULT x'00ff',
  CONSTRAINT "a b" UNIQUE ("full ""name", born DESC) ON CONFLICT REPLACE,
  CHECK ([odd col] IS NULL OR [odd col] >= 0), -- unnamed
  CONSTRAINT boss_other CHECK (boss <> id) -- the end
)`;

export const ledger = `CREATE TABLE ledger (
  account TEXT, no INT, what ANY, -- keeps 1 and '1' apart
  half INT GENERATED ALWAYS AS (no / 2) STORED,
  owner INT REFERENCES person ON DELETE CASCADE DEFERRABLE,
  PRIMARY KEY (account COLLATE NOCASE DESC, no)
) WITHOUT ROWID, STRICT`;

/** Everything but the two tables above, by name. */
export const around: Readonly<Record<string, string>> = {
  country: 'CREATE TABLE country (code TEXT PRIMARY KEY) WITHOUT ROWID',
  audit: 'CREATE TABLE audit (what TEXT)',
  order:
    'CREATE TABLE "order" (id INTEGER PRIMARY KEY, person INTEGER NOT NULL REFERENCES person ON DELETE CASCADE ON UPDATE CASCADE)',
  line:
    'CREATE TABLE line (order_id INT, no INT, PRIMARY KEY (order_id, no), ' +
    'FOREIGN KEY (order_id) REFERENCES "order" (id) ON DELETE CASCADE) WITHOUT ROWID',
  note:
    'CREATE TABLE note (line_order, line_no, text, ' +
    'FOREIGN KEY (line_order, line_no) REFERENCES line ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED)',
  person_born: `CREATE INDEX person_born ON person (born DESC, country COLLATE NOCASE) WHERE boss /* ; */ IS NOT NULL`,
  person_lower: 'CREATE UNIQUE INDEX person_lower ON person (lower("full ""name"), abs(score) DESC)',
  "person's raw": `CREATE INDEX "person's raw" ON person (raw)`,
  ledger_what: 'CREATE INDEX ledger_what ON ledger (what)',
  grown: 'CREATE VIEW grown AS SELECT id AS id, "full ""name" AS name, age FROM person WHERE age >= 18',
  known:
    'CREATE VIEW known (name, orders) AS SELECT g.name, count(o.id) FROM grown AS g LEFT JOIN "order" AS o ON o.person = g.id GROUP BY g.id',
  person_audit: `CREATE TRIGGER person_audit AFTER UPDATE OF country, score ON person WHEN OLD.country IS NOT NEW.country BEGIN
    INSERT INTO audit VALUES (OLD.country || '; END; ' || NEW.country); -- ;
    UPDATE person SET made = 'now' WHERE id = NEW.id;
  END`,
  person_gone: `CREATE TRIGGER person_gone BEFORE DELETE ON person BEGIN SELECT CASE WHEN OLD.id = 1 THEN RAISE(ABORT, 'not the first') END; END`,
  grown_in: `CREATE TRIGGER grown_in INSTEAD OF INSERT ON grown BEGIN INSERT INTO person ("full ""name", born) VALUES (NEW.name, '2000-01-01'); END`,
  order_in: `CREATE TRIGGER order_in AFTER INSERT ON "order" BEGIN UPDATE person SET score = score + 1 WHERE id = NEW.person; END`,
};

/** The schema as sqlite_schema has it, by name. */
export const schema: Readonly<Record<string, string>> = { person, ledger, ...around };

const rows = `
  INSERT INTO country VALUES ('nl'), ('de'), ('fr');
  INSERT INTO person (id, "full ""name", "odd col", nick, born, boss, country, made, score, raw) VALUES
    (1, 'Ada', 3, 'a''d', '1915-12-10', NULL, 'nl', 'then', 1, x'00'),
    (2, 'Bob', NULL, NULL, NULL, 1, NULL, 'then', 2.5, NULL),
    (5, '', 'much', 7, '1990-01-01', 2, 'de', 'then', -0.0, 'text'),
    (9, 'O''Neil; --', 1e300, '7.5', '2001-02-03', 5, 'fr', 'then', 9007199254740993, x''),
    (30, 'gone', 0, 'gone', '1950-01-01', NULL, 'nl', 'then', 0, NULL);
  DELETE FROM person WHERE id = 30;
  INSERT INTO ledger (account, no, what, owner) VALUES ('a', 1, 1, 1), ('a', 2, '1', 1), ('B', 1, x'01', 5), ('c', 9, NULL, 9);
  INSERT INTO "order" VALUES (10, 1), (11, 5), (12, 5);
  INSERT INTO line VALUES (10, 1), (10, 2), (12, 1);
  INSERT INTO note (rowid, line_order, line_no, text) VALUES (7, 10, 1, 'first'), (3, 12, 1, 'last'), (100, NULL, NULL, NULL);
  ANALYZE;`;

/** Makes the database. */
export const torture = [...Object.values(schema), rows].join(';\n');
