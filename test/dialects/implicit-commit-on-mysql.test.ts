import mysql from 'mysql2/promise';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { causesImplicitCommit } from '../../src/dialects/mysql/statement-kind.ts';
import { mysqlCommits } from './cases/kinds.ts';
import { createDatabase, describeOn, type TestDatabase } from '../servers.ts';

await describeOn('mysql', 'the server', () => {
  let database: TestDatabase;
  let connection: mysql.Connection;
  let number = 0;

  beforeAll(async () => {
    database = await createDatabase('mysql');
    connection = await mysql.createConnection(database.url);
    await connection.query('CREATE TABLE probe (x int) ENGINE = InnoDB');
    await connection.query('CREATE TEMPORARY TABLE own (x int)');
  });
  afterAll(async () => {
    await connection.end();
    await database.drop();
  });

  /** Whether a row written before the statement outlives a rollback behind it. */
  async function commits(sql: string): Promise<boolean> {
    const row = ++number;
    await connection.query('START TRANSACTION');
    await connection.query('INSERT INTO probe VALUES (?)', [row]);
    // SAVEPOINT s must be known to the statements that name it.
    if (/TO SAVEPOINT|RELEASE/.test(sql)) await connection.query('SAVEPOINT s');
    await connection.query(sql);
    await connection.query('ROLLBACK');
    await connection.query('UNLOCK TABLES');
    const [rows] = await connection.query('SELECT x FROM probe WHERE x = ?', [row]);
    return Array.isArray(rows) && rows.length === 1;
  }

  it.each(mysqlCommits.yes)('commits before %s', async (sql) => {
    expect(causesImplicitCommit(sql)).toBe(true);
    expect(await commits(sql)).toBe(true);
  });

  it.each(mysqlCommits.no)('keeps the transaction through %s', async (sql) => {
    expect(causesImplicitCommit(sql)).toBe(false);
    expect(await commits(sql)).toBe(false);
  });

  it('commits where autocommit is turned on', async () => {
    await connection.query('SET autocommit = 0');
    expect(await commits('SET SESSION autocommit = ON')).toBe(true);
    expect(causesImplicitCommit('SET SESSION autocommit = ON')).toBe(true);
  });

  it('may commit in a procedure and in a prepared statement, which do not show it', async () => {
    await connection.query('CREATE PROCEDURE ddl() CREATE TABLE hidden (x int)');
    await connection.query("PREPARE ddl FROM 'DROP TABLE hidden'");
    for (const sql of ['CALL ddl()', 'EXECUTE ddl', 'BEGIN NOT ATOMIC CREATE TABLE h (x int); END']) {
      expect(causesImplicitCommit(sql)).toBe(true);
      expect(await commits(sql)).toBe(true);
    }
  });
});
