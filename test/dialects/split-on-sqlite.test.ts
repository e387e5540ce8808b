import sqlite3 from 'sqlite3';
import { describe, expect, it } from 'vitest';
import { splitStatements } from '../../src/dialects/sqlite/split-statements.ts';
import { sqliteCases } from './cases/sqlite.ts';

describe('SQLite', () => {
  it.each(sqliteCases.filter(({ notRun }) => notRun === null))(
    'is left with the same schema by the pieces as by the whole: $title',
    async ({ text }) => {
      const whole = await schemaAfter([text]);
      const singly = await schemaAfter(splitStatements(text).map(({ sql }) => sql));
      expect(singly).toEqual(whole);
    },
  );

  it.each(sqliteCases.filter(({ notRun }) => notRun === null))(
    'runs each piece as one whole statement: $title',
    async ({ text }) => {
      // sqlite3 prepares the first statement of a text and drops the rest: an END; is left over where a piece is too long.
      const whole = await schemaAfter([text]);
      const prepared = await schemaAfter(
        splitStatements(text).map(({ sql }) => sql),
        'run',
      );
      expect(prepared).toEqual(whole);
    },
  );
});

/** Every object of the main and the temporary schema, the rows of t and u, and user_version. */
async function schemaAfter(texts: readonly string[], method: 'exec' | 'run' = 'exec'): Promise<unknown> {
  const database = new sqlite3.Database(':memory:');
  try {
    for (const text of texts) await call((done) => database[method](text, done));
    const objects = await call<{ type: string; name: string }[]>((done) =>
      database.all(
        'SELECT type, name, sql FROM sqlite_schema UNION ALL SELECT type, name, sql FROM sqlite_temp_schema ORDER BY 1, 2',
        done,
      ),
    );
    const tables = (objects ?? []).filter(({ type, name }) => type === 'table' && (name === 't' || name === 'u'));
    const rows = [];
    for (const { name } of tables) rows.push(await call((done) => database.all(`SELECT * FROM ${name}`, done)));
    const version = await call((done) => database.all('PRAGMA user_version', done));
    return { objects, rows, version };
  } finally {
    await call((done) => database.close(done));
  }
}

type Done<T> = (error: Error | null, result?: T) => void;

function call<T>(start: (done: Done<T>) => void): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    start((error, result) => (error === null || error === undefined ? resolve(result) : reject(error)));
  });
}
