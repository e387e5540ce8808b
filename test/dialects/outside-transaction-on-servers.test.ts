import { Client } from 'pg';
import sqlite3 from 'sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runsOutsideTransaction } from '../../src/dialects/postgresql/statement-kind.ts';
import { runsOutsideTransaction as runsOutsideSqlite } from '../../src/dialects/sqlite/statement-kind.ts';
import { postgresqlOutside } from './cases/kinds.ts';
import { createDatabase, describeOn, type TestDatabase } from '../servers.ts';

await describeOn('postgresql', 'a transaction block', () => {
  let database: TestDatabase;
  let client: Client;

  beforeAll(async () => {
    database = await createDatabase('postgresql');
    client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query(`
      CREATE TABLE t (a int); CREATE INDEX t_a ON t (a);
      CREATE MATERIALIZED VIEW m AS SELECT 1 AS a; CREATE UNIQUE INDEX ON m (a);
      CREATE TYPE e AS ENUM ('a'); CREATE TYPE c AS (a int);
      CREATE TABLE parted (a int) PARTITION BY LIST (a); CREATE TABLE part PARTITION OF parted FOR VALUES IN (1)`);
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  /** The SQLSTATE that the statement met inside a transaction, or null. */
  async function stateInside(sql: string): Promise<unknown> {
    await client.query('BEGIN');
    try {
      await client.query(sql);
      return null;
    } catch (error) {
      return error instanceof Error && 'code' in error ? error.code : error;
    } finally {
      await client.query('ROLLBACK');
    }
  }

  it.each(postgresqlOutside.refused)('refuses what is known to run outside only: %s', async (sql) => {
    expect(runsOutsideTransaction(sql)).toBe(true);
    expect(await stateInside(sql)).toBe('25001');
  });

  it.each(postgresqlOutside.allowed)('allows the rest: %s', async (sql) => {
    expect(runsOutsideTransaction(sql)).toBe(false);
    expect(await stateInside(sql)).not.toBe('25001');
  });

  it.each(postgresqlOutside.keptOutside)('allows %s, which is kept outside all the same', async (sql) => {
    expect(runsOutsideTransaction(sql)).toBe(true);
    expect(await stateInside(sql)).not.toBe('25001');
  });

  it('does not let a new enum value be used before the commit', async () => {
    expect(await stateInside("ALTER TYPE e ADD VALUE 'later'; SELECT 'later'::e")).toBe('55P04');
  });
});

describe('SQLite, inside a transaction,', () => {
  it.each([
    'VACUUM',
    "VACUUM INTO 'file:x?mode=memory'",
    'PRAGMA synchronous = OFF',
    'PRAGMA main.synchronous(1)',
    'PRAGMA temp_store = MEMORY',
    'DETACH DATABASE other',
  ])('refuses %s', async (sql) => {
    expect(runsOutsideSqlite(sql)).toBe(true);
    await expect(
      inside(["ATTACH ':memory:' AS other", 'BEGIN', 'CREATE TABLE other.x(a)', 'CREATE TEMP TABLE y(a)', sql]),
    ).rejects.toThrow('SQLITE_ERROR');
  });

  it('ignores PRAGMA foreign_keys', async () => {
    expect(runsOutsideSqlite('PRAGMA foreign_keys = ON')).toBe(true);
    expect(
      await inside(['PRAGMA foreign_keys = OFF', 'BEGIN', 'PRAGMA foreign_keys = ON'], 'PRAGMA foreign_keys'),
    ).toEqual([{ foreign_keys: 0 }]);
  });

  it.each([
    'PRAGMA foreign_keys',
    'PRAGMA user_version = 2',
    'PRAGMA table_info(t)',
    'CREATE TABLE t(a)',
    'ANALYZE',
    'REINDEX',
  ])('allows %s', async (sql) => {
    expect(runsOutsideSqlite(sql)).toBe(false);
    await inside(['BEGIN', sql, 'COMMIT']);
  });
});

/** Runs the statements on a database in memory, then gives the rows of the query. */
async function inside(statements: readonly string[], query = 'SELECT 1'): Promise<unknown> {
  const database = new sqlite3.Database(':memory:');
  const all = (sql: string): Promise<unknown> =>
    new Promise((resolve, reject) => {
      database.all(sql, (error: Error | null, rows: unknown) => (error === null ? resolve(rows) : reject(error)));
    });
  try {
    for (const sql of statements) await all(sql);
    return await all(query);
  } finally {
    database.close();
  }
}
