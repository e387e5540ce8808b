import type { Grant } from '../../../schema/snapshot.ts';
import type { RightsText } from '../../schema/granted-rights.ts';
import { quoteIdentifier } from '../quote.ts';
import { accountText } from '../operations/render-access.ts';

/** How GRANT names what a right is on, and to whom; `*` is the database of the connection, whatever it is called. */
export function rightsText({ grantee, on }: Pick<Grant, 'grantee' | 'on'>): RightsText {
  const { kind, name, column } = on;
  return {
    before: '',
    on: kind === 'database' ? '*' : `${kind.toUpperCase()} ${quoteIdentifier(name ?? '')}`,
    column: column === null ? null : quoteIdentifier(column),
    grantee: accountText(grantee),
    optionForEach: false,
  };
}
