import { nearest } from '../support/text.ts';
import { afterMarker, sqlLines, type SqlLine } from './sql-lines.ts';

/** The statements of one direction, as they stand in the file. */
export interface SqlSection {
  /** From the line behind the marker to the next marker or the end of the file; line breaks as in the file. */
  readonly text: string;
  /** 1-based line of the file where `text` begins. */
  readonly firstLine: number;
  /** False when the marker says `transaction:false`: the section must not run inside a transaction. */
  readonly transaction: boolean;
}

/** The sections of a .sql revision, or the first thing that is wrong with them. */
export type SqlSectionsReading =
  | { readonly kind: 'sections'; readonly up: SqlSection; readonly down: SqlSection | null }
  | { readonly kind: 'invalid'; readonly line: number; readonly reason: string };

interface Marker {
  readonly direction: 'up' | 'down';
  readonly transaction: boolean;
  readonly index: number;
}

type Invalid = Extract<SqlSectionsReading, { readonly kind: 'invalid' }>;

/**
 * Splits a .sql revision at its markers `-- migrate:up [transaction:false]` and `-- migrate:down [transaction:false]`.
 *
 * A marker is a line that begins, after blanks, with `-- migrate:`, in any case of letters. That holds inside a text, a
 * block comment and a dollar quote too: where those end depends on the dialect, and the rule does not. The up section
 * comes first and must be there; before it only comments and empty lines. Without a down section `down` is null.
 */
export function readSqlSections(source: string): SqlSectionsReading {
  const lines = sqlLines(source);
  const markers: Marker[] = [];
  for (const [index, line] of lines.entries()) {
    const words = afterMarker(line.text);
    if (words === null) continue;
    const marker = readMarker(words, index);
    if ('kind' in marker) return marker;
    const before = markers.find(({ direction }) => direction === marker.direction);
    if (before !== undefined) {
      return invalid(index, `a second "-- migrate:${marker.direction}"; the first is in line ${before.index + 1}`);
    }
    markers.push(marker);
  }
  const [first, second] = markers;
  const stray = strayText(lines.slice(0, first?.index));
  if (stray !== null) {
    return invalid(stray, 'this stands before the line "-- migrate:up"; only comments may stand there');
  }
  if (first === undefined) return invalid(0, 'there is no line "-- migrate:up"');
  if (first.direction === 'down') {
    const reason = second === undefined ? 'there is no line "-- migrate:up"' : '"-- migrate:up" must come first';
    return invalid(first.index, reason);
  }
  return {
    kind: 'sections',
    up: sectionOf(source, lines, first, second),
    down: second === undefined ? null : sectionOf(source, lines, second, undefined),
  };
}

function invalid(index: number, reason: string): Invalid {
  return { kind: 'invalid', line: index + 1, reason };
}

function readMarker(text: string, index: number): Marker | Invalid {
  const [direction = '', ...options] = text
    .toLowerCase()
    .replace(/\s*:\s*/g, ':')
    .split(/\s+/);
  if (direction !== 'up' && direction !== 'down') {
    const near = nearest(direction, ['up', 'down']);
    const advice = near === null ? 'write up or down' : `did you mean ${near}?`;
    return invalid(index, `"-- migrate:${direction}" is no section; ${advice}`);
  }
  let transaction = true;
  for (const option of options) {
    if (option !== 'transaction:false' && option !== 'transaction:true') {
      return invalid(index, `"${option}" is no option of a section; the only one is transaction:false`);
    }
    transaction = option === 'transaction:true';
  }
  if (options.length > 1) return invalid(index, 'the option transaction is given more than once');
  return { direction, transaction, index };
}

function sectionOf(source: string, lines: readonly SqlLine[], marker: Marker, next: Marker | undefined): SqlSection {
  const from = lines[marker.index]?.next ?? source.length;
  const to = next === undefined ? source.length : (lines[next.index]?.start ?? source.length);
  return { text: source.slice(from, to), firstLine: marker.index + 2, transaction: marker.transaction };
}

/** Index of the first line that is neither empty nor comment; null when there is none. */
function strayText(lines: readonly SqlLine[]): number | null {
  let isInComment = false;
  for (const [index, line] of lines.entries()) {
    let rest = line.text.replace(/^\uFEFF/, '');
    for (;;) {
      if (isInComment) {
        const end = rest.indexOf('*/');
        if (end === -1) break;
        rest = rest.slice(end + 2);
        isInComment = false;
      }
      rest = rest.trimStart();
      if (rest === '' || rest.startsWith('--')) break;
      if (!rest.startsWith('/*')) return index;
      rest = rest.slice(2);
      isInComment = true;
    }
  }
  return null;
}
