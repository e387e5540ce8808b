import { AludelError } from '../support/aludel-error.ts';
import { callback, flag, name, oneOf, options } from './argument-rules.ts';
import type { OptionsOf, Signatures } from './check-arguments.ts';
import { constraintKinds, constraintRule, named, type Constraint, type ConstraintKind } from './constraint.ts';
import { columnChangesRule, type ColumnBuild, type ColumnChanges, type TableChange } from './table-change.ts';

/** Takes the changes of one table, in order: `op.batchAlterTable('users', (batch) => { batch.dropColumn('age'); … })`. */
export interface Batch {
  /** Adds one column, or several: `(t) => t.string('phone', 20)`. With `ifNotExists` those that are there are left alone. */
  addColumn(build: ColumnBuild, options?: { readonly ifNotExists?: boolean }): void;
  dropColumn(column: string, options?: { readonly ifExists?: boolean }): void;
  renameColumn(from: string, to: string): void;
  alterColumn(column: string, to: ColumnChanges): void;
  addConstraint(constraint: Constraint, options?: { readonly ifNotExists?: boolean }): void;
  dropConstraint(name: string, options?: { readonly type?: ConstraintKind; readonly ifExists?: boolean }): void;
  renameConstraint(from: string, to: string): void;
}

/** The changes that `fill` asks for, in the order of its calls. */
export function collectChanges(table: string, fill: (batch: Batch) => void): readonly TableChange[] {
  const changes: TableChange[] = [];
  fill({
    addColumn: (build, { ifNotExists = false } = {}) => void changes.push({ kind: 'addColumn', build, ifNotExists }),
    dropColumn: (column, { ifExists = false } = {}) => void changes.push({ kind: 'dropColumn', column, ifExists }),
    renameColumn: (from, to) => void changes.push({ kind: 'renameColumn', from, to }),
    alterColumn: (column, to) => void changes.push({ kind: 'alterColumn', column, to }),
    addConstraint: (constraint, { ifNotExists = false } = {}) => {
      if (ifNotExists && constraint.name === null) {
        throw new AludelError('migration.failed', 'A constraint without a name cannot be looked for.', {
          hint: 'Give it a name, or leave out "ifNotExists".',
        });
      }
      changes.push({ kind: 'addConstraint', constraint: named(table, constraint), ifNotExists });
    },
    dropConstraint: (
      name,
      { type = null, ifExists = false }: { type?: ConstraintKind | null; ifExists?: boolean } = {},
    ) => void changes.push({ kind: 'dropConstraint', name, type, ifExists }),
    renameConstraint: (from, to) => void changes.push({ kind: 'renameConstraint', from, to }),
  });
  return changes;
}

export const batchSignatures: Signatures<Batch> = {
  addColumn: { build: callback, options: options<OptionsOf<Batch['addColumn']>>({ ifNotExists: flag }) },
  dropColumn: { column: name, options: options<OptionsOf<Batch['dropColumn']>>({ ifExists: flag }) },
  renameColumn: { from: name, to: name },
  alterColumn: { column: name, to: columnChangesRule },
  addConstraint: {
    constraint: constraintRule,
    options: options<OptionsOf<Batch['addConstraint']>>({ ifNotExists: flag }),
  },
  dropConstraint: {
    name,
    options: options<OptionsOf<Batch['dropConstraint']>>({ type: oneOf(...constraintKinds), ifExists: flag }),
  },
  renameConstraint: { from: name, to: name },
};
