import { describe, expect, it } from 'vitest';
import { firstWords } from '../../src/dialects/sql/first-words.ts';
import { causesImplicitCommit, traitsOf as mysqlTraits } from '../../src/dialects/mysql/statement-kind.ts';
import { mysqlRules } from '../../src/dialects/mysql/lexical-rules.ts';
import { postgresqlRules } from '../../src/dialects/postgresql/lexical-rules.ts';
import { traitsOf as postgresqlTraits } from '../../src/dialects/postgresql/statement-kind.ts';
import type { StatementTraits } from '../../src/dialects/statement.ts';
import { traitsOf as sqliteTraits } from '../../src/dialects/sqlite/statement-kind.ts';

const traits = { postgresql: postgresqlTraits, mysql: mysqlTraits, sqlite: sqliteTraits };
const plain: StatementTraits = {
  control: null,
  outsideTransaction: false,
  implicitCommit: false,
  query: false,
  session: false,
  freesLocks: false,
  locksTables: false,
  temporary: false,
  repeatable: false,
};

describe('the first words of a statement', () => {
  it('are in capitals, without comments, and quoted names keep their quotes', () => {
    expect(firstWords('/* a */ create -- b\n "table"("select")', 4, postgresqlRules)).toEqual([
      'CREATE',
      '"table"',
      '(',
      '"select"',
    ]);
  });
  it('look into executable comments', () => {
    expect(firstWords('/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`b`*/ x', 3, mysqlRules())).toEqual([
      'CREATE',
      'DEFINER',
      '=',
    ]);
  });
  it('are fewer where the statement is shorter, and none where none are asked for', () => {
    expect(firstWords('BEGIN', 3, postgresqlRules)).toEqual(['BEGIN']);
    expect(firstWords('BEGIN', 0, postgresqlRules)).toEqual([]);
  });
  it('do not make keywords of letters outside ASCII', () => {
    expect(firstWords('ſelect', 1, postgresqlRules)).toEqual(['ſelect']);
  });
  it('do not read on to an error behind them', () => {
    expect(firstWords("SELECT 'open", 1, postgresqlRules)).toEqual(['SELECT']);
  });
});

describe.each([
  ['begin', 'BEGIN', 'pms'],
  ['begin', '/* x */ begin -- y\n transaction', 'pms'],
  ['begin', 'START TRANSACTION READ ONLY', 'pm'],
  ['begin', 'BEGIN IMMEDIATE', 's'],
  ['begin', 'BEGIN WORK', 'pm'],
  ['begin', "XA START 'x'", 'm'],
  ['begin', 'SET autocommit = 0', 'm'],
  ['begin', 'SET @@session.autocommit := OFF', 'm'],
  ['begin', 'SET NAMES utf8mb4, autocommit = 0', 'm'],
  ['commit', 'COMMIT', 'pms'],
  ['commit', 'END', 'ps'],
  ['commit', 'COMMIT AND CHAIN', 'pm'],
  ['commit', "PREPARE TRANSACTION 'x'", 'p'],
  ['commit', "XA COMMIT 'x'", 'm'],
  ['rollback', 'ROLLBACK', 'pms'],
  ['rollback', 'ROLLBACK WORK', 'pm'],
  ['rollback', 'ROLLBACK TRANSACTION', 'ps'],
  ['rollback', 'ABORT', 'p'],
  ['savepoint', 'SAVEPOINT a', 'pms'],
  ['savepoint', 'RELEASE SAVEPOINT a', 'pms'],
  ['savepoint', 'RELEASE a', 'ps'],
  ['savepoint', 'ROLLBACK TO a', 'pms'],
  ['savepoint', 'ROLLBACK TRANSACTION TO SAVEPOINT a', 'ps'],
  [null, "COMMIT PREPARED 'x'", 'p'],
  [null, "ROLLBACK PREPARED 'x'", 'p'],
  [null, 'PREPARE p AS SELECT 1', 'p'],
  [null, 'BEGIN NOT ATOMIC SELECT 1; END', 'm'],
  [null, 'SET autocommit = 1', 'm'],
  [null, 'SET @autocommit = 0', 'm'],
  [null, 'START REPLICA', 'm'],
  [null, 'CREATE TABLE begin (a int)', 'pms'],
  [null, '"BEGIN"', 'pms'],
] as const)('the transaction control of', (control, sql, where) => {
  it.each(dialectsIn(where))(`${sql} is ${control} on %s`, (dialect) => {
    expect(traits[dialect](sql).control).toBe(control);
  });
});

