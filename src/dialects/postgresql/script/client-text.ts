import { tokensOf } from '../../sql/lexer.ts';
import { oneRowChanged } from '../bookkeeping.ts';
import { longestPlain } from '../../script/script-text.ts';
import { postgresqlRules } from '../lexical-rules.ts';
import { splitStatements } from '../split-statements.ts';

/**
 * The statements of a text as psql must read them to send what was meant, each with its `;`. Throws sql.unsupported for
 * backslash commands and COPY … FROM STDIN, and sql.unterminated.
 */
export function clientStatements(text: string): readonly string[] {
  if (isPlain(text)) return [ended(text)];
  return splitStatements(text).map(({ sql }) => ended(withoutVariables(sql)));
}

/** What the answer of {@link changingOneRow} goes into is a variable, so that it is not printed. */
function ended(sql: string): string {
  return sql + (sql.endsWith(oneRowChanged) ? String.raw` \gset` : ';');
}

/**
 * Outside of quotes psql puts its variables in the place of `:name`, `:'name'` and `:"name"`, in a slice such as
 * `items[1:USER]` too. A blank behind the colon keeps it from that and means nothing to the server. `::` is left alone.
 */
function withoutVariables(sql: string): string {
  const pieces: string[] = [];
  let written = 0;
  let colons = 0;
  for (const { kind, start } of tokensOf(sql, postgresqlRules)) {
    if (kind === 'symbol' && sql[start] === ':') {
      colons++;
      continue;
    }
    // psqlscan.l takes colons in pairs first.
    if (colons % 2 === 1 && /[\w\u0080-\uFFFF'"{]/.test(sql.slice(start, start + 1))) {
      pieces.push(sql.slice(written, start), ' ');
      written = start;
    }
    colons = 0;
  }
  return pieces.join('') + sql.slice(written);
}

/** True for most statements: one that psql reads as the server does, to be found out without lexing it. */
function isPlain(text: string): boolean {
  return text.length <= longestPlain && plain.test(text);
}

const plain = /^(?!copy\b)[a-z](?:[\w\s(),.=<>*+|]|-(?!-)|\/(?!\*)|'[^'\\]*'|"[^"\\]*")*$/i;
