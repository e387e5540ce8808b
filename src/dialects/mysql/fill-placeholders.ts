import { tokensOf } from '../lexer.ts';
import { mysqlRules } from './lexical-rules.ts';

const rules = mysqlRules();

/**
 * A statement with these literals in the place of its `?`. One in a string, a quoted name or a comment is none; the
 * driver by itself would put a value there too. O(length).
 */
export function fillPlaceholders(sql: string, literals: readonly string[]): string {
  let filled = '';
  let copied = 0;
  let next = 0;
  for (const { kind, start, end } of tokensOf(sql, rules)) {
    const literal = literals[next];
    if (literal === undefined) break;
    if (kind !== 'symbol' || sql[start] !== '?') continue;
    filled += sql.slice(copied, start) + literal;
    copied = end;
    next++;
  }
  return filled + sql.slice(copied);
}
