import { cannot } from '../operations/render-parts.ts';
import type { Ask } from '../operations/render-port.ts';
import type { Statement } from '../statement.ts';

export const versionQuestion = 'SELECT VERSION() AS version';

/** MariaDB and MySQL differ in what they have: sequences here, indexes on expressions there. */
export async function isMariaDb(ask: Ask): Promise<boolean> {
  return String((await ask(versionQuestion))[0]?.['version']).includes('MariaDB');
}

/** Whether a backslash in a string escapes what follows, as sql_mode says. */
export async function escapesBackslashes(ask: Ask): Promise<boolean> {
  const mode = String((await ask('SELECT @@sql_mode AS mode'))[0]?.['mode']);
  return !mode.includes('NO_BACKSLASH_ESCAPES');
}

/**
 * The statements with plain string literals in place of the hexadecimal ones that `literal` makes of text with a
 * backslash: definitions of tables take nothing else for a default, a comment or the value of an enum. How a backslash is
 * written there depends on sql_mode, which is asked when one occurs.
 */
export async function withPlainStrings(statements: readonly Statement[], ask: Ask): Promise<readonly Statement[]> {
  if (!statements.some(({ sql }) => hexadecimal.test(sql))) return statements;
  const escapes = await escapesBackslashes(ask);
  return statements.map((statement) => ({
    ...statement,
    sql: statement.sql.replaceAll(new RegExp(hexadecimal, 'g'), (_, hex: string) => {
      const quoted = `'${Buffer.from(hex, 'hex').toString('utf8').replaceAll("'", "''")}'`;
      return escapes ? quoted.replaceAll('\\', '\\\\') : quoted;
    }),
  }));
}

const hexadecimal = /CONVERT\(X'([0-9a-f]*)' USING utf8mb4\)/;

/** Comments are kept in utf8mb3, where a character beyond the first 65,536 becomes a question mark without a word. */
export function keptInComment(text: string): string {
  const lost = Array.from(text).find((character) => (character.codePointAt(0) ?? 0) > 0xffff);
  if (lost === undefined) return text;
  throw cannot(`MySQL cannot keep the character ${lost} in a comment.`, 'Take it out.');
}

/** InnoDB takes SET DEFAULT and keeps nothing of it (MySQL manual, "FOREIGN KEY Constraints"; MariaDB says nothing). */
export function refuseSetDefault(...actions: readonly (string | undefined)[]): void {
  if (!actions.some((action) => /^set\s+default$/i.test(action ?? ''))) return;
  throw cannot('MySQL has no SET DEFAULT for a foreign key.', "Write 'set null', or set the column in a trigger.");
}

/** A value of an enum loses the blanks at its end without a word (MySQL manual, "The ENUM Type"). */
export function keptInEnum(text: string): string {
  if (!text.endsWith(' ')) return text;
  throw cannot(`MySQL would cut the blanks off the enum value "${text}".`, 'Take them away.');
}
