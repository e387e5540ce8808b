/** What the words of a statement have no plain call for: it is run as it is. */
export class NoPlainCall extends Error {}

/** Reads a statement as a server writes it, from its start. What is not there throws {@link NoPlainCall}. */
export interface SqlCursor {
  /** Goes over these words when they come next, in any case. */
  accept(...words: readonly string[]): boolean;
  /** Goes over these words, which have to come next. */
  expect(...words: readonly string[]): void;
  /** A name without its quotes, or a word. */
  name(): string;
  /** A name that may have its schema before it. */
  qualified(): { readonly schema: string | null; readonly name: string };
  /** What is in the parentheses that come next. */
  inside(): string;
  /** Names in parentheses. */
  names(): readonly string[];
  /** Everything up to a word that stands outside of parentheses. */
  upTo(word: string): string;
  /** A string of SQL, with what its quotes stand for. */
  text(): string;
  /** The word or sign that comes next, in capitals; empty at the end. */
  next(): string;
  /** All that has been read, as it is written. */
  taken(): string;
  /** All that is left, without blanks around it. */
  rest(): string;
  /** Throws unless everything has been read. */
  end(): void;
}

/** Strings and names in one piece, words, and everything else sign by sign. */
const piece =
  /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\]|''|\\[\s\S])*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|[\p{L}\p{N}_$]+|\s+|[\s\S]/gu;
const isSilent = /^(?:\s|--|\/\*)/;

export function sqlCursor(sql: string): SqlCursor {
  const pieces = [...sql.matchAll(piece)]
    .map(([text], i, all) => ({ text, start: all[i]?.index ?? 0 }))
    .filter(({ text }) => !isSilent.test(text));
  let at = 0;
  const wordAt = (i: number): string => pieces[i]?.text.toUpperCase() ?? '';
  const startOf = (i: number): number => pieces[i]?.start ?? sql.length;
  const cursor: SqlCursor = {
    accept(...words) {
      if (words.some((word, i) => wordAt(at + i) !== word)) return false;
      at += words.length;
      return true;
    },
    expect(...words) {
      if (!cursor.accept(...words)) throw new NoPlainCall(words.join(' '));
    },
    name() {
      const { text = '' } = pieces[at] ?? {};
      if (!/^[\p{L}_"`]/u.test(text)) throw new NoPlainCall('a name');
      at++;
      return unquoted(text);
    },
    qualified() {
      const first = cursor.name();
      return cursor.accept('.') ? { schema: first, name: cursor.name() } : { schema: null, name: first };
    },
    inside() {
      cursor.expect('(');
      const from = at;
      for (let depth = 1; at < pieces.length; at++) {
        if (wordAt(at) === '(') depth++;
        if (wordAt(at) === ')' && --depth === 0) return sql.slice(startOf(from), startOf(at++)).trim();
      }
      throw new NoPlainCall(')');
    },
    names() {
      const list = sqlCursor(cursor.inside());
      const names = [list.name()];
      while (list.accept(',')) names.push(list.name());
      list.end();
      return names;
    },
    upTo(word) {
      const from = at;
      for (let depth = 0; at < pieces.length; at++) {
        if (depth === 0 && wordAt(at) === word) return sql.slice(startOf(from), startOf(at)).trim();
        depth += wordAt(at) === '(' ? 1 : wordAt(at) === ')' ? -1 : 0;
      }
      throw new NoPlainCall(word);
    },
    text() {
      const { text = '' } = pieces[at] ?? {};
      if (!text.startsWith("'") || text.includes('\\')) throw new NoPlainCall('a string');
      at++;
      return text.slice(1, -1).replaceAll("''", "'");
    },
    next: () => wordAt(at),
    taken: () => sql.slice(0, startOf(at)).trim(),
    rest() {
      const left = sql.slice(startOf(at)).trim();
      at = pieces.length;
      return left;
    },
    end() {
      if (at < pieces.length) throw new NoPlainCall('the end');
    },
  };
  return cursor;
}

/** Parts of a list at its outer commas. */
export function partsOf(list: string): readonly string[] {
  const parts: string[] = [];
  let [depth, from] = [0, 0];
  for (const { 0: text, index } of list.matchAll(piece)) {
    if (text === '(' || text === '[') depth++;
    if (text === ')' || text === ']') depth--;
    if (text === ',' && depth === 0) {
      parts.push(list.slice(from, index).trim());
      from = index + 1;
    }
  }
  return [...parts, list.slice(from).trim()];
}

/** An expression without parentheses around all of it. */
export function withoutParentheses(expression: string): string {
  try {
    const cursor = sqlCursor(expression);
    const inner = cursor.inside();
    cursor.end();
    return inner;
  } catch (error) {
    if (error instanceof NoPlainCall) return expression;
    throw error;
  }
}

/** A text of several lines on one, where that changes nothing but its blanks; as it is when a string of it has more lines. */
export function onOneLine(sql: string): string {
  const pieces = [...sql.matchAll(piece)].map(([text]) => text);
  if (pieces.some((text) => /^(?:--|\/\*)/.test(text) || (!/^\s/.test(text) && text.includes('\n')))) return sql;
  return pieces
    .map((text) => (/^\s/.test(text) ? ' ' : text))
    .join('')
    .trim();
}

function unquoted(name: string): string {
  const quote = name.charAt(0);
  return quote === '"' || quote === '`' ? name.slice(1, -1).replaceAll(quote + quote, quote) : name;
}
