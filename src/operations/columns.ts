import { collectChanges, type Batch } from './batch.ts';
import type { Constraint, ConstraintKind } from './constraint.ts';
import type { ChangeTable, ColumnBuild, ColumnChanges, Recreate } from './table-change.ts';
import { settled, type TableOptions } from './table-options.ts';

export type ColumnOperation =
  | ChangeTable
  | {
      readonly kind: 'validateConstraint';
      readonly table: string;
      readonly schema: string | null;
      readonly name: string;
    };

export interface ChangeOptions extends TableOptions {
  /**
   * When SQLite makes the table anew: where ALTER TABLE cannot make the change (`auto`, the default), always, or never,
   * which refuses such a change. The other databases alter every table in place.
   */
  readonly recreate?: Recreate;
}

export interface SafeChangeOptions extends ChangeOptions {
  /**
   * For large tables in use on PostgreSQL: never holds a lock that stops readers or writers for longer than a moment.
   * NOT NULL goes through a validated check, foreign keys and checks through NOT VALID and VALIDATE, unique and primary
   * keys through an index built concurrently. What came before is committed first, and each step by itself. The other
   * databases make the change plainly.
   */
  readonly safe?: boolean;
}

/** Columns and constraints. On SQLite each call may rebuild the table: put several into one batch. */
export interface ColumnOperations {
  /** Makes several changes at once: one ALTER TABLE, or one rebuild of the table on SQLite. */
  batchAlterTable(table: string, fill: (batch: Batch) => void, options?: SafeChangeOptions): Promise<void>;
  /** Adds one column, or several: `op.addColumn('users', (t) => t.string('phone', 20))`. */
  addColumn(
    table: string,
    build: ColumnBuild,
    options?: ChangeOptions & { readonly ifNotExists?: boolean },
  ): Promise<void>;
  dropColumn(table: string, column: string, options?: ChangeOptions & { readonly ifExists?: boolean }): Promise<void>;
  renameColumn(table: string, from: string, to: string, options?: ChangeOptions): Promise<void>;
  /** Changes what is named and leaves the rest of the column as it is. */
  alterColumn(table: string, column: string, to: ColumnChanges, options?: SafeChangeOptions): Promise<void>;
  addConstraint(
    table: string,
    constraint: Constraint,
    options?: SafeChangeOptions & { readonly ifNotExists?: boolean },
  ): Promise<void>;
  /** `type` may be left out where the name alone tells. */
  dropConstraint(
    table: string,
    name: string,
    options?: ChangeOptions & { readonly type?: ConstraintKind; readonly ifExists?: boolean },
  ): Promise<void>;
  renameConstraint(table: string, from: string, to: string, options?: ChangeOptions): Promise<void>;
  /** Checks the rows that were there when a constraint was added with `notValid`. PostgreSQL. */
  validateConstraint(table: string, name: string, options?: TableOptions): Promise<void>;
}

export function columnOperations(perform: (operation: ColumnOperation) => Promise<void>): ColumnOperations {
  const change = (table: string, fill: (batch: Batch) => void, options: SafeChangeOptions = {}): Promise<void> => {
    const { schema = null, recreate = 'auto', safe = false } = options;
    return perform({ kind: 'changeTable', table, schema, changes: collectChanges(table, fill), recreate, safe });
  };
  return {
    batchAlterTable: change,
    addColumn: (table, build, options) => change(table, (batch) => batch.addColumn(build, options), options),
    dropColumn: (table, column, options) => change(table, (batch) => batch.dropColumn(column, options), options),
    renameColumn: (table, from, to, options) => change(table, (batch) => batch.renameColumn(from, to), options),
    alterColumn: (table, column, to, options) => change(table, (batch) => batch.alterColumn(column, to), options),
    addConstraint: (table, constraint, options) =>
      change(table, (batch) => batch.addConstraint(constraint, options), options),
    dropConstraint: (table, name, options) => change(table, (batch) => batch.dropConstraint(name, options), options),
    renameConstraint: (table, from, to, options) => change(table, (batch) => batch.renameConstraint(from, to), options),
    validateConstraint: (table, name, options) =>
      perform({ kind: 'validateConstraint', table, name, ...settled(options) }),
  };
}
