import { AludelError } from '../../support/aludel-error.ts';
import { quotingWith } from '../sql/quoting.ts';

/** NAMEDATALEN - 1 (PostgreSQL manual 4.1.1). The server cuts a longer name with no more than a notice. */
const maxBytes = 63;

/** Both throw migration.failed for what the server would cut, or cannot take: more than 63 bytes, none, or a NUL. */
export const { quoteIdentifier, quoteTable } = quotingWith('"', (name) => {
  const bytes = Buffer.byteLength(name);
  if (bytes === 0 || bytes > maxBytes || name.includes('\0')) throw unusable(name, bytes);
});

function unusable(name: string, bytes: number): AludelError {
  return new AludelError('migration.failed', `"${name}" (${bytes} bytes) cannot be a name in PostgreSQL.`, {
    hint: `A name has 1 to ${maxBytes} bytes and no NUL; give it a shorter one.`,
  });
}
