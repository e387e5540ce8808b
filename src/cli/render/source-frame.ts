import { printable } from './printable.ts';

/** A place in a text. Lines and columns count from 1. */
export interface SourcePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number | null;
  readonly source: string;
}

/** The place that the facts of an error carry, or null when they carry none. */
export function placeIn(facts: Readonly<Record<string, unknown>>): SourcePlace | null {
  const { file, line, column, source } = facts;
  if (typeof file !== 'string' || typeof line !== 'number' || typeof source !== 'string') return null;
  return { file, line, column: typeof column === 'number' ? column : null, source };
}

/** The lines around a place with their numbers, and a caret under the column; none when the line is not in the text. */
export function sourceFrame(place: SourcePlace, around = 1): string[] {
  const lines = place.source.split(/\r?\n/);
  const first = Math.max(1, place.line - around);
  const last = Math.min(lines.length, place.line + around);
  if (place.line < first || place.line > last) return [];
  const width = String(last).length;
  return lines.slice(first - 1, last).flatMap((text, i) => {
    const number = first + i;
    const mark = number === place.line ? '>' : ' ';
    const framed = [`${mark} ${String(number).padStart(width)} | ${printable(text)}`.trimEnd()];
    if (number === place.line && place.column !== null)
      framed.push(`  ${' '.repeat(width)} | ${indentTo(text, place.column)}^`);
    return framed;
  });
}

/** Blanks up to a column. A tab is shown as one blank, as `printable` shows it. */
function indentTo(text: string, column: number): string {
  return ' '.repeat(printable(text.slice(0, column - 1)).length);
}
