import { named, type Constraint, type ConstraintKind } from '../../src/operations/constraint.ts';
import type { ColumnBuild, ColumnChanges, TableChange } from '../../src/operations/table-change.ts';

/* The changes of a table as records, the way `op` makes them. */

export const alter = (column: string, to: ColumnChanges): TableChange => ({ kind: 'alterColumn', column, to });
export const add = (build: ColumnBuild, ifNotExists = false): TableChange => ({
  kind: 'addColumn',
  build,
  ifNotExists,
});
export const drop = (column: string, ifExists = false): TableChange => ({ kind: 'dropColumn', column, ifExists });
export const rename = (from: string, to: string): TableChange => ({ kind: 'renameColumn', from, to });
export const renameConstraint = (from: string, to: string): TableChange => ({ kind: 'renameConstraint', from, to });
export const constrain = (table: string, constraint: Constraint, ifNotExists = false): TableChange => ({
  kind: 'addConstraint',
  constraint: named(table, constraint),
  ifNotExists,
});
export const release = (name: string, type: ConstraintKind | null = null, ifExists = false): TableChange => ({
  kind: 'dropConstraint',
  name,
  type,
  ifExists,
});
