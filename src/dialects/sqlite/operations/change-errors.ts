import type { TableChange } from '../../../operations/table-change.ts';
import { AludelError } from '../../../support/aludel-error.ts';
import { assertNever } from '../../../support/assert-never.ts';
import { listed } from '../../../support/text.ts';
import { columnHint } from '../../sql/missing-name.ts';
import type { CreateTable } from './parse-create-table.ts';

/** migration.failed: a change that cannot be made. */
export function refused(message: string, hint: string): AludelError {
  return new AludelError('migration.failed', message, { hint });
}

/** migration.failed: `what` (a plural) is not to be had on this database. */
export function lacks(what: string, hint = 'Leave it out where op.context.dialect is "sqlite".'): AludelError {
  return refused(`SQLite has no ${what}.`, hint);
}

export function noColumn({ columns }: CreateTable, table: string, name: string): AludelError {
  return refused(
    `Table "${table}" has no column "${name}".`,
    columnHint(
      name,
      columns.map((column) => column.name),
    ),
  );
}

export function neverRecreated(table: string, changes: readonly string[]): AludelError {
  return refused(
    `SQLite must make table "${table}" anew to ${listed(changes)}, and recreate is "never".`,
    'Leave recreate out, or say "auto".',
  );
}

/** A change in words that follow "to". */
export function inWordsOf(change: TableChange): string {
  switch (change.kind) {
    case 'addColumn':
      return 'add a column that is a key, has a computed default or is stored';
    case 'dropColumn':
      return `drop column "${change.column}"`;
    case 'renameColumn':
      return `rename column "${change.from}"`;
    case 'alterColumn':
      return `alter column "${change.column}"`;
    case 'addConstraint':
      return change.constraint.name === null ? 'add a constraint' : `add constraint "${change.constraint.name}"`;
    case 'dropConstraint':
      return `drop constraint "${change.name}"`;
    case 'renameConstraint':
      return `rename constraint "${change.from}"`;
    default:
      return assertNever(change);
  }
}
