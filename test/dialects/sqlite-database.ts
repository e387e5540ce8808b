import { onTestFinished } from 'vitest';
import type { ChangeTable, Recreate, TableChange } from '../../src/operations/table-change.ts';
import type { Connection, Row } from '../../src/dialects/connection.ts';
import type { Statement } from '../../src/dialects/statement.ts';
import { changeTable } from '../../src/dialects/sqlite/operations/change-table.ts';
import { connectSqlite } from '../../src/dialects/sqlite/driver.ts';
import { loadSqliteBuilder } from '../../src/dialects/sqlite/knex-client.ts';

/** A SQLite database and the changes of tables on it, with nothing of the runtime in between. */
export interface SqliteDatabase {
  readonly connection: Connection;
  /** The statements that make these changes, not run. */
  readonly render: (
    table: string,
    changes: readonly TableChange[],
    recreate?: Recreate,
    schema?: string,
  ) => Promise<readonly Statement[]>;
  /**
   * Makes the changes in one transaction, which a failure rolls back. Answers with the SQL that ran. `sabotage` is SQL
   * to run behind the copy of the rows.
   */
  readonly change: (
    table: string,
    changes: readonly TableChange[],
    recreate?: Recreate,
    schema?: string,
    sabotage?: string,
  ) => Promise<readonly string[]>;
  readonly query: (sql: string) => Promise<readonly Row[]>;
  /** The stored text of every object, by name; automatic indexes are not among them. */
  readonly schema: () => Promise<Readonly<Record<string, string>>>;
  /** Every row of every table as JSON, by table: each value as SQL, and the rowid where there is one. */
  readonly rows: () => Promise<Readonly<Record<string, readonly string[]>>>;
}

/** Opens a database in memory, or a file, and runs a script in it; it is closed when the test ends. */
export async function sqliteDatabase(script: string, filename = ':memory:'): Promise<SqliteDatabase> {
  const settings = {
    dialect: 'sqlite',
    connection: { filename },
    display: 'sqlite',
    secrets: [],
    searchPath: null,
  } as const;
  const connection = await connectSqlite(settings, { applicationName: '', busyTimeoutMs: 5000, readOnly: false });
  onTestFinished(() => connection.close());
  if (script !== '') await connection.script(script);
  const run = (statement: Statement) => connection.query(statement.sql, statement.bindings);
  const builder = await loadSqliteBuilder(run);
  const query = async (sql: string): Promise<readonly Row[]> => (await connection.query(sql)).rows;

  const render: SqliteDatabase['render'] = (table, changes, recreate = 'auto', schema) => {
    const operation: ChangeTable = {
      kind: 'changeTable',
      table,
      schema: schema ?? null,
      changes,
      recreate,
      safe: false,
    };
    return changeTable(operation, { builder, ask: async (sql, bindings = []) => (await run({ sql, bindings })).rows });
  };
  return {
    connection,
    render,
    query,
    async change(table, changes, recreate, schema, sabotage) {
      await connection.query('BEGIN IMMEDIATE');
      try {
        const statements = await render(table, changes, recreate, schema);
        for (const statement of statements) {
          await run(statement);
          if (sabotage !== undefined && statement.sql.startsWith('INSERT OR ABORT')) await connection.query(sabotage);
        }
        await connection.query('COMMIT');
        return statements.map(({ sql }) => sql);
      } catch (error) {
        await connection.query('ROLLBACK');
        throw error;
      }
    },
    async schema() {
      const objects = await query('SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name');
      return Object.fromEntries(objects.map(({ name, sql }) => [String(name), String(sql)]));
    },
    async rows() {
      const tables = await query(
        `SELECT name, wr FROM pragma_table_list WHERE type = 'table' AND schema = 'main' AND name <> 'sqlite_schema' ORDER BY name`,
      );
      const rows: Record<string, readonly string[]> = {};
      for (const { name, wr } of tables) {
        const rowid = wr === 1 ? '' : '_rowid_ AS "row id", ';
        const quoted = `"${String(name).replaceAll('"', '""')}"`;
        const columns = await query(`SELECT name FROM pragma_table_xinfo('${String(name).replaceAll("'", "''")}')`);
        // quote() tells 1 from '1' and shows every byte.
        const values = columns.map(({ name: column }) => `"${String(column).replaceAll('"', '""')}"`);
        const shown = values.map((column) => `quote(${column}) AS ${column}`).join(', ');
        const found = await query(`SELECT ${rowid}${shown} FROM ${quoted}`);
        rows[String(name)] = found.map((row) => JSON.stringify(row)).toSorted();
      }
      return rows;
    },
  };
}
