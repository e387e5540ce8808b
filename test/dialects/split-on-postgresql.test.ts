import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { splitStatements } from '../../src/dialects/postgresql/split-statements.ts';
import { postgresqlCases } from './cases/postgresql.ts';
import { createDatabase, describeOn, type TestDatabase } from '../servers.ts';

await describeOn('postgresql', 'the server', () => {
  let database: TestDatabase;
  let client: Client;

  beforeAll(async () => {
    database = await createDatabase('postgresql');
    client = new Client({ connectionString: database.url });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });
  beforeEach(emptySchema);

  async function emptySchema(): Promise<void> {
    await client.query('DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public');
  }

  it.each(postgresqlCases.filter(({ notRun }) => notRun === null))(
    'runs as many statements as were split, with the same answers: $title',
    async ({ text }) => {
      const whole = await results(client, text);
      await emptySchema();
      const statements = splitStatements(text);
      const singly = [];
      for (const { sql } of statements) singly.push(...(await results(client, sql)));

      expect(whole).toHaveLength(statements.length);
      expect(singly).toEqual(whole);
    },
  );
});

interface Answer {
  readonly command: string | null;
  readonly rows: readonly unknown[];
}

/** One entry for each statement that the server saw in the text, by the simple query protocol. */
async function results(client: Client, text: string): Promise<readonly Answer[]> {
  // pg answers with a list where the text held several statements; its types do not say so.
  const result: Answer | readonly Answer[] = await client.query({ text, rowMode: 'array' });
  const answers: readonly Answer[] = [result].flat();
  return answers.filter(({ command }) => command !== null).map(({ command, rows }) => ({ command, rows }));
}
