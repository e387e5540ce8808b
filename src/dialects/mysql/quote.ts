import { AludelError } from '../../support/aludel-error.ts';
import { quotingWith } from '../sql/quoting.ts';

/** Both throw migration.failed for an empty name, instead of which the servers choose one, and for a NUL. */
export const { quoteIdentifier, quoteTable } = quotingWith('`', (name) => {
  if (name !== '' && !name.includes('\0')) return;
  throw new AludelError('migration.failed', `"${name}" cannot be a name in MySQL.`, { hint: 'Give it another name.' });
});
