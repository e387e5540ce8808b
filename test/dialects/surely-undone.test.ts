import { expect, it, onTestFinished } from 'vitest';
import type { Connection, DialectName } from '../../src/dialects/connection.ts';
import { dialectOf } from '../../src/dialects/registry.ts';
import { openedConnection } from '../commands/live-project.ts';
import { createDatabase, describeOn } from '../servers.ts';

/** Statement, and whether the catalogue alone shows that it did nothing. */
type Cases = readonly (readonly [sql: string, undone: boolean])[];

async function answersOf(dialect: DialectName, prepare: readonly string[], cases: Cases): Promise<Cases> {
  const database = await createDatabase(dialect);
  onTestFinished(() => database.drop());
  const connection: Connection = await openedConnection(database.url);
  onTestFinished(() => connection.close());
  for (const sql of prepare) await connection.query(sql);
  const rules = await dialectOf(dialect);
  const answers: [string, boolean][] = [];
  for (const [sql] of cases) answers.push([sql, await rules.isSurelyUndone(connection, sql)]);
  return answers;
}

await describeOn('mysql', 'a statement of which nothing was noted before it ran', () => {
  it('did nothing where what it makes is absent, or what it takes away is present', async () => {
    const cases: Cases = [
      ['CREATE TABLE gone (id int)', true],
      ['CREATE TABLE IF NOT EXISTS `gone` (id int)', true],
      ['CREATE TABLE here (id int)', false],
      ['CREATE TEMPORARY TABLE gone (id int)', false],
      ['CREATE VIEW gone AS SELECT 1', true],
      ['CREATE OR REPLACE VIEW v AS SELECT 1', false],
      ['CREATE UNIQUE INDEX other ON here (id)', true],
      ['CREATE INDEX here_id ON here (id)', false],
      ['CREATE INDEX other ON gone (id)', true],
      ['CREATE TRIGGER gone BEFORE INSERT ON here FOR EACH ROW SET NEW.id = 1', true],
      ['CREATE PROCEDURE p() SELECT 1', false],
      ['CREATE FUNCTION p() RETURNS int RETURN 1', true],
      ['DROP TABLE here', true],
      ['DROP TABLE here, v', false],
      ['DROP TABLE here, gone', false],
      ['DROP TABLE IF EXISTS gone', false],
      ['DROP VIEW v', true],
      ['DROP INDEX here_id ON here', true],
      ['DROP INDEX other ON here', false],
      ['DROP PROCEDURE p', true],
      ['RENAME TABLE here TO gone', true],
      ['RENAME TABLE here TO v', true],
      ['RENAME TABLE gone TO here', false],
      ['ALTER TABLE here ADD COLUMN other int', true],
      ['ALTER TABLE here ADD COLUMN id int', false],
      ['ALTER TABLE here ADD COLUMN other decimal(3, 2), ADD COLUMN more int', false],
      ['ALTER TABLE here DROP COLUMN id', true],
      ['ALTER TABLE here DROP COLUMN other', false],
      ['ALTER TABLE here MODIFY COLUMN id bigint', false],
      ["CREATE USER 'nobody'@'localhost'", false],
      ['OPTIMIZE TABLE here', false],
    ];
    const prepare = [
      'CREATE TABLE here (id int)',
      'CREATE INDEX here_id ON here (id)',
      'CREATE VIEW v AS SELECT 1 AS one',
      'CREATE PROCEDURE p() SELECT 1',
    ];
    expect(await answersOf('mysql', prepare, cases)).toEqual(cases);
  });
});

await describeOn('postgresql', 'a statement of which nothing was noted before it ran', () => {
  it('did nothing where what it makes is absent, or what it takes away is present', async () => {
    const cases: Cases = [
      ['CREATE INDEX CONCURRENTLY other ON here (id)', true],
      ['CREATE UNIQUE INDEX CONCURRENTLY here_id ON here (id)', false],
      ['CREATE INDEX CONCURRENTLY ON here (id)', false],
      ['DROP INDEX CONCURRENTLY here_id', true],
      ['DROP INDEX CONCURRENTLY IF EXISTS other', false],
      ['CREATE DATABASE aludel_is_not_there', true],
      ['CREATE DATABASE postgres', false],
      ['DROP DATABASE aludel_is_not_there', false],
      ['VACUUM here', false],
    ];
    const prepare = ['CREATE TABLE here (id int)', 'CREATE INDEX here_id ON here (id)'];
    expect(await answersOf('postgresql', prepare, cases)).toEqual(cases);
  });
});
