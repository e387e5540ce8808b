import { isSignificant, keywordOf, tokensOf, type LexicalRules } from './lexer.ts';

/** A token that counts. */
export interface Word {
  /** Unquoted words in capitals, all else as written. */
  readonly keyword: string;
  /** The identifier it is, as written and without quotes; null for a literal or a symbol. */
  readonly identifier: string | null;
  readonly quoted: boolean;
}

/** At most `limit` tokens of a statement that count. */
export function wordsOf(sql: string, rules: LexicalRules, limit: number): readonly Word[] {
  const words: Word[] = [];
  for (const token of tokensOf(sql, rules)) {
    if (!isSignificant(token)) continue;
    const written = sql.slice(token.start, token.end);
    const quoted = token.kind === 'name';
    words.push({
      keyword: keywordOf(sql, token),
      identifier: quoted ? unquoted(written) : token.kind === 'word' ? written : null,
      quoted,
    });
    if (words.length === limit) break;
  }
  return words;
}

/** Position behind these keywords when they stand at `at`, else `at`. */
export function skip(words: readonly Word[], at: number, ...keywords: readonly string[]): number {
  return keywords.every((keyword, i) => words[at + i]?.keyword === keyword && words[at + i]?.quoted === false)
    ? at + keywords.length
    : at;
}

/** A name at `at`, with its schema where one is written, and the position behind it; null when there is none. */
export function nameAt(
  words: readonly Word[],
  at: number,
): { readonly schema: Word | null; readonly name: Word; readonly next: number } | null {
  const first = words[at];
  if (first?.identifier == null) return null;
  const second = words[at + 1]?.keyword === '.' ? words[at + 2] : undefined;
  return second?.identifier == null
    ? { schema: null, name: first, next: at + 1 }
    : { schema: first, name: second, next: at + 3 };
}

/** The name inside its quotes. */
export function unquoted(written: string): string {
  const close = written.at(-1) ?? '';
  return written.slice(1, -1).replaceAll(close + close, close);
}
