import { isSignificant, tokensOf, type LexicalRules, type Token } from './lexer.ts';
import { createLineCounter, unsupported, type SqlStatement } from './sql-text.ts';

/** The text goes on at `resumeAt` under other rules; what was read of this statement is a client's command and no SQL. */
export interface ClientCommand {
  readonly resumeAt: number;
  readonly rules: LexicalRules;
}

/** Follows one statement as far as needed to tell which `;` ends it. */
export interface StatementGrammar {
  /**
   * Takes the next token that counts, terminators included. `end` answers a terminator that ends the statement.
   * Throws sql.unsupported for what only a command-line client understands.
   */
  readonly read: (token: Token) => 'inside' | 'end' | ClientCommand;
  /** Throws sql.unterminated when the text may not end here. */
  readonly close: () => void;
}

/**
 * The statements of a text in order, without the empty ones; text of comments only gives none. O(text).
 *
 * `beginStatement` is called at the first token of each statement. Throws sql.unterminated, and sql.unsupported for a
 * NUL character, at which the servers' own lexers would stop.
 */
export function splitText(
  text: string,
  initialRules: LexicalRules,
  beginStatement: (rules: LexicalRules) => StatementGrammar,
): readonly SqlStatement[] {
  const nul = text.indexOf('\0');
  if (nul !== -1) throw unsupported(text, nul, 'The NUL character', 'Remove it: no database takes it in SQL text.');

  const statements: SqlStatement[] = [];
  const lines = createLineCounter(text);
  let rules = initialRules;
  let tokens = tokensOf(text, rules);
  // Where the pending statement starts and ends so far; the grammar is null until something in it counts.
  let start: number | null = null;
  let end = 0;
  let grammar: StatementGrammar | null = null;

  for (let next = tokens.next(); !next.done; next = tokens.next()) {
    const token = next.value;
    if (token.kind === 'mark') {
      start ??= token.start;
      end = token.end;
    }
    if (!isSignificant(token)) continue;
    if (token.kind === 'terminator' && grammar === null) {
      start = null;
      continue;
    }
    grammar ??= beginStatement(rules);
    const answer = grammar.read(token);
    if (answer === 'end') {
      finish();
    } else if (answer === 'inside') {
      start ??= token.start;
      end = token.end;
    } else {
      start = grammar = null;
      rules = answer.rules;
      tokens = tokensOf(text, rules, answer.resumeAt);
    }
  }
  if (grammar !== null) {
    grammar.close();
    finish();
  }
  return statements;

  function finish(): void {
    if (start !== null) statements.push({ sql: text.slice(start, end), offset: start, line: lines.lineAt(start) });
    start = grammar = null;
  }
}
