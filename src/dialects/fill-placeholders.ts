import { tokensOf, type LexicalRules } from './sql/lexer.ts';

/**
 * A statement with these literals in the place of its placeholders: `?`, taken one after the other, or `$1` and `?1`,
 * which count from 1. One in a string, a quoted name or a comment is none. `mark` is the character that begins one.
 * O(length).
 */
export function fillPlaceholders(
  sql: string,
  literals: readonly string[],
  rules: LexicalRules,
  mark: '?' | '$' = '?',
): string {
  if (literals.length === 0) return sql;
  let filled = '';
  let copied = 0;
  let next = 0;
  let markAt: number | null = null;
  const put = (index: number, end: number): void => {
    const literal = literals[index];
    if (markAt === null || literal === undefined) return;
    filled += sql.slice(copied, markAt) + literal;
    copied = end;
    next = index + 1;
  };
  for (const { kind, start, end } of tokensOf(sql, rules)) {
    if (markAt !== null) {
      const isNumbered = kind === 'number' && start === markAt + 1;
      if (isNumbered) put(Number(sql.slice(start, end)) - 1, end);
      else if (mark === '?') put(next, markAt + 1);
    }
    markAt = kind === 'symbol' && sql[start] === mark ? start : null;
  }
  if (mark === '?' && markAt !== null) put(next, markAt + 1);
  return filled + sql.slice(copied);
}
