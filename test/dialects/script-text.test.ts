import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { DialectName } from '../../src/dialects/connection.ts';
import { dialectOf } from '../../src/dialects/registry.ts';
import { commentLines, shellWord } from '../../src/dialects/script/script-text.ts';
import { parseDatabaseUrl } from '../../src/environment/config/database-url.ts';
import { createDatabase, describeOn, describeOnEveryDialect, dialectNames, type TestDatabase } from '../servers.ts';
import { dumpDatabase } from '../support/dump-database.ts';
import { runScript } from '../support/run-script.ts';
import { handMade, tables } from './hand-made-script.ts';

/** What a client might take for its own, in the text of a string. */
const texts = [
  "it's",
  'first\n.quit\n\\quit\n\\! touch stray\nDELIMITER //\ndelimiter ;\ngo\n/\nquit\n#\nlast',
  '; -- no comment /* none */ # none ;;',
  ':x :\'x\' :"x" ::x $1 ? %s %(x)s {{x}}',
  '$$ $aludel$ $body$ // `',
  "back\\slash \\n \\' \\g \\c at the end \\",
  'é ß 漢字 😀 \u2028',
  '\ttab and\r\nreturn\r',
];

/** Statements that the clients read by rules of their own. Each dialect has a table `noted (note)` by then. */
const statements: Readonly<Record<DialectName, readonly string[]>> = {
  sqlite: [
    "INSERT INTO noted SELECT 40\n/\n2 -- half; of '40\n",
    "INSERT INTO noted SELECT 40 -- it's;\n/ -- ;\n2",
    "INSERT INTO noted SELECT x AS\nGO\nFROM (SELECT 'go' AS x)",
    "INSERT INTO noted SELECT n\n.x FROM (SELECT 'dot' AS x) AS n",
    "INSERT INTO noted VALUES ('go\r\nand\r\n')",
    `CREATE TRIGGER echo AFTER INSERT ON noted WHEN NEW.note = 'echo' BEGIN
  INSERT INTO noted VALUES ('it''s; ' || CASE WHEN 1 THEN 'END' END); -- END;
  DELETE FROM noted WHERE note = 'nothing';
END`,
    "INSERT INTO noted VALUES ('echo')",
    'CREATE TABLE "odd; name" ([a b] TEXT, `c"d` TEXT) -- last',
    'PRAGMA user_version = 7',
    'VACUUM',
  ],
  postgresql: [
    "INSERT INTO noted SELECT (ARRAY['a','b','c'])[1:n]::text FROM (SELECT 2 AS n) AS given",
    "INSERT INTO noted SELECT (ARRAY['a','b','c'])[n:\"n\"]::text FROM (SELECT 2 AS n) AS given",
    "INSERT INTO noted SELECT (ARRAY['a','b','c'])[:'2'::int]::text",
    `CREATE FUNCTION spoken(n integer) RETURNS text LANGUAGE plpgsql AS $$
DECLARE said text := 'x';
BEGIN
  -- it's; \\quit
  \t said := said || ':n' || $body$ \\gexec ; $body$ || n::text;
  RETURN said;
END $$`,
    'INSERT INTO noted SELECT spoken(n := 3)',
    "INSERT INTO noted VALUES (E'a\\'; \\\\ b' -- on we go;\n 'more;')",
    `CREATE FUNCTION twice(n integer) RETURNS integer LANGUAGE SQL BEGIN ATOMIC
  SELECT CASE WHEN n > 0 THEN 2 * n ELSE 0 END;
END`,
    "CREATE RULE echo AS ON DELETE TO noted DO ALSO (INSERT INTO noted VALUES ('gone'); INSERT INTO noted VALUES (';'))",
    'DELETE FROM noted WHERE note = \'{"b"}\' /* outer /* inner ; */ \\quit */ -- last \\',
    'CREATE TABLE "odd; \\ ""name"" :n" (":n" text)',
    "DO $x$ BEGIN EXECUTE 'CREATE TABLE done ()'; END $x$",
  ],
  mysql: [
    "INSERT INTO noted VALUES ('a\\'; \\g \\\\ b'), (\"it's\"), (N'n')",
    "INSERT INTO noted VALUES ('back') -- it's ; \\g `\n, ('tick') # \" ;\n /* ' ; \\c */",
    `CREATE PROCEDURE speak(IN said TEXT)
BEGIN
  -- it's kept; // $$
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN END;
  IF said <> '' THEN INSERT INTO noted VALUES (CONCAT(said, ';;')); END IF;
END`,
    "CALL speak('spoken')",
    "CREATE TRIGGER echo BEFORE INSERT ON noted FOR EACH ROW BEGIN SET NEW.note = CONCAT(NEW.note, '!'); SET @x = '//'; END",
    "INSERT INTO noted VALUES ('loud')",
    'CREATE TABLE counted (a INTEGER,\ndelimiter INTEGER, `odd; ``name``` TEXT)',
    'INSERT INTO counted (a,\nDELIMITER ) VALUES (1, 2)',
    "INSERT INTO counted SELECT delimiter\n, \\N, /*!40000 'yes;' */ FROM counted",
    'INSERT INTO counted (a) SELECT\ndelimiter\nFROM (SELECT 5 AS delimiter) AS given',
    'UPDATE counted SET a = 9 WHERE a = 1',
    'INSERT INTO counted (a) VALUES (ROW_COUNT())',
    "CREATE VIEW shown AS SELECT a /* it's; */ FROM counted",
  ],
};

