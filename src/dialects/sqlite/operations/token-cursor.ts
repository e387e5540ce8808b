import { isSignificant, keywordOf, tokensOf, type Token } from '../../sql/lexer.ts';
import { unquoted } from '../../sql/statement-words.ts';
import { sqliteRules } from '../lexical-rules.ts';

/** A piece of the text, as UTF-16 offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A text that is not what SQLite stores itself: internal, and nothing a user can write. */
export class Unreadable extends Error {}

/** A place among the tokens of a text that count. Whatever takes a token throws {@link Unreadable} at the end. */
export interface TokenCursor {
  /** The token here or `ahead` of here: unquoted words in capitals, all else as written; empty behind the end. */
  readonly word: (ahead?: number) => string;
  /** Takes the token here. */
  readonly next: () => Token;
  /** Takes these keywords when they stand here; false when they do not. */
  readonly accept: (...keywords: readonly string[]) => boolean;
  /** Takes these keywords. Throws when they do not stand here. */
  readonly expect: (...keywords: readonly string[]) => void;
  /** Takes a name: a word, or quoted in any of the four ways, strings included. */
  readonly identifier: () => { readonly name: string; readonly span: Span };
  /** Takes `( … )` and answers with what is inside. */
  readonly group: () => Span;
  /** Where the token here begins; the length of the text behind the last one. */
  readonly here: () => number;
  /** From a place to the end of the token taken last. */
  readonly since: (start: number) => Span;
  /** True when nothing stands between the token taken last and the one here. */
  readonly touches: () => boolean;
  readonly isOver: () => boolean;
  /** The text from here on, cut short, for errors. */
  readonly rest: () => string;
}

/** A cursor at the first token of the text. O(text). */
export function tokenCursor(text: string): TokenCursor {
  const tokens = [...tokensOf(text, sqliteRules)].filter(isSignificant);
  let at = 0;

  const written = (token: Token): string => text.slice(token.start, token.end);
  const word: TokenCursor['word'] = (ahead = 0) => {
    const token = tokens[at + ahead];
    return token === undefined ? '' : keywordOf(text, token);
  };
  const here = (): number => tokens[at]?.start ?? text.length;
  const rest = (): string => text.slice(here()).slice(0, 30);
  const next = (): Token => {
    const token = tokens[at++];
    if (token === undefined) throw new Unreadable('It ends too early');
    return token;
  };
  const accept: TokenCursor['accept'] = (...keywords) => {
    if (!keywords.every((keyword, i) => word(i) === keyword)) return false;
    at += keywords.length;
    return true;
  };
  const expect: TokenCursor['expect'] = (...keywords) => {
    if (!accept(...keywords)) throw new Unreadable(`${keywords.join(' ')} was expected at "${rest()}"`);
  };

  return {
    word,
    next,
    accept,
    expect,
    here,
    rest,
    since: (start) => ({ start, end: tokens[at - 1]?.end ?? start }),
    touches: () => tokens[at] !== undefined && tokens[at]?.start === tokens[at - 1]?.end,
    isOver: () => at >= tokens.length,
    identifier() {
      const token = next();
      if (token.kind === 'word') return { name: written(token), span: token };
      if (token.kind === 'name' || token.kind === 'string') return { name: unquoted(written(token)), span: token };
      throw new Unreadable(`A name was expected at "${written(token)}"`);
    },
    group() {
      expect('(');
      const start = tokens[at - 1]?.end ?? 0;
      for (let depth = 1; ;) {
        const token = next();
        if (token.kind !== 'symbol') continue;
        if (written(token) === '(') depth++;
        if (written(token) === ')' && --depth === 0) return { start, end: token.start };
      }
    },
  };
}
