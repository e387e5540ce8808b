import { isSignificant, keywordOf, tokensOf, type LexicalRules } from './lexer.ts';

/**
 * The first `count` tokens of a statement that count: unquoted words in capitals, all else as written, so that the
 * name `"select"` is told from the keyword. Comments and frames of executable comments are skipped; fewer when the
 * statement is shorter. Reads no further than it must. Throws sql.unterminated.
 */
export function firstWords(sql: string, count: number, rules: LexicalRules): readonly string[] {
  const words: string[] = [];
  if (count <= 0) return words;
  for (const token of tokensOf(sql, rules)) {
    if (!isSignificant(token)) continue;
    words.push(keywordOf(sql, token));
    if (words.length === count) break;
  }
  return words;
}
