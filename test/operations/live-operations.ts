import { onTestFinished } from 'vitest';
import type { Connection, DialectName, Row } from '../../src/dialects/connection.ts';
import type { Dialect } from '../../src/dialects/dialect.ts';
import { dialectOf } from '../../src/dialects/registry.ts';
import type { Statement } from '../../src/dialects/statement.ts';
import { parseDatabaseUrl } from '../../src/environment/config/database-url.ts';
import type { Operation } from '../../src/operations/operation.ts';
import type { Inspect } from '../../src/operations/inspect.ts';
import { createOperations, type Operations, type OperationsPort } from '../../src/operations/operations.ts';
import { createDatabase, mysqlCharacters } from '../servers.ts';

/** `op` on a fresh database, without a run around it: every statement runs as soon as it is rendered. */
export interface LiveOperations {
  readonly op: Operations;
  readonly url: string;
  /** What is asked of `op`, as records; nothing runs. */
  recordsOf(call: (op: Operations) => Promise<unknown>): Promise<readonly Operation[]>;
  /** `op` whose operations, texts of SQL and names asked for are other ones when they run. */
  through(
    operation: (operation: Operation) => Operation,
    sql: (text: string) => string,
    name: (name: string) => string,
  ): Operations;
  /** The statements of an operation, not run. */
  render(operation: Operation): Promise<readonly Statement[]>;
  /** What ran for operations since the last call of it, without what was asked. */
  takeStatements(): readonly Statement[];
  query(sql: string): Promise<readonly Row[]>;
  /** Empties the database. */
  reset(): Promise<void>;
  /** Drops the database. */
  close(): Promise<void>;
}

/** On a database that is dropped at the end of the test. */
export async function liveOperations(name: DialectName): Promise<LiveOperations> {
  const live = await openOperations(name);
  onTestFinished(() => live.close());
  return live;
}

/** On a database that whoever asks for it closes. */
export async function openOperations(name: DialectName): Promise<LiveOperations> {
  const database = await createDatabase(name);
  const dialect = await dialectOf(name);
  const connection = await dialect.connect(parseDatabaseUrl(database.url, process.cwd()), {
    applicationName: 'test',
    busyTimeoutMs: 5000,
    readOnly: false,
  });
  const live = await operationsOn(dialect, connection);
  return {
    ...live,
    url: database.url,
    reset: () => empty(name, new URL(database.url).pathname.slice(1), live.query),
    async close() {
      await connection.close();
      await database.drop();
    },
  };
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
      await query(`CREATE DATABASE ${database} ${mysqlCharacters}`);
      await query(`USE ${database}`);
  }
}

async function operationsOn(
  dialect: Dialect,
  connection: Connection,
): Promise<Omit<LiveOperations, 'url' | 'reset' | 'close'>> {
  let ran: Statement[] = [];
  const query = async (sql: string, bindings: readonly unknown[] = []) => (await connection.query(sql, bindings)).rows;
  const builder = await dialect.loadBuilder(({ sql, bindings }) => connection.query(sql, bindings));
  const render = (operation: Operation): Promise<readonly Statement[]> =>
    dialect.render(operation, { builder, ask: query });
  const perform: OperationsPort['perform'] = async (operation) => {
    for (const statement of await render(operation)) {
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
    context: { dialect: dialect.name, revision: 'test', direction: 'upgrade', offline: false, x: {} },
  };
  return {
    op: createOperations(port),
    render,
    through(operationAs, sqlAs, nameAs) {
      const inspectAs = (inspect: Inspect): Inspect =>
        new Proxy(inspect, {
          get: (target, key) => {
            const ask = Reflect.get(target, key) as (...args: readonly unknown[]) => Promise<unknown>;
            return (...args: readonly unknown[]) =>
              ask(...args.map((arg) => (typeof arg === 'string' ? nameAs(arg) : arg)));
          },
        });
      return createOperations({
        ...port,
        perform: (operation, caller) => port.perform(operationAs(operation), caller),
        execute: (sql, bindings, caller) => port.execute(sqlAs(sql), bindings, caller),
        inspect: (look, caller) => port.inspect((inspect) => look(inspectAs(inspect)), caller),
      });
    },
    async recordsOf(call) {
      const records: Operation[] = [];
      const silent = await dialect.loadBuilder(() => Promise.resolve({ rows: [], rowCount: 0, native: null }));
      await call(
        createOperations({
          ...port,
          perform: async (operation) => void records.push(operation),
          async performEach(operations) {
            for await (const operation of operations) records.push(operation);
          },
          execute: () => Promise.resolve([]),
          knex: silent.knex,
        }),
      );
      return records;
    },
    takeStatements() {
      const taken = ran;
      ran = [];
      return taken;
    },
    query,
  };
}
