import { AludelError } from '../../support/aludel-error.ts';

/**
 * One statement of a longer text, exactly as written: `sql === text.slice(offset, offset + sql.length)`.
 *
 * `sql` runs from the first character that counts to the last one. The terminator is left out, and so are blanks and
 * comments around the statement: a comment kept at the end would swallow the `;` of a script. Comments inside stay.
 */
export interface SqlStatement {
  readonly sql: string;
  /** UTF-16 index of the first character of `sql` in the text. */
  readonly offset: number;
  /** 1-based line of that character. */
  readonly line: number;
}

/** Both 1-based; the column counts UTF-16 units. */
export interface SqlPosition {
  readonly line: number;
  readonly column: number;
}

/** Where an offset is. A line ends with LF, CR LF or a lone CR, which PostgreSQL takes for a line end too. O(offset). */
export function positionAt(text: string, offset: number): SqlPosition {
  const lines = createLineCounter(text);
  const line = lines.lineAt(offset);
  return { line, column: offset - lines.startOfLine() + 1 };
}

/** Counts lines along a text: offsets must not decrease from call to call, and all calls together cost O(text). */
export interface LineCounter {
  readonly lineAt: (offset: number) => number;
  /** Offset at which the line of the last answer starts. */
  readonly startOfLine: () => number;
}

export function createLineCounter(text: string): LineCounter {
  let line = 1;
  let start = 0;
  let at = 0;
  return {
    lineAt(offset) {
      for (; at < offset; at++) {
        const code = text.charCodeAt(at);
        const endsLine = code === lineFeed || (code === carriageReturn && text.charCodeAt(at + 1) !== lineFeed);
        if (!endsLine) continue;
        line++;
        start = at + 1;
      }
      return line;
    },
    startOfLine: () => start,
  };
}

const lineFeed = 10;
const carriageReturn = 13;

/** sql.unterminated: `what` (a noun with its article, as in "a string") starts at `offset` and never ends. */
export function unterminated(text: string, offset: number, what: string, hint: string): AludelError {
  const { line, column } = positionAt(text, offset);
  return new AludelError(
    'sql.unterminated',
    `${what.slice(0, 1).toUpperCase()}${what.slice(1)} starts on line ${line} and never ends.`,
    {
      where: `line ${line}, column ${column}`,
      hint,
      facts: { line, column, offset, open: what },
    },
  );
}

/** sql.unsupported: `what` (the start of a sentence) is found at `offset`. */
export function unsupported(text: string, offset: number, what: string, hint: string): AludelError {
  const { line, column } = positionAt(text, offset);
  return new AludelError('sql.unsupported', `${what} on line ${line} cannot be run by aludel.`, {
    where: `line ${line}, column ${column}`,
    hint,
    facts: { line, column, offset },
  });
}