describe.each([
  ['pms', 'INSERT INTO t VALUES (1)', {}],
  ['pms', 'SELECT 1', { query: true }],
  ['pms', '-- x\n(SELECT 1) UNION SELECT 2', { query: true }],
  ['pms', 'WITH a AS (SELECT 1) SELECT * FROM a', { query: true }],
  ['pms', 'WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a', {}],
  ['p', 'WITH a AS (DELETE FROM t RETURNING *) SELECT * FROM a', {}],
  ['pms', 'VALUES (1)', { query: true }],
  ['pms', 'EXPLAIN SELECT 1', { query: true }],
  ['p', 'EXPLAIN (ANALYZE) DELETE FROM t', {}],
  ['p', 'SELECT 1 INTO t', {}],
  ['p', 'SELECT 1 INTO TEMP t', { temporary: true }],
  ['m', "SELECT 1 INTO OUTFILE 'x'", {}],
  ['m', 'SELECT 1 INTO @x', { session: true }],
  ['ps', 'CREATE TEMP TABLE t (a int)', { temporary: true }],
  ['p', 'CREATE TABLE pg_temp.t (a int)', { temporary: true }],
  ['s', 'CREATE TABLE IF NOT EXISTS temp.t (a int)', { temporary: true }],
  ['m', 'CREATE TEMPORARY TABLE t (a int)', { temporary: true }],
  ['ps', 'CREATE TABLE temporary_things (a int)', {}],
  ['p', 'SET search_path = a', { session: true }],
  ['p', 'PREPARE p AS SELECT 1', { session: true }],
  ['p', 'REFRESH MATERIALIZED VIEW CONCURRENTLY m', { repeatable: true }],
  ['p', 'CLUSTER (VERBOSE)', { outsideTransaction: true, repeatable: true }],
  ['p', 'VACUUM', { outsideTransaction: true, repeatable: true }],
  ['p', 'CREATE INDEX CONCURRENTLY i ON t (a)', { outsideTransaction: true }],
  ['p', 'DROP INDEX CONCURRENTLY IF EXISTS i', { outsideTransaction: true, repeatable: true }],
  ['p', 'DROP INDEX CONCURRENTLY i', { outsideTransaction: true }],
  ['p', "ALTER TYPE e ADD VALUE IF NOT EXISTS 'x'", { outsideTransaction: true, repeatable: true }],
  ['p', "ALTER TYPE e ADD VALUE 'x'", { outsideTransaction: true }],
  ['p', 'ALTER SUBSCRIPTION s REFRESH PUBLICATION', { outsideTransaction: true }],
  ['p', 'ALTER SUBSCRIPTION s DISABLE', {}],
  ['p', 'DROP SUBSCRIPTION s', { outsideTransaction: true }],
  ['s', 'PRAGMA foreign_keys = OFF', { outsideTransaction: true, session: true, repeatable: true }],
  ['s', 'pragma "main"."journal_mode" = wal', { outsideTransaction: true, repeatable: true }],
  ['s', 'PRAGMA foreign_keys', { query: true, repeatable: true }],
  ['s', 'PRAGMA table_info(t)', { query: true, repeatable: true }],
  ['s', 'PRAGMA user_version = 3', { repeatable: true }],
  ['s', 'PRAGMA wal_checkpoint', { outsideTransaction: true, repeatable: true }],
  ['s', "ATTACH 'x' AS y", { outsideTransaction: true, session: true }],
  ['s', 'VACUUM', { outsideTransaction: true, repeatable: true }],
  ['s', "VACUUM main INTO 'x'", { outsideTransaction: true }],
  ['m', 'SET @x = 1', { session: true }],
  ['m', 'SET GLOBAL x = 1', {}],
  ['m', 'SET @@global.x = 1', {}],
  ['m', 'USE other', { session: true }],
  ['m', 'CREATE TABLE t (a int)', { implicitCommit: true }],
  ['m', 'CREATE OR REPLACE VIEW v AS SELECT 1', { implicitCommit: true, repeatable: true }],
  ['m', 'CREATE OR REPLACE TABLE t (a int)', { implicitCommit: true }],
  ['m', 'DROP TABLE IF EXISTS t', { implicitCommit: true, repeatable: true }],
  ['m', 'DROP TABLE t', { implicitCommit: true }],
  ['m', 'EXECUTE s', { implicitCommit: true }],
] as const)('on %s', (where, sql, expected) => {
  it.each(dialectsIn(where))(`%s knows ${sql} for what it is`, (dialect) => {
    expect(traits[dialect](sql)).toEqual({ ...plain, ...expected });
  });
});

describe('a statement of the server that no test may run', () => {
  it.each([
    'SET PASSWORD = "x"',
    'RESET MASTER',
    'STOP SLAVE',
    'CHANGE MASTER TO master_host = "x"',
    'UNLOCK TABLES',
    'CREATE USER a',
    'GRANT ALL ON *.* TO a',
    'LOAD INDEX INTO CACHE t',
    'INSTALL PLUGIN a SONAME "b"',
  ])('commits: %s', (sql) => {
    expect(causesImplicitCommit(sql)).toBe(true);
  });
  it.each(['RESET PERSIST', 'LOCK INSTANCE FOR BACKUP', "LOAD DATA INFILE 'x' INTO TABLE t", 'CHECKSUM TABLE t'])(
    'does not commit: %s',
    (sql) => {
      expect(causesImplicitCommit(sql)).toBe(false);
    },
  );
});

function dialectsIn(letters: string): readonly (keyof typeof traits)[] {
  return (['postgresql', 'mysql', 'sqlite'] as const).filter((name) => letters.includes(name.slice(0, 1)));
}
