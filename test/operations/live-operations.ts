import { onTestFinished } from 'vitest';
import type { Connection, DialectName, Row } from '../../src/dialects/connection.ts';
import type { Dialect } from '../../src/dialects/dialect.ts';
import { dialectOf } from '../../src/dialects/registry.ts';
import type { Statement } from '../../src/dialects/statement.ts';
import { parseDatabaseUrl } from '../../src/environment/database-url.ts';
import { createOperations, type Operations, type OperationsPort } from '../../src/operations/operations.ts';
import { createDatabase } from '../servers.ts';

/** `op` on a fresh database, without a run around it: every statement runs as soon as it is rendered. */
export interface LiveOperations {
  readonly op: Operations;
  /** What ran for operations since the last call of it, without what was asked. */
  takeStatements(): readonly Statement[];
  query(sql: string): Promise<readonly Row[]>;
  /** Empties the database. */
  reset(): Promise<void>;
}

/** The database is dropped when `finished` says so: at the end of the test, unless it is vitest's `afterAll`. */
export async function liveOperations(
  name: DialectName,
  finished: (cleanUp: () => Promise<void>) => void = onTestFinished,
): Promise<LiveOperations> {
  const database = await createDatabase(name);
  const dialect = await dialectOf(name);
  const connection = await dialect.connect(parseDatabaseUrl(database.url, process.cwd()), {
    applicationName: 'test',
    busyTimeoutMs: 5000,
    readOnly: false,
  });
  finished(async () => {
    await connection.close();
    await database.drop();
  });
  const live = await operationsOn(dialect, connection);
  return { ...live, reset: () => empty(name, new URL(database.url).pathname.slice(1), live.query) };
}

/** Making a database anew takes a server longer than emptying one. */
async function empty(name: DialectName, database: string, query: LiveOperations['query']): Promise<void> {
  switch (name) {
    case 'sqlite':
      // A rebuild that was refused half-way leaves its savepoint.
      await query('ROLLBACK').catch(() => undefined);
      await query('PRAGMA writable_schema = ON');
      await query('DELETE FROM sqlite_schema');
      await query('PRAGMA writable_schema = OFF');
      await query('VACUUM');
      return;
    case 'postgresql':
      for (const { nspname } of await query(
        `SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'`,
      )) {
        await query(`DROP SCHEMA "${String(nspname).replaceAll('"', '""')}" CASCADE`);
      }
      await query('CREATE SCHEMA public');
      return;
    case 'mysql':
      await query(`DROP DATABASE ${database}`);
      await query(`CREATE DATABASE ${database}`);
      await query(`USE ${database}`);
  }
}

async function operationsOn(dialect: Dialect, connection: Connection): Promise<Omit<LiveOperations, 'reset'>> {
  let ran: Statement[] = [];
  const query = async (sql: string, bindings: readonly unknown[] = []) => (await connection.query(sql, bindings)).rows;
  const builder = await dialect.loadBuilder(({ sql, bindings }) => connection.query(sql, bindings));
  const perform: OperationsPort['perform'] = async (operation) => {
    for (const statement of await dialect.render(operation, { builder, ask: query })) {
      ran.push(statement);
      await query(statement.sql, statement.bindings);
    }
  };
  const port: OperationsPort = {
    perform,
    async performEach(operations, caller) {
      for await (const operation of operations) await perform(operation, caller);
    },
    backfill: () => Promise.reject(new Error('a backfill needs a run')),
    async execute(sql, bindings) {
      let rows: readonly Row[] = [];
      for (const part of dialect.splitStatements(sql)) rows = await query(part.sql, bindings ?? []);
      return rows;
    },
    autocommit: (work) => work(),
    inspect: (look) => look(dialect.inspector(query)),
    knex: builder.knex,
    context: { dialect: dialect.name, revision: 'test', direction: 'upgrade', x: {} },
  };
  return {
    op: createOperations(port),
    takeStatements() {
      const taken = ran;
      ran = [];
      return taken;
    },
    query,
  };
}
