import { headerFromValues } from './header-from-values.ts';
import type { HeaderReading, HeaderStartReading } from './revision-source.ts';
import { afterMarker, sqlLines } from './sql-lines.ts';

const fieldLine = /^\uFEFF?\s*--\s*(revision|down_revision|branch_labels|depends_on|message)\s*:(.*)$/i;

/**
 * Reads the header of a .sql revision: the comment lines `-- revision:`, `-- down_revision:`, `-- branch_labels:`,
 * `-- depends_on:` and `-- message:` before the first section marker (see sql-sections.ts).
 *
 * Lists are separated by commas, in brackets or not, each id in quotes or not. No list, `null` and `none` stand for none;
 * in quotes they are ids. Never `not-static`; `not-a-revision` when there is no revision line or a field stands twice.
 */
export function readSqlHeader(source: string): HeaderReading {
  const reading = readHeader(source, true);
  if (reading.kind === 'incomplete') throw new Error('a whole text was read as a part of one');
  return reading;
}

/** Like {@link readSqlHeader} for the first part of a file, cut anywhere: `incomplete` when no marker was seen. */
export function readSqlHeaderFromStart(start: string): HeaderStartReading {
  return readHeader(start, false);
}

function readHeader(source: string, isComplete: boolean): HeaderStartReading {
  const found = new Map<string, { readonly text: string; readonly line: number }>();
  let sawMarker = false;
  for (const [index, { text }] of sqlLines(source).entries()) {
    if (afterMarker(text) !== null) {
      sawMarker = true;
      break;
    }
    const match = fieldLine.exec(text);
    if (match === null) continue;
    const field = (match[1] ?? '').toLowerCase();
    const before = found.get(field);
    const line = index + 1;
    if (before !== undefined) {
      return { kind: 'not-a-revision', line, reason: `${field} is written twice, first in line ${before.line}` };
    }
    found.set(field, { text: match[2]?.trim() ?? '', line });
  }
  if (!isComplete && !sawMarker) return { kind: 'incomplete' };
  const revision = found.get('revision');
  if (revision === undefined) {
    const reason = 'there is no line "-- revision: …" before the first "-- migrate:" line';
    return { kind: 'not-a-revision', line: 1, reason };
  }
  const lineOf = (field: string): number => (found.get(field) ?? revision).line;
  return headerFromValues(
    {
      revision: unquoted(revision.text),
      ...(found.has('down_revision') ? { down_revision: listOf(found.get('down_revision')?.text) } : {}),
      branch_labels: listOf(found.get('branch_labels')?.text),
      depends_on: listOf(found.get('depends_on')?.text),
    },
    found.get('message')?.text ?? '',
    {
      revision: lineOf('revision'),
      downRevision: lineOf('down_revision'),
      branchLabels: lineOf('branch_labels'),
      dependsOn: lineOf('depends_on'),
    },
    () => commentKeys(source),
  );
}

/** What stands before the colon in comment lines, with the first line of each. */
function commentKeys(source: string): ReadonlyMap<string, number> {
  const keys = new Map<string, number>();
  for (const [index, { text }] of sqlLines(source).entries()) {
    const key = /^\uFEFF?\s*--\s*([^:]*?)\s*:/.exec(text)?.[1];
    if (key !== undefined && !keys.has(key)) keys.set(key, index + 1);
  }
  return keys;
}

function listOf(text = ''): readonly string[] {
  const bare = /^(?:\[(.*)\]|\((.*)\))$/.exec(text);
  const inside = (bare?.[1] ?? bare?.[2] ?? text).trim();
  if (inside === '' || /^(?:null|none)$/i.test(inside)) return [];
  // A comma inside quotes separates nothing; a comma at the end, as in a list of code, adds nothing.
  const entries = inside.match(/(?:'[^']*'|"[^"]*"|[^,])+/g) ?? [];
  return entries.map((entry) => unquoted(entry.trim())).filter((entry) => entry !== '');
}

function unquoted(text: string): string {
  const match = /^(?:'([^']*)'|"([^"]*)")$/.exec(text);
  return match?.[1] ?? match?.[2] ?? text;
}
