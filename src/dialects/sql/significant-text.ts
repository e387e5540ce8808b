import { tokensOf, type LexicalRules, type Token } from './lexer.ts';

/**
 * One statement with its comments and the white space that means nothing removed, for checksums that must not change
 * when somebody formats a file. O(text).
 *
 * Strings and quoted names stay as written, letters keep their case, and executable comments of MySQL keep their
 * frame. A gap becomes one blank, or nothing beside `( ) , ;` — except before `(`
 * where `blankBeforeParenthesis` says that the server tells `f (x)` from `f(x)`.
 */
export function significantStatement(sql: string, rules: LexicalRules, blankBeforeParenthesis: boolean): string {
  let result = '';
  let before: Token | null = null;
  for (const token of tokensOf(sql, rules)) {
    if (token.kind === 'blank' || token.kind === 'comment') continue;
    if (before !== null && before.end < token.start) result += separator(before, token);
    result += sql.slice(token.start, token.end);
    before = token;
  }
  return result;

  function separator(left: Token, right: Token): string {
    // PostgreSQL joins strings across a line end and refuses them on one line: the line end is part of the syntax.
    if (left.kind === 'string' && right.kind === 'string' && rules.postgresStrings) {
      return /[\r\n]/.test(sql.slice(left.end, right.start)) ? '\n' : ' ';
    }
    if (sql[right.start] === '(') return blankBeforeParenthesis && !isPunctuation(left) ? ' ' : '';
    return isPunctuation(left) || isPunctuation(right) ? '' : ' ';
  }

  function isPunctuation(token: Token): boolean {
    if (token.kind === 'terminator') return true;
    return token.kind === 'symbol' && '(),;'.includes(sql[token.start] ?? ' ');
  }
}
