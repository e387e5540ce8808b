import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import mysql from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { splitStatements } from '../../src/dialects/mysql/split-statements.ts';
import { mysqlCases } from './cases/mysql.ts';
import { createDatabase, describeOn, mysqlCharacters, type TestDatabase } from '../servers.ts';

const run = promisify(execFile);
const clientDiffers = new Set([
  'a comment in an executable comment',
  'an executable comment of a version to come',
  'DELIMITER behind a statement',
]);
const hasClient = await run('mysql', ['--version']).then(
  () => true,
  (error: unknown) => {
    if (process.env['CI'] !== undefined) throw error;
    return false;
  },
);

await describeOn('mysql', 'the server', () => {
  let own: TestDatabase;
  let database: string;
  let connection: mysql.Connection;

  beforeAll(async () => {
    own = await createDatabase('mysql');
    database = new URL(own.url).pathname.slice(1);
    connection = await mysql.createConnection({
      uri: own.url,
      charset: 'utf8mb4_general_ci',
      multipleStatements: true,
      rowsAsArray: true,
    });
  });
  afterAll(async () => {
    await connection.end();
    await own.drop();
  });
  beforeEach(emptyDatabase);

  async function emptyDatabase(): Promise<void> {
    await connection.query(
      `DROP DATABASE IF EXISTS ${database}; CREATE DATABASE ${database} ${mysqlCharacters}; USE ${database}; SET @x = NULL, @y = NULL`,
    );
  }

  it.each(mysqlCases.filter(({ notRun }) => notRun === null))(
    'runs as many statements as were split, with the same answers: $title',
    async ({ text }) => {
      const whole = await results(connection, text);
      const wholeRoutines = await routines(connection, database);
      await emptyDatabase();
      const statements = splitStatements(text);
      const singly = [];
      for (const { sql } of statements) singly.push(...(await results(connection, sql)));

      expect(whole).toHaveLength(statements.length);
      expect(singly).toEqual(whole);
      expect(await routines(connection, database)).toEqual(wholeRoutines);
    },
  );

  describe(hasClient ? 'the mysql client' : 'the mysql client (LEFT OUT: it is not installed)', () => {
    // The client needs DELIMITER around a routine; what aludel splits beyond it is tested against the server above.
    // In three places the client of MariaDB splits where neither its server nor the client of MySQL does.
    const byClient = mysqlCases.filter(
      ({ title, text, notRun }) =>
        notRun !== 'no such library' &&
        !clientDiffers.has(title) &&
        (/delimiter/i.test(text) || !/BEGIN|\b(IF|LOOP|WHILE|REPEAT|CASE 1)\b/i.test(text)),
    );

    it.skipIf(!hasClient).each(byClient)('gives the same answers as the pieces: $title', async ({ text }) => {
      const printed = await client(own.url, text);
      const clientRoutines = await routines(connection, database);
      await emptyDatabase();
      const singly = [];
      for (const { sql } of splitStatements(text)) singly.push(...(await results(connection, sql)));

      expect(printed).toEqual(singly.flatMap((rows) => rows ?? []).map((row) => row.map(asPrinted)));
      expect(await routines(connection, database)).toEqual(clientRoutines);
    });
  });
});

type Rows = readonly (readonly unknown[])[];

/** The rows of each query and null for each other statement. Two more queries make the answer a list in any case. */
async function results(connection: mysql.Connection, text: string): Promise<readonly (Rows | null)[]> {
  const [all]: [unknown, unknown] = await connection.query(`SELECT 1; SELECT 2;\n${text}`);
  if (!Array.isArray(all)) throw new Error('expected a list of results');
  return all.slice(2).map((result: unknown) => (isRows(result) ? result : null));
}

function isRows(value: unknown): value is Rows {
  return Array.isArray(value) && value.every((row) => Array.isArray(row));
}

function asPrinted(value: unknown): string {
  if (Buffer.isBuffer(value)) return value.toString('latin1');
  return typeof value === 'string' ? value : value === null ? 'NULL' : JSON.stringify(value);
}

/** Bodies as the server stored them. */
async function routines(connection: mysql.Connection, database: string): Promise<unknown> {
  const [rows] = await connection.query(
    `SELECT routine_name, routine_definition FROM information_schema.routines WHERE routine_schema = '${database}'
     UNION ALL SELECT trigger_name, action_statement FROM information_schema.triggers WHERE trigger_schema = '${database}'
     UNION ALL SELECT event_name, event_definition FROM information_schema.events WHERE event_schema = '${database}'
     UNION ALL SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = '${database}' ORDER BY 1, 2`,
  );
  return rows;
}

async function client(url: string, text: string): Promise<string[][]> {
  const { hostname, port, username, password, pathname } = new URL(url);
  const child = run(
    'mysql',
    [
      `--host=${hostname}`,
      `--port=${port || '3306'}`,
      `--user=${decodeURIComponent(username)}`,
      `--password=${decodeURIComponent(password)}`,
      '--default-character-set=utf8mb4',
      '--batch',
      '--raw',
      '--comments',
      '--skip-column-names',
      pathname.slice(1),
    ],
    { encoding: 'utf8' },
  );
  child.child.stdin?.end(text);
  const { stdout } = await child;
  return stdout === ''
    ? []
    : stdout
        .replace(/\n$/, '')
        .split('\n')
        .map((line) => line.split('\t'));
}