const commands: Readonly<Record<DialectName, readonly string[]>> = {
  sqlite: ['.quit', '\n.shell touch stray'],
  postgresql: ['SELECT 1 \\! touch stray', '\\quit', 'COPY noted FROM STDIN'],
  mysql: ['SELECT 1 \\g', '\\! touch stray', 'SELECT 1\\G'],
};

async function bothOn(name: DialectName): Promise<{
  readonly live: TestDatabase;
  readonly scripted: TestDatabase;
  readonly directory: string;
}> {
  const [live, scripted] = [await createDatabase(name), await createDatabase(name)];
  const directory = mkdtempSync(join(tmpdir(), 'aludel-script-'));
  onTestFinished(async () => {
    await live.drop();
    await scripted.drop();
    rmSync(directory, { recursive: true });
  });
  return { live, scripted, directory };
}

await describeOnEveryDialect('the text of a script', (name) => {
  for (const idempotent of [false, true])
    it(`means to the client what it means to the driver, ${idempotent ? 'idempotent' : 'run once'}`, async () => {
      const dialect = await dialectOf(name);
      const { live, scripted, directory } = await bothOn(name);
      const apart = (sql: string) => ({ sql, apart: dialect.traitsOf(sql).implicitCommit });
      const all = [
        'CREATE TABLE noted (note TEXT)',
        ...texts.map((text) => `INSERT INTO noted VALUES (${dialect.literal(text)})`),
        ...statements[name].filter((sql) => sql !== 'VACUUM'),
      ];
      const connection = await dialect.connect(parseDatabaseUrl(live.url, '/'), {
        applicationName: 'aludel',
        busyTimeoutMs: 0,
        readOnly: false,
      });
      for (const sql of all) await connection.query(sql);
      await connection.close();
      const hostile = {
        revision: 'it\'s "odd" `odd` \\ $$ $aludel$ :n 漢, 😀',
        comment: 'first\n\\! touch stray\r.shell touch stray\n*/ \' " ` ; \\g $$ \u0000 \u2028 DELIMITER //',
        rowsBefore: [],
        rowsAfter: ['it\'s "odd" `odd` \\ $$ $aludel$ :n 漢, 😀'],
        statements: all.map(apart),
      };
      const script = handMade(dialect, [hostile], { idempotent });
      const more = name === 'postgresql' ? ['-v', 'n=0', '-v', 'x=gone', '-v', '2=0'] : [];

      const answer = await runScript(scripted, script, { more, directory });
      const again = await runScript(scripted, script, { more, directory });

      expect(answer).toMatchObject({ exitCode: 0, stderr: '' });
      expect(again.exitCode === 0).toBe(idempotent);
      if (!idempotent) expect(again.stderr).toMatch('it\'s "odd"');
      const without = [tables.versions.name, tables.journal.name];
      const nameOf = ({ url }: TestDatabase): string => new URL(url).pathname.slice(1);
      const dumped = await dumpDatabase(scripted, without);
      expect(dumped.replaceAll(nameOf(scripted), nameOf(live))).toBe(await dumpDatabase(live, without));
      expect(readdirSync(directory).filter((file) => file !== 'aludel-next-section.sql')).toEqual([]);
    });

  it('holds no command of the client', async () => {
    const dialect = await dialectOf(name);
    for (const sql of commands[name]) {
      const step = { revision: 'a', rowsBefore: [], rowsAfter: ['a'], statements: [{ sql }] };

      expect(() => handMade(dialect, [step]), sql).toThrow(expect.objectContaining({ code: 'sql.unsupported' }));
    }
  });

  it('is the same each time', async () => {
    const dialect = await dialectOf(name);
    const step = { revision: 'a', rowsBefore: [], rowsAfter: ['a'], statements: [{ sql: 'SELECT 1' }] };

    expect(handMade(dialect, [step], { idempotent: true })).toBe(handMade(dialect, [step], { idempotent: true }));
  });
});

await describeOn('mysql', 'the text of a script', (name) => {
  it('is read alike where a backslash is an ordinary character', async () => {
    const dialect = await dialectOf(name);
    const { scripted } = await bothOn(name);
    const step = {
      revision: 'a',
      rowsBefore: [],
      rowsAfter: ['a'],
      statements: [
        'CREATE TABLE noted (note TEXT)',
        ...texts.map((text) => `INSERT INTO noted VALUES (${dialect.literal(text)})`),
      ].map((sql) => ({ sql, apart: true })),
    };
    const session = ["SET SESSION sql_mode = CONCAT(@@sql_mode, ',NO_BACKSLASH_ESCAPES,ANSI_QUOTES')"];

    for (const idempotent of [false, true]) {
      const script = handMade(dialect, [step], { idempotent, session });
      const { exitCode, stderr } = await runScript(scripted, script);
      if (!idempotent) expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    }

    const answer = await runScript(scripted, 'SELECT HEX(note) FROM noted;', { more: ['--skip-column-names'] });
    expect(answer.stdout.trim().split('\n')).toEqual(
      texts.map((text) => Buffer.from(text).toString('hex').toUpperCase()),
    );
  });
});

it('a comment stays one, whatever it holds', () => {
  expect(commentLines('one\ntwo\r\nthree\rfour\u2028five\u0000')).toBe('-- one\n-- two\n-- three\n-- four\n-- five');
  expect(commentLines('')).toBe('--');
});

it('the command line names any file', async () => {
  expect(shellWord('up.sql')).toBe('up.sql');
  expect(shellWord('-up.sql')).toBe('./-up.sql');
  expect(shellWord("it's $HOME.sql")).toBe(String.raw`'it'\''s $HOME.sql'`);
  for (const name of dialectNames) expect((await dialectOf(name)).script.howToRun('a b').join('\n')).toMatch("'a b'");
});
