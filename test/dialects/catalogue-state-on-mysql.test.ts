import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Connection } from '../../src/dialects/connection.ts';
import { catalogueState } from '../../src/dialects/mysql/catalogue.ts';
import { stateOf } from '../../src/dialects/mysql/script/table-state.ts';
import { openedConnection } from '../commands/live-project.ts';
import { createDatabase, describeOn, type TestDatabase } from '../servers.ts';

await describeOn('mysql', 'what the catalogue shows of a statement', () => {
  let database: TestDatabase;
  let connection: Connection;
  beforeAll(async () => {
    database = await createDatabase('mysql');
    connection = await openedConnection(database.url);
    for (const table of ['a', 'b']) await connection.query(`CREATE TABLE ${table} (id int)`);
  });
  afterAll(async () => {
    await connection.close();
    await database.drop();
  });

  async function states(sql: string): Promise<readonly [live: string | null, script: string | null]> {
    const ofScript = stateOf(sql);
    const answer = ofScript === null ? null : await connection.query(`SELECT ${ofScript} AS state`);
    return [await catalogueState(connection, sql), answer === null ? null : String(answer.rows[0]?.['state'])];
  }

  it.each([
    ['RENAME TABLE a TO c, b TO a', 'RENAME TABLE a TO b, c TO a'],
    ['RENAME TABLE a TO c', 'RENAME TABLE c TO a'],
    ['ALTER TABLE a ADD COLUMN other int, ADD COLUMN more int', 'ALTER TABLE a DROP COLUMN other, DROP COLUMN more'],
  ])('differs when it has run: %s', async (sql, back) => {
    const [live, script] = await states(sql);
    await connection.query(sql);
    const [liveNow, scriptNow] = await states(sql);
    await connection.query(back);

    expect(live).not.toBeNull();
    expect(script).not.toBeNull();
    expect(liveNow).not.toBe(live);
    expect(scriptNow).not.toBe(script);
  });

  it.each([
    'RENAME TABLE a TO c, b TO a, c TO b',
    'RENAME TABLES `A` TO c, b TO app.a, app.c TO b',
    'ALTER TABLE a EXCHANGE PARTITION p WITH TABLE b',
    'ALTER TABLE a IMPORT TABLESPACE',
  ])('is nothing, so that somebody is asked: %s', async (sql) => {
    expect(await states(sql)).toEqual([null, null]);
  });
});
