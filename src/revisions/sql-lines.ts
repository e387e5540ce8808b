/** A line of a .sql file: where it begins and ends in the text, without its line break. */
export interface SqlLine {
  readonly text: string;
  readonly start: number;
  /** Where the next line begins. */
  readonly next: number;
}

// A byte-order mark belongs to no line. A lone CR may stand inside a text of SQL and breaks no line.
const marker = /^\uFEFF?\s*--\s*migrate\s*:(.*)$/i;

/** The lines of a text in order; the last one may be empty. */
export function sqlLines(source: string): readonly SqlLine[] {
  const lines: SqlLine[] = [];
  let start = 0;
  for (;;) {
    const lineFeed = source.indexOf('\n', start);
    const next = lineFeed === -1 ? source.length : lineFeed + 1;
    const end = lineFeed === -1 ? next : lineFeed;
    lines.push({ text: source.slice(start, source[end - 1] === '\r' && end > start ? end - 1 : end), start, next });
    if (lineFeed === -1) return lines;
    start = next;
  }
}

/**
 * What stands behind `-- migrate:` when the line is a section marker; null when it is none.
 *
 * A marker is every line that begins, after blanks, with `-- migrate:`: also inside a text, a block comment or a
 * dollar quote, because only the database knows where those end.
 */
export function afterMarker(line: string): string | null {
  return marker.exec(line)?.[1]?.trim() ?? null;
}
