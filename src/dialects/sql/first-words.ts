import { isSignificant, keywordOf, tokensOf, type LexicalRules, type Token } from './lexer.ts';

/** A statement as far as it was read. */
interface Reading {
  readonly sql: string;
  readonly rules: LexicalRules;
  readonly tokens: Iterator<Token, void>;
  readonly words: string[];
}

/** The one asked about last: each statement is asked several questions in turn, most of them about a word or two. */
let last: Reading | null = null;

/**
 * The first `count` tokens of a statement that count: unquoted words in capitals, all else as written, so that the
 * name `"select"` is told from the keyword. Comments and frames of executable comments are skipped; fewer when the
 * statement is shorter. Reads no further than it must. Throws sql.unterminated.
 */
export function firstWords(sql: string, count: number, rules: LexicalRules): readonly string[] {
  const reading =
    last?.sql === sql && last.rules === rules ? last : { sql, rules, tokens: tokensOf(sql, rules), words: [] };
  // One that throws is at its end afterwards, and would not throw again.
  last = null;
  readOn(reading, count);
  last = reading;
  return reading.words.slice(0, count);
}

function readOn({ sql, tokens, words }: Reading, count: number): void {
  while (words.length < count) {
    const { done, value: token } = tokens.next();
    if (done === true || token === undefined) return;
    if (isSignificant(token)) words.push(keywordOf(sql, token));
  }
}

/** True when a statement calls this function, named in capitals, outside of strings and comments. O(length). */
export function calls(sql: string, name: string, rules: LexicalRules): boolean {
  // Most statements are done with here, which is quicker than to read their tokens.
  if (!sql.toUpperCase().includes(name)) return false;
  const words = firstWords(sql, Number.POSITIVE_INFINITY, rules);
  return words.some((word, index) => word === name && words[index + 1] === '(');
}
