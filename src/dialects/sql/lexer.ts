import { unterminated } from './sql-text.ts';

/**
 * - `blank` and `comment` separate the others and mean nothing by themselves;
 * - `word` is a keyword or an unquoted name, `name` a quoted one, `string` a literal in quotes of any kind;
 * - `symbol` is one character of an operator or of punctuation, so `::` is two tokens;
 * - `mark` is the frame of a MySQL executable comment, whose inside is lexed as the code it is;
 * - `terminator` is the `;` that ends a statement unless the grammar of the dialect says otherwise.
 */
export type TokenKind = 'blank' | 'comment' | 'word' | 'number' | 'name' | 'string' | 'symbol' | 'mark' | 'terminator';

/** A piece of the text. Tokens follow each other without gaps: all of them together are the text. */
export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
}

/** How a quote that opens with some character goes on. */
export interface QuoteRule {
  readonly kind: 'string' | 'name';
  readonly close: string;
  /** The closing character written twice stands for itself. */
  readonly doubled: boolean;
  /** A backslash takes the next character literally. */
  readonly backslash: boolean;
}

/** What the lexers of the databases do differently. */
export interface LexicalRules {
  /** By opening character. */
  readonly quotes: Readonly<Record<string, QuoteRule>>;
  /** `;`, or what the client command DELIMITER put in its place. */
  readonly terminator: string;
  /** E'…' with backslash escapes, and strings that go on in the next line: `'a'` newline `'b'`. */
  readonly postgresStrings: boolean;
  /** `$$…$$` and `$tag$…$tag$`. */
  readonly dollarQuotes: boolean;
  /** An opening mark inside a block comment must be closed as well. */
  readonly nestedComments: boolean;
  /** A block comment may stay open at the end of the text. */
  readonly openCommentAtEnd: boolean;
  /** `#` starts a comment. */
  readonly hashComments: boolean;
  /** `--` starts a comment only before a blank, a control character or the end, so that `1--1` is 2. */
  readonly dashCommentNeedsBlank: boolean;
  /** A line comment ends at a lone carriage return too, not only at a line feed. */
  readonly commentEndsAtCarriageReturn: boolean;
  /** The inside of a comment that opens with an exclamation mark, as in MySQL, is code. */
  readonly executableComments: boolean;
  /** An unquoted name may start with a digit. */
  readonly digitsStartWords: boolean;
}

/**
 * The tokens of a text from an offset on, without gaps, in one pass: O(text) whatever the text holds.
 *
 * Throws sql.unterminated at a string, quoted name or comment that is never closed.
 */
export function* tokensOf(text: string, rules: LexicalRules, from = 0): Generator<Token, void, undefined> {
  const quotes = new Map(Object.entries(rules.quotes).map(([open, rule]) => [open.charCodeAt(0), rule]));
  let executable: number | null = null;

  for (let start = from; start < text.length;) {
    const token = read(start);
    yield token;
    start = token.end;
  }
  if (executable !== null) throw unterminated(text, executable, 'an executable comment', 'Close it with */.');

  function isTerminator(at: number): boolean {
    return executable === null && text.startsWith(rules.terminator, at);
  }

  function read(start: number): Token {
    const code = text.charCodeAt(start);
    const next = text.charCodeAt(start + 1);

    if (isTerminator(start)) {
      return { kind: 'terminator', start, end: start + rules.terminator.length };
    }
    if (isBlank(code) || (code === byteOrderMark && start === 0)) {
      let end = start + 1;
      // A terminator made by DELIMITER never holds a blank, so a run of blanks can be taken whole.
      while (isBlank(text.charCodeAt(end))) end++;
      return { kind: 'blank', start, end };
    }
    if (
      (code === dash && next === dash && (!rules.dashCommentNeedsBlank || endsDashes(text.charCodeAt(start + 2)))) ||
      (code === hash && rules.hashComments)
    ) {
      return { kind: 'comment', start, end: endOfLine(text, start, rules.commentEndsAtCarriageReturn) };
    }
    if (code === slash && next === star) return readBlockComment(start);
    if (executable !== null && code === star && next === slash) {
      executable = null;
      return { kind: 'mark', start, end: start + 2 };
    }
    const quote = quotes.get(code);
    if (quote !== undefined)
      return { kind: quote.kind, start, end: endOfQuotes(text, start, quote, rules.postgresStrings) };
    if (code === dollar && rules.dollarQuotes) {
      const end = endOfDollarQuotes(text, start);
      if (end !== null) return { kind: 'string', start, end };
    }
    if (isDigit(code) && !rules.digitsStartWords) {
      let end = start + 1;
      while (isDigit(text.charCodeAt(end))) end++;
      return { kind: 'number', start, end };
    }
    if (isWordStart(code) || isDigit(code) || (code === dollar && !rules.dollarQuotes)) return readWord(start);
    return { kind: 'symbol', start, end: start + 1 };
  }

  function readBlockComment(start: number): Token {
    const mark = rules.executableComments && executable === null ? endOfExecutableMark(text, start) : null;
    if (mark !== null) {
      executable = start;
      return { kind: 'mark', start, end: mark };
    }
    return { kind: 'comment', start, end: endOfBlockComment(text, start, rules) };
  }

  function readWord(start: number): Token {
    // A terminator such as `$$` or `go` also ends a word it stands in, as the mysql client has it.
    let end = start + 1;
    while (isWordPart(text.charCodeAt(end)) && !isTerminator(end)) end++;

    if (rules.postgresStrings && end === start + 1 && text.charCodeAt(end) === apostrophe) {
      if (text[start] === 'e' || text[start] === 'E') {
        return { kind: 'string', start, end: endOfQuotes(text, end, escapeString, true) };
      }
    }
    return { kind: 'word', start, end };
  }
}

