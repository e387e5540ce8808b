import { name, options } from './argument-rules.ts';
import type { Signatures } from './check-arguments.ts';
import type { TableOptions } from './table-options.ts';

/** A column as the database's catalogue shows it. */
export interface ColumnInfo {
  readonly name: string;
  /** As the database writes it: `character varying(20)`, `varchar(20)`, `INTEGER`. */
  readonly type: string;
  readonly nullable: boolean;
  /** The default as SQL, null without one. */
  readonly default: string | null;
}

export interface IndexInfo {
  readonly name: string;
  readonly unique: boolean;
  /** Its columns in order; null stands for an expression. */
  readonly columns: readonly (string | null)[];
}

/**
 * Looks at the database as it is now, with all the revision has done so far. What it answers is kept, so that a
 * half-done revision that is resumed takes the same way again.
 */
export interface Inspect {
  hasTable(table: string, options?: TableOptions): Promise<boolean>;
  /** Materialized views count too. */
  hasView(view: string, options?: TableOptions): Promise<boolean>;
  hasColumn(table: string, column: string, options?: TableOptions): Promise<boolean>;
  /** False for an invalid index, which a failed CREATE INDEX CONCURRENTLY leaves on PostgreSQL. */
  hasIndex(table: string, index: string, options?: TableOptions): Promise<boolean>;
  /** Primary key, unique, foreign key, check or exclusion of this name. */
  hasConstraint(table: string, constraint: string, options?: TableOptions): Promise<boolean>;
  hasEnum(name: string, options?: TableOptions): Promise<boolean>;
  hasSequence(name: string, options?: TableOptions): Promise<boolean>;
  hasTrigger(table: string, trigger: string, options?: TableOptions): Promise<boolean>;
  hasSchema(name: string): Promise<boolean>;
  /** Names of the tables, sorted. */
  tables(options?: TableOptions): Promise<readonly string[]>;
  /** In the order of the table; empty when there is no such table. */
  columns(table: string, options?: TableOptions): Promise<readonly ColumnInfo[]>;
  /** Sorted by name. */
  indexes(table: string, options?: TableOptions): Promise<readonly IndexInfo[]>;
  rowCount(table: string, options?: TableOptions): Promise<number>;
}

/** An Inspect whose every question goes through `look`. */
export function inspectThrough(look: <T>(ask: (inspect: Inspect) => Promise<T>) => Promise<T>): Inspect {
  return {
    hasTable: (table, options) => look((inspect) => inspect.hasTable(table, options)),
    hasView: (view, options) => look((inspect) => inspect.hasView(view, options)),
    hasColumn: (table, column, options) => look((inspect) => inspect.hasColumn(table, column, options)),
    hasIndex: (table, index, options) => look((inspect) => inspect.hasIndex(table, index, options)),
    hasConstraint: (table, name, options) => look((inspect) => inspect.hasConstraint(table, name, options)),
    hasEnum: (name, options) => look((inspect) => inspect.hasEnum(name, options)),
    hasSequence: (name, options) => look((inspect) => inspect.hasSequence(name, options)),
    hasTrigger: (table, trigger, options) => look((inspect) => inspect.hasTrigger(table, trigger, options)),
    hasSchema: (name) => look((inspect) => inspect.hasSchema(name)),
    tables: (options) => look((inspect) => inspect.tables(options)),
    columns: (table, options) => look((inspect) => inspect.columns(table, options)),
    indexes: (table, options) => look((inspect) => inspect.indexes(table, options)),
    rowCount: (table, options) => look((inspect) => inspect.rowCount(table, options)),
  };
}

const place = options<TableOptions>({ schema: name });

export const inspectSignatures: Signatures<Inspect> = {
  hasTable: { table: name, options: place },
  hasView: { view: name, options: place },
  hasColumn: { table: name, column: name, options: place },
  hasIndex: { table: name, index: name, options: place },
  hasConstraint: { table: name, constraint: name, options: place },
  hasEnum: { name, options: place },
  hasSequence: { name, options: place },
  hasTrigger: { table: name, trigger: name, options: place },
  hasSchema: { name },
  tables: { options: place },
  columns: { table: name, options: place },
  indexes: { table: name, options: place },
  rowCount: { table: name, options: place },
};
