import { isSignificant, tokensOf } from '../../sql/lexer.ts';
import { unquoted } from '../../sql/statement-words.ts';
import { sqliteRules } from '../lexical-rules.ts';
import { nameKey } from '../operations/parse-create-table.ts';

/**
 * A definition as it is compared: without comments, white space, quotes around names and the case of letters outside
 * strings, none of which SQLite minds. `"…"` may be a string too, so `keepCase` leaves what is in quotes as it is.
 */
export function meaningOf(sql: string, { keepCase = false }: { readonly keepCase?: boolean } = {}): string {
  const words: string[] = [];
  for (const token of tokensOf(sql, sqliteRules)) {
    if (!isSignificant(token)) continue;
    const written = sql.slice(token.start, token.end);
    if (token.kind === 'word') words.push(nameKey(written));
    else if (token.kind === 'name') words.push(keepCase ? unquoted(written) : nameKey(unquoted(written)));
    else words.push(written);
  }
  return words.join(' ');
}
