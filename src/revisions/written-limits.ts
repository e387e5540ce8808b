import { afterMarker, sqlLines } from './sql-lines.ts';

/** The limits that a revision may set for its own statements. */
export const limitNames = ['lock_timeout', 'statement_timeout'] as const;
export type LimitName = (typeof limitNames)[number];

/** A comment line `-- name: value` of a .sql revision. */
export interface HeaderLine {
  readonly name: string;
  readonly text: string;
  /** 1-based. */
  readonly line: number;
}

const namedLine = /^\uFEFF?\s*--\s*([A-Za-z_]+)\s*:(.*)$/;

/** The lines of that form before the first section marker of a .sql revision, names in lower case. */
export function headerLines(source: string): readonly HeaderLine[] {
  const found: HeaderLine[] = [];
  for (const [index, { text }] of sqlLines(source).entries()) {
    if (afterMarker(text) !== null) break;
    const [, name, value] = namedLine.exec(text) ?? [];
    if (name !== undefined) found.push({ name: name.toLowerCase(), text: value?.trim() ?? '', line: index + 1 });
  }
  return found;
}

/** 1-based line on which a module exports a constant of this name; null when it is exported in another way. */
export function lineOfExport(source: string, name: string): number | null {
  const at = source.search(new RegExp(`^[ \\t]*export\\s+(?:const|let|var)\\s+${name}\\b`, 'm'));
  return at === -1 ? null : source.slice(0, at).split('\n').length;
}
