import { callback, flag, name, oneOf, options } from './argument-rules.ts';
import { batchSignatures, collectChanges, type Batch } from './batch.ts';
import { guarded, type OptionsOf, type Signatures } from './check-arguments.ts';
import { constraintKinds, constraintRule, type Constraint, type ConstraintKind } from './constraint.ts';
import {
  columnChangesRule,
  type ChangeTable,
  type ColumnBuild,
  type ColumnChanges,
  type Recreate,
} from './table-change.ts';
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
    batchAlterTable: (table, fill, options) =>
      change(table, (batch) => fill(guarded('batch', batch, batchSignatures)), options),
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

const changeRules = { schema: name, recreate: oneOf('auto', 'always', 'never') };
const safeRules = { ...changeRules, safe: flag };

export const columnSignatures: Signatures<ColumnOperations> = {
  batchAlterTable: { table: name, fill: callback, options: options<SafeChangeOptions>(safeRules) },
  addColumn: {
    table: name,
    build: callback,
    options: options<OptionsOf<ColumnOperations['addColumn']>>({ ...changeRules, ifNotExists: flag }),
  },
  dropColumn: {
    table: name,
    column: name,
    options: options<OptionsOf<ColumnOperations['dropColumn']>>({ ...changeRules, ifExists: flag }),
  },
  renameColumn: { table: name, from: name, to: name, options: options<ChangeOptions>(changeRules) },
  alterColumn: { table: name, column: name, to: columnChangesRule, options: options<SafeChangeOptions>(safeRules) },
  addConstraint: {
    table: name,
    constraint: constraintRule,
    options: options<OptionsOf<ColumnOperations['addConstraint']>>({ ...safeRules, ifNotExists: flag }),
  },
  dropConstraint: {
    table: name,
    name,
    options: options<OptionsOf<ColumnOperations['dropConstraint']>>({
      ...changeRules,
      type: oneOf(...constraintKinds),
      ifExists: flag,
    }),
  },
  renameConstraint: { table: name, from: name, to: name, options: options<ChangeOptions>(changeRules) },
  validateConstraint: { table: name, name, options: options<TableOptions>({ schema: name }) },
};