/** True for what counts in a statement; blanks, comments and the frame of an executable comment do not. */
export function isSignificant(token: Token): boolean {
  return token.kind !== 'blank' && token.kind !== 'comment' && token.kind !== 'mark';
}

/**
 * A token as grammar rules compare it: an unquoted word in capitals, anything else as written.
 *
 * Only ASCII letters change: to a database `ſelect` is a name, though JavaScript's capitals make SELECT of it.
 */
export function keywordOf(text: string, token: Token): string {
  const written = text.slice(token.start, token.end);
  // No keyword is longer than 40 letters; a longer word need not be looked at.
  return token.kind === 'word' && written.length <= 40 && asciiWord.test(written) ? written.toUpperCase() : written;
}

const asciiWord = /^[\w$]+$/;
const byteOrderMark = 0xfeff;
const [apostrophe, backslash, carriageReturn, dash, dollar, hash, lineFeed, slash, star] = [
  39, 92, 13, 45, 36, 35, 10, 47, 42,
];
const escapeString: QuoteRule = { kind: 'string', close: "'", doubled: true, backslash: true };

function isBlank(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Letters, `_` and everything outside ASCII, no-break spaces included: no server takes those for blanks. */
function isWordStart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code >= 128;
}

function isWordPart(code: number): boolean {
  return isWordStart(code) || isDigit(code) || code === dollar;
}

/** NaN, the end of the text, counts: the server sees a NUL there. */
function endsDashes(code: number): boolean {
  return !(code > 32 && code !== 127);
}

/** The line end itself is not part of a line comment. */
function endOfLine(text: string, from: number, atCarriageReturn: boolean): number {
  let end = from;
  while (end < text.length) {
    const code = text.charCodeAt(end);
    if (code === lineFeed || (atCarriageReturn && code === carriageReturn)) break;
    end++;
  }
  return end;
}

function endOfBlockComment(text: string, start: number, rules: LexicalRules): number {
  let depth = 1;
  for (let at = start + 2; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const next = text.charCodeAt(at + 1);
    if (code === star && next === slash) {
      depth--;
      if (depth === 0) return at + 2;
      at++;
    } else if (rules.nestedComments && code === slash && next === star) {
      depth++;
      at++;
    }
  }
  if (rules.openCommentAtEnd) return text.length;
  const hint = depth > 1 ? 'Comments nest in this database: close the inner ones too.' : 'Close it with */.';
  throw unterminated(text, start, 'a comment', hint);
}

/**
 * Offset behind `/*!`, `/*!80013` or MariaDB's `/*M!100100`; null for an ordinary comment. So is one that begins with `\-`
 * and is for a version that no server has: a dump tells the mariadb client by it to take no commands (`sandbox mode`).
 */
function endOfExecutableMark(text: string, start: number): number | null {
  let end = start + 2;
  if (text[end] === 'M') end++;
  if (text[end] !== '!') return null;
  end++;
  let digits = 0;
  while (digits < 6 && isDigit(text.charCodeAt(end + digits))) digits++;
  if (text.startsWith('999999\\-', end)) return null;
  // The servers take five or six digits for a version; fewer are code.
  return digits >= 5 ? end + digits : end;
}

function endOfQuotes(text: string, start: number, rule: QuoteRule, continues: boolean): number {
  const close = rule.close.charCodeAt(0);
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === backslash && rule.backslash) {
      at++;
    } else if (code === close) {
      if (rule.doubled && text.charCodeAt(at + 1) === close) {
        at++;
        continue;
      }
      // What follows in the next line is lexed by the rules of the first part, so an E'…' stays one to its end.
      const continuation = continues && rule.backslash ? continuationOf(text, at + 1) : null;
      if (continuation === null) return at + 1;
      at = continuation;
    }
  }
  const what = rule.kind === 'string' ? 'a string' : 'a quoted name';
  throw unterminated(text, start, what, `Close it with ${rule.close}.`);
}

/**
 * Offset of the quote that continues a string, or null: between the parts are blanks and `--` comments with at least
 * one line end. Source: PostgreSQL manual 4.1.2.1, scan.l `quotecontinue`.
 */
function continuationOf(text: string, from: number): number | null {
  let lineEnds = 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === lineFeed || code === carriageReturn) lineEnds++;
    else if (code === dash && text.charCodeAt(at + 1) === dash) at = endOfLine(text, at, true) - 1;
    else if (!isBlank(code)) return code === apostrophe && lineEnds > 0 ? at : null;
  }
  return null;
}

/** Null when this `$` starts no dollar quote. Source: PostgreSQL manual 4.1.2.4, scan.l `dolqdelim`. */
function endOfDollarQuotes(text: string, start: number): number | null {
  let end = start + 1;
  if (isWordStart(text.charCodeAt(end))) {
    while (isWordStart(text.charCodeAt(end)) || isDigit(text.charCodeAt(end))) end++;
  }
  if (text.charCodeAt(end) !== dollar) return null;
  const tag = text.slice(start, end + 1);
  // From `$` to `$`: a tag holds none inside, so each comparison ends before the next one starts and all are O(text).
  for (let at = text.indexOf('$', end + 1); at !== -1; at = text.indexOf('$', at + 1)) {
    if (text.startsWith(tag, at)) return at + tag.length;
  }
  throw unterminated(text, start, `a ${tag.length <= 40 ? tag : '$…$'} string`, 'Close it with the same tag.');
}
