import { isSignificant, keywordOf, tokensOf, type Token } from '../../sql/lexer.ts';
import { longestPlain } from '../../script/script-text.ts';
import { sqliteRules } from '../lexical-rules.ts';
import { splitStatements } from '../split-statements.ts';

/**
 * The statements of a text as the sqlite3 shell must read them to send what was meant, each with its `;`. Throws
 * sql.unsupported for dot-commands, and sql.unterminated.
 */
export function clientStatements(text: string): readonly string[] {
  if (text.length <= longestPlain && plain.test(text)) return [`${text};`];
  return splitStatements(text).map(({ sql }) => `${withLineEnds(withoutTerminatorLines(sql))};`);
}

/** Most statements: those that the shell reads as the library does, to be found out without lexing them. */
const plain = /^[a-z](?:[\w (),.=<>*+|]|-(?!-)|'[^'\r]*'|"[^"\r]*")*$/i;

/**
 * The shell takes `/` or `go` alone on a line for the end of a statement (shell.c, line_is_command_terminator). Such a token
 * is drawn up to what stands before it.
 */
function withoutTerminatorLines(sql: string): string {
  if (!/^\s*(?:\/|go)(?![\w$])/im.test(sql)) return sql;
  const pieces: string[] = [];
  let written = 0;
  let end = 0;
  for (const token of tokensOf(sql, sqliteRules)) {
    if (!isSignificant(token)) continue;
    if (endsStatements(sql, token) && sql.slice(end, token.start).includes('\n')) {
      pieces.push(sql.slice(written, end), ' ');
      written = token.start;
    }
    ({ end } = token);
  }
  return pieces.join('') + sql.slice(written);
}

function endsStatements(sql: string, token: Token): boolean {
  return ['/', 'GO'].includes(keywordOf(sql, token));
}

/** The shell reads a carriage return and line feed as a line feed; in a string it matters. */
function withLineEnds(sql: string): string {
  if (!sql.includes('\r\n')) return sql;
  const pieces = [...tokensOf(sql, sqliteRules)].map(({ kind, start, end }) => {
    const written = sql.slice(start, end);
    return kind === 'string' && written.includes('\r\n')
      ? `(${written.replaceAll('\r\n', "' || char(13) || '\n")})`
      : written;
  });
  return pieces.join('');
}
