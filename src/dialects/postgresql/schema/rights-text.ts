import type { Grant } from '../../../schema/snapshot.ts';
import type { RightsText } from '../../schema/granted-rights.ts';
import { quoteIdentifier, quoteTable } from '../quote.ts';
import { roleText } from '../operations/render-access.ts';

/** How GRANT and ALTER DEFAULT PRIVILEGES name what a right is on, and to whom. */
export function rightsText({ grantee, on }: Pick<Grant, 'grantee' | 'on'>): RightsText {
  const { kind, schema, name, column, parameters, role } = on;
  const common = {
    column: column === null ? null : quoteIdentifier(column),
    grantee: roleText(grantee),
    optionForEach: true,
  };
  if (kind === 'newObjects') {
    const of = role === null ? '' : `FOR ROLE ${quoteIdentifier(role)} `;
    const inside = schema === null ? '' : `IN SCHEMA ${quoteIdentifier(schema)} `;
    return { ...common, before: `ALTER DEFAULT PRIVILEGES ${of}${inside}`, on: name ?? '' };
  }
  const signature = parameters === null ? '' : `(${parameters})`;
  return { ...common, before: '', on: `${kind.toUpperCase()} ${quoteTable({ schema, name: name ?? '' })}${signature}` };
}
