import type { Knex } from 'knex';
import { callback, flag, name, options, sql } from './argument-rules.ts';
import type { OptionsOf, Signatures } from './check-arguments.ts';
import { settled, type TableOptions } from './table-options.ts';

export type TableOperation =
  | {
      readonly kind: 'createTable';
      readonly table: string;
      readonly schema: string | null;
      readonly ifNotExists: boolean;
      readonly build: (table: Knex.CreateTableBuilder) => void;
    }
  | {
      readonly kind: 'createTableAs';
      readonly table: string;
      readonly schema: string | null;
      readonly query: string;
      readonly ifNotExists?: boolean;
    }
  | {
      readonly kind: 'alterTable';
      readonly table: string;
      readonly schema: string | null;
      readonly build: (table: Knex.AlterTableBuilder) => void;
    }
  | {
      readonly kind: 'dropTable';
      readonly table: string;
      readonly schema: string | null;
      readonly ifExists?: boolean;
      readonly cascade?: boolean;
    }
  | { readonly kind: 'renameTable'; readonly from: string; readonly to: string; readonly schema: string | null };

export interface DropTableOptions extends TableOptions {
  readonly ifExists?: boolean;
  /** Drops what depends on the table too. PostgreSQL. */
  readonly cascade?: boolean;
}

export interface TableOperations {
  /** Creates a table with knex's table builder. */
  createTable(
    table: string,
    build: (table: Knex.CreateTableBuilder) => void,
    options?: TableOptions & { readonly ifNotExists?: boolean },
  ): Promise<void>;
  /** Creates a table from the rows of a query, without keys or constraints. */
  createTableAs(
    table: string,
    query: string,
    options?: TableOptions & { readonly ifNotExists?: boolean },
  ): Promise<void>;
  /** Alters a table with knex's table builder. What it cannot say without asking the database is refused: see batchAlterTable. */
  alterTable(table: string, build: (table: Knex.AlterTableBuilder) => void, options?: TableOptions): Promise<void>;
  dropTable(table: string, options?: DropTableOptions): Promise<void>;
  renameTable(from: string, to: string, options?: TableOptions): Promise<void>;
}

export function tableOperations(perform: (operation: TableOperation) => Promise<void>): TableOperations {
  return {
    createTable: (table, build, options) =>
      perform({ kind: 'createTable', table, build, ifNotExists: false, ...settled(options) }),
    createTableAs: (table, query, options) => perform({ kind: 'createTableAs', table, query, ...settled(options) }),
    alterTable: (table, build, options) => perform({ kind: 'alterTable', table, build, ...settled(options) }),
    dropTable: (table, options) => perform({ kind: 'dropTable', table, ...settled(options) }),
    renameTable: (from, to, options) => perform({ kind: 'renameTable', from, to, ...settled(options) }),
  };
}

const created = { schema: name, ifNotExists: flag };

export const tableSignatures: Signatures<TableOperations> = {
  createTable: {
    table: name,
    build: callback,
    options: options<OptionsOf<TableOperations['createTable']>>(created),
  },
  createTableAs: {
    table: name,
    query: sql,
    options: options<OptionsOf<TableOperations['createTableAs']>>(created),
  },
  alterTable: { table: name, build: callback, options: options<TableOptions>({ schema: name }) },
  dropTable: { table: name, options: options<DropTableOptions>({ schema: name, ifExists: flag, cascade: flag }) },
  renameTable: { from: name, to: name, options: options<TableOptions>({ schema: name }) },
};
