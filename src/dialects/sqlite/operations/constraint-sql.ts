import type { NamedConstraint } from '../../../operations/constraint.ts';
import { lacks } from './change-errors.ts';
import { quoteIdentifier } from '../quote.ts';

/** A constraint as it stands in CREATE TABLE. Throws migration.failed for what SQLite has not. */
export function constraintSql(constraint: NamedConstraint): string {
  if ('notValid' in constraint && constraint.notValid) {
    throw lacks('constraints that are not valid yet', 'Leave out "notValid"; "safe" serves all databases.');
  }
  const body = bodyOf(constraint);
  return constraint.name === null ? body : `CONSTRAINT ${quoteIdentifier(constraint.name)} ${body}`;
}

function bodyOf(constraint: NamedConstraint): string {
  const list = (columns: readonly string[]): string => `(${columns.map(quoteIdentifier).join(', ')})`;
  switch (constraint.kind) {
    case 'primaryKey':
      if (isDeferrable(constraint)) throw lacks('deferrable primary keys');
      return `PRIMARY KEY ${list(constraint.columns)}`;
    case 'unique':
      if (isDeferrable(constraint)) throw lacks('deferrable unique constraints');
      if (constraint.nullsNotDistinct === true) {
        throw lacks('NULLS NOT DISTINCT', 'A unique index on coalesce(column, …) does the same.');
      }
      return `UNIQUE ${list(constraint.columns)}`;
    case 'check':
      return `CHECK (${constraint.expression})`;
    case 'foreignKey': {
      const { references, onDelete, onUpdate } = constraint;
      if (references.schema !== undefined) throw lacks('foreign keys into another database');
      const parts = [
        `FOREIGN KEY ${list(constraint.columns)} REFERENCES ${quoteIdentifier(references.table)}${references.columns === undefined ? '' : ` ${list(references.columns)}`}`,
      ];
      if (onDelete !== undefined) parts.push(`ON DELETE ${onDelete.toUpperCase()}`);
      if (onUpdate !== undefined) parts.push(`ON UPDATE ${onUpdate.toUpperCase()}`);
      if (isDeferrable(constraint)) parts.push('DEFERRABLE');
      if (constraint.initiallyDeferred === true) parts.push('INITIALLY DEFERRED');
      return parts.join(' ');
    }
    default:
      throw lacks('exclusion constraints', 'A trigger that raises an error can stand in for it.');
  }
}

function isDeferrable(constraint: { readonly deferrable?: boolean; readonly initiallyDeferred?: boolean }): boolean {
  return constraint.deferrable === true || constraint.initiallyDeferred === true;
}
