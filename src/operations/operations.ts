import type { Knex } from 'knex';
import type { Operation, RowValue } from './operation.ts';

/** Options every operation on a table takes. */
export interface TableOptions {
  /** Schema of the table; without it the connection's default. SQLite has none. */
  readonly schema?: string;
}

export interface CreateIndexOptions extends TableOptions {
  /** Name of the index; without it `<table>_<columns>_index`, or `_unique`. */
  readonly name?: string;
  readonly unique?: boolean;
  readonly ifNotExists?: boolean;
  /** Condition of a partial index, as SQL. MySQL has none and refuses it. */
  readonly where?: string;
}

export interface DropIndexOptions extends TableOptions {
  /** The table the index is on: needed on MySQL, harmless elsewhere. */
  readonly table?: string;
  readonly ifExists?: boolean;
}

/** The rows a statement returned, as the driver returns them. */
export type ResultRows = readonly Readonly<Record<string, unknown>>[];

/** What a revision may know about the run it is part of. */
export interface RevisionContext {
  readonly dialect: 'sqlite' | 'postgresql' | 'mysql';
  readonly revision: string;
  readonly direction: 'upgrade' | 'downgrade';
  /** The `-x key=value` pairs of the command line. */
  readonly x: Readonly<Record<string, string>>;
}

/**
 * What `upgrade(op)` and `downgrade(op)` receive. Every statement an operation causes runs on the same connection and
 * in the same transaction as the rest of the revision, in the order of the calls. Await each call: a revision that
 * returns while operations are still under way is refused.
 */
export interface Operations {
  /** Creates a table with knex's table builder. */
  createTable(
    table: string,
    build: (table: Knex.CreateTableBuilder) => void,
    options?: TableOptions & { readonly ifNotExists?: boolean },
  ): Promise<void>;
  /** Alters a table with knex's table builder. */
  alterTable(table: string, build: (table: Knex.AlterTableBuilder) => void, options?: TableOptions): Promise<void>;
  /** Adds one column, or several: `op.addColumn('users', (t) => t.string('phone', 20))`. */
  addColumn(table: string, build: (table: Knex.AlterTableBuilder) => unknown, options?: TableOptions): Promise<void>;
  dropColumn(table: string, column: string, options?: TableOptions): Promise<void>;
  dropTable(table: string, options?: TableOptions & { readonly ifExists?: boolean }): Promise<void>;
  renameTable(from: string, to: string, options?: TableOptions): Promise<void>;
  createIndex(table: string, columns: string | readonly string[], options?: CreateIndexOptions): Promise<void>;
  dropIndex(name: string, options?: DropIndexOptions): Promise<void>;
  /**
   * Runs SQL: one statement with bindings (`?`, or `$1` on PostgreSQL), or any number of statements without. Returns the
   * rows of the last statement. The text goes to the database untouched: `?` and `:x` inside it mean nothing.
   */
  execute(sql: string, bindings?: readonly unknown[]): Promise<ResultRows>;
  /** Inserts rows; columns missing in a row get their default. */
  bulkInsert(
    table: string,
    rows: readonly Readonly<Record<string, RowValue | undefined>>[],
    options?: TableOptions,
  ): Promise<void>;
  /**
   * Runs what the function does outside a transaction, for statements that cannot run inside one (CREATE INDEX
   * CONCURRENTLY, VACUUM). What came before is committed first. A run that is interrupted afterwards resumes after the
   * statements already carried out; the queries in between must not depend on anything but the database.
   */
  autocommit(work: () => Promise<void>): Promise<void>;
  /** knex's query builder on the connection and transaction of this revision, for data migrations. */
  readonly knex: Knex;
  readonly context: RevisionContext;
}

/** What carries out the operations of a revision. */
export interface OperationsPort {
  /** Runs a structured operation. `caller` is a stack taken at the call, to name the line in errors. */
  perform(operation: Operation, caller: Error): Promise<void>;
  execute(sql: string, bindings: readonly unknown[] | null, caller: Error): Promise<ResultRows>;
  autocommit(work: () => Promise<void>, caller: Error): Promise<void>;
  readonly knex: Knex;
  readonly context: RevisionContext;
}

/** The `op` of one revision and direction. Translates calls into {@link Operation} records; runs nothing itself. */
export function createOperations(port: OperationsPort): Operations {
  const perform = (operation: Operation): Promise<void> => port.perform(operation, calledHere());
  return {
    createTable: (table, build, options = {}) =>
      perform({
        kind: 'createTable',
        table,
        schema: options.schema ?? null,
        ifNotExists: options.ifNotExists ?? false,
        build,
      }),
    alterTable: (table, build, options = {}) =>
      perform({ kind: 'alterTable', table, schema: options.schema ?? null, build }),
    addColumn: (table, build, options = {}) =>
      perform({ kind: 'alterTable', table, schema: options.schema ?? null, build: (t) => void build(t) }),
    dropColumn: (table, column, options = {}) =>
      perform({ kind: 'dropColumn', table, schema: options.schema ?? null, column }),
    dropTable: (table, options = {}) =>
      perform({ kind: 'dropTable', table, schema: options.schema ?? null, ifExists: options.ifExists ?? false }),
    renameTable: (from, to, options = {}) => perform({ kind: 'renameTable', from, to, schema: options.schema ?? null }),
    createIndex: (table, columns, options = {}) =>
      perform({
        kind: 'createIndex',
        name: options.name ?? null,
        table,
        schema: options.schema ?? null,
        columns: typeof columns === 'string' ? [columns] : columns,
        unique: options.unique ?? false,
        ifNotExists: options.ifNotExists ?? false,
        where: options.where ?? null,
      }),
    dropIndex: (name, options = {}) =>
      perform({
        kind: 'dropIndex',
        name,
        table: options.table ?? null,
        schema: options.schema ?? null,
        ifExists: options.ifExists ?? false,
      }),
    execute: (sql, bindings) => port.execute(sql, bindings ?? null, calledHere()),
    bulkInsert: (table, rows, options = {}) =>
      perform({ kind: 'bulkInsert', table, schema: options.schema ?? null, rows }),
    autocommit: (work) => port.autocommit(work, calledHere()),
    knex: port.knex,
    context: port.context,
  };
}

/** A stack that begins at the revision's own call. */
function calledHere(): Error {
  return new Error('called here');
}
