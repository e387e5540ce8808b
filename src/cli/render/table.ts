import stringWidth from './text-width.ts';

/** One cell: the text decides the width, `paint` colours it afterwards. */
export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

/**
 * Rows as aligned columns, two spaces apart, without trailing blanks. Widths are those of a terminal: a Chinese
 * character takes two columns, a combining accent none. A column that is empty in every row is left out.
 */
export function drawTable(
  header: readonly string[],
  rows: readonly (readonly Cell[])[],
  paintHeader: (text: string) => string,
): string[] {
  const used = header.map((_, column) => rows.some((row) => (row[column]?.text ?? '') !== ''));
  const all: readonly (readonly Cell[])[] = [header.map((text) => ({ text, paint: paintHeader })), ...rows];
  const kept = all.map((row) => row.filter((_, column) => used[column]));
  const widths = used
    .filter(Boolean)
    .map((_, column) => Math.max(...kept.map((row) => stringWidth(row[column]?.text ?? ''))));
  return kept.map((row) => drawRow(row, widths));
}

/** Blanks are not painted, so that underlines and backgrounds end with the text. */
function drawRow(row: readonly Cell[], widths: readonly number[]): string {
  let line = '';
  let owed = 0;
  for (const [column, cell] of row.entries()) {
    if (cell.text !== '') {
      line += ' '.repeat(owed) + (cell.paint?.(cell.text) ?? cell.text);
      owed = 0;
    }
    owed += (widths[column] ?? 0) - stringWidth(cell.text) + 2;
  }
  return line;
}
