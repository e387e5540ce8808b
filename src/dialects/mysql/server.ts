import { cannot } from '../render-parts.ts';
import type { Ask } from '../render-port.ts';

/** MariaDB and MySQL differ in what they have: sequences here, indexes on expressions there. */
export async function isMariaDb(ask: Ask): Promise<boolean> {
  return String((await ask('SELECT VERSION() AS version'))[0]?.['version']).includes('MariaDB');
}

/**
 * A string literal and nothing else, where the grammar wants one: comments, values of an enum. Only a backslash needs to
 * know whether sql_mode has NO_BACKSLASH_ESCAPES. Throws migration.failed for text with a NUL.
 */
export async function stringLiteral(text: string, ask: Ask): Promise<string> {
  if (text.includes('\0')) throw cannot('A text with a NUL character cannot stand here.', 'Take the character out.');
  const quoted = `'${text.replaceAll("'", "''")}'`;
  if (!text.includes('\\')) return quoted;
  const mode = String((await ask('SELECT @@sql_mode AS mode'))[0]?.['mode']);
  return mode.includes('NO_BACKSLASH_ESCAPES') ? quoted : quoted.replaceAll('\\', '\\\\');
}
