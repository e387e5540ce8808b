import { tokensOf, type LexicalRules } from './sql/lexer.ts';

/**
 * The `?` of knex as the database writes its placeholders. One behind a backslash is an operator, one in a name, a text or a
 * comment is itself; knex would count them too, and leave the backslash of a text on SQLite.
 */
export function placeholdersAs(placeholder: (position: number) => string, sql: string, rules: LexicalRules): string {
  if (!sql.includes('?')) return sql;
  let written = '';
  let count = 0;
  let escaped = false;
  for (const { kind, start, end } of tokensOf(sql, rules)) {
    const text = sql.slice(start, end);
    const isMark = kind === 'symbol' && text === '?';
    if (isMark && escaped) written = `${written.slice(0, -1)}?`;
    else if (isMark) written += placeholder(++count);
    else written += kind === 'string' ? text.replaceAll(String.raw`\?`, '?') : text;
    escaped = kind === 'symbol' && text === '\\';
  }
  return written;
}
