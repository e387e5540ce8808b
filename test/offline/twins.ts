/** Two databases that must end alike: one is migrated by a live run, the other by scripts in the hands of the real client. */
import { expect } from 'vitest';
import { configAt, type ConfigLocation } from '../../src/commands/invocation.ts';
import { script, type ScriptRequest } from '../../src/commands/script/offline.ts';
import type { ScriptOptions } from '../../src/commands/script/write-script.ts';
import type { DialectName } from '../../src/dialects/connection.ts';
import { openChecker, type Checker } from '../crash/crash-database.ts';
import { createDatabase, type TestDatabase } from '../servers.ts';
import { runScript, type ClientOptions } from '../support/run-script.ts';

/** A database with an independent look at it. */
export interface JudgedDatabase extends TestDatabase {
  query: Checker['query'];
  /** The schema as the database's own tools write it, and every row as text; what names times and processes aside. */
  state(): Promise<readonly string[]>;
  /** What the journal says was done, in order, without times, users and the names of runs. */
  journal(): Promise<readonly string[]>;
}

export interface Twins {
  readonly live: JudgedDatabase;
  readonly scripted: JudgedDatabase;
  drop(): Promise<void>;
}

export async function createTwins(dialect: DialectName): Promise<Twins> {
  const live = await createJudged(dialect);
  const scripted = await createJudged(dialect);
  return {
    live,
    scripted,
    async drop() {
      await live.drop();
      await scripted.drop();
    },
  };
}

export async function createJudged(dialect: DialectName): Promise<JudgedDatabase> {
  const database = await createDatabase(dialect);
  const checker = await openChecker(dialect, database.url);
  const textOf = async (sql: string): Promise<readonly string[]> =>
    (await checker.query(sql)).map((row) => JSON.stringify(row));
  const rowsOf = async (table: string): Promise<readonly string[]> => {
    const rows = await textOf(rowQuery[dialect](table, await columnsOf(checker, dialect, table)));
    return rows.map((row) => `${table}: ${row}`).toSorted();
  };
  return {
    ...database,
    query: (sql) => checker.query(sql),
    async state() {
      const lines = (await checker.schema()).filter((line) => !line.includes('aludel_lock'));
      if (dialect === 'mysql') lines.push(...(await textOf(settingsOfRoutines)));
      if (dialect === 'postgresql') lines.push(...(await textOf(counters)));
      for (const table of await checker.tables()) {
        if (table !== 'aludel_log' && table !== 'aludel_lock') lines.push(...(await rowsOf(table)));
      }
      return lines;
    },
    journal: () =>
      textOf(
        `SELECT revision, direction, statement, event, sql_hash FROM aludel_log WHERE ${compared[dialect]} ORDER BY id`,
      ),
    async drop() {
      await checker.close();
      await database.drop();
    },
  };
}

/** What an operation asks of the schema is a statement of a live run; a script has nobody to ask. */
const isNoQuestion =
  "event <> 'done' OR sql_text IS NULL OR (sql_text NOT LIKE 'SELECT %' AND sql_text NOT LIKE 'SHOW %')";

/** A script for SQLite is for older versions than the one at hand, which may need more statements for the same change. */
const compared: Readonly<Record<DialectName, string>> = {
  sqlite: 'statement IS NULL',
  postgresql: isNoQuestion,
  mysql: isNoQuestion,
};

/** Every value as the database itself writes it: a driver's types would hide what is lost. */
const rowQuery: Readonly<Record<DialectName, (table: string, columns: readonly string[]) => string>> = {
  sqlite: (table, columns) =>
    `SELECT ${columns.map((name, i) => `quote(${double(name)}) AS c${i}`).join(', ')} FROM ${double(table)}`,
  postgresql: (table) => `SELECT whole::text FROM ${double(table)} AS whole`,
  mysql: (table, columns) =>
    `SELECT ${columns.map((name, i) => `HEX(CAST(${back(name)} AS CHAR)) AS c${i}`).join(', ')} FROM ${back(table)}`,
};

async function columnsOf(checker: Checker, dialect: DialectName, table: string): Promise<readonly string[]> {
  if (dialect === 'postgresql') return [];
  const text = table.replaceAll('\\', '\\\\').replaceAll("'", "''");
  const sql =
    dialect === 'sqlite'
      ? `SELECT name FROM pragma_table_xinfo('${table.replaceAll("'", "''")}') ORDER BY cid`
      : `SELECT COLUMN_NAME AS name FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '${text}' ORDER BY ORDINAL_POSITION`;
  return (await checker.query(sql)).map(({ name }) => String(name));
}

function double(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function back(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** What the session leaves in stored programs: not part of their text, and it changes what they do. */
const settingsOfRoutines = `
  SELECT ROUTINE_NAME AS name, SQL_MODE AS mode, CHARACTER_SET_CLIENT AS charset, COLLATION_CONNECTION AS collation, DEFINER AS definer
  FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()
  UNION ALL
  SELECT TRIGGER_NAME, SQL_MODE, CHARACTER_SET_CLIENT, COLLATION_CONNECTION, DEFINER
  FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() ORDER BY 1`;

const counters = `
  SELECT sequencename, last_value FROM pg_sequences
  WHERE schemaname = 'public' AND sequencename NOT LIKE 'aludel%' ORDER BY 1`;

/** The configuration of a project whose script is for this kind of server; nothing in it names a database. */
export function offlineConfig(directory: string, dialect: DialectName): ConfigLocation {
  return configAt({ cwd: directory, dialect: nameOf(dialect) });
}

/** The name of this kind of server for `--dialect`. */
export function nameOf(dialect: DialectName): string {
  return dialect === 'mysql' ? 'mariadb' : dialect;
}

export function liveConfig(directory: string, { url }: Pick<TestDatabase, 'url'>): ConfigLocation {
  return configAt({ cwd: directory, url });
}

export async function scriptText(
  config: ConfigLocation,
  request: ScriptRequest,
  options: ScriptOptions = {},
): Promise<string> {
  const pieces: string[] = [];
  for await (const piece of script(config, request, options)) pieces.push(piece);
  return pieces.join('');
}

/** Runs a script that must come to its end without a word on stderr. */
export async function runWell(database: TestDatabase, text: string, options: ClientOptions = {}): Promise<void> {
  const { exitCode, stderr } = await runScript(database, text, options);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
}

/** The two databases hold the same, and their journals say the same. */
export async function expectAlike({ live, scripted }: Twins, when: string): Promise<void> {
  expect(await scripted.state(), when).toEqual(await live.state());
  expect(await scripted.journal(), when).toEqual(await live.journal());
}
