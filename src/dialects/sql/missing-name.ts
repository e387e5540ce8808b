import { listed, listedBriefly, nearest } from '../../support/text.ts';
import type { LexicalRules } from './lexer.ts';
import { nameAt, skip, wordsOf } from './statement-words.ts';

/** A name in a statement that the database does not know. */
export type MissingName =
  | { readonly kind: 'table'; readonly name: string }
  /** `tables` are those the statement names, in its order. */
  | { readonly kind: 'column'; readonly name: string; readonly tables: readonly string[] };

/** How an error says that a name is not there: the first group holds it. */
export interface MissingWords {
  readonly table: readonly RegExp[];
  readonly column: readonly RegExp[];
}

/** The name that an error complains of; null when it is about something else. */
export function missingNameIn(
  message: string,
  sql: string,
  { table, column }: MissingWords,
  rules: LexicalRules,
): MissingName | null {
  const noTable = firstGroup(table, message);
  if (noTable !== null) return { kind: 'table', name: lastPart(noTable) };
  const noColumn = firstGroup(column, message);
  return noColumn === null ? null : { kind: 'column', name: lastPart(noColumn), tables: tablesIn(sql, rules) };
}

/** The table that was meant, or those that there are; ours are not the user's. */
export function tableHint(name: string, tables: readonly string[]): string {
  const near = nearest(name, tables);
  if (near !== null) return `Did you mean "${near}"?`;
  const others = tables.filter((table) => !table.startsWith('aludel_'));
  if (others.length === 0) return 'There is no table yet.';
  return others.length === 1 ? `The only table is ${others[0]}.` : `The tables are ${listedBriefly(others)}.`;
}

/** The column that was meant, or those that the table has. */
export function columnHint(name: string, columns: readonly string[]): string {
  const near = nearest(name, columns);
  return near === null ? `It has ${listed(columns)}.` : `Did you mean "${near}"?`;
}

function firstGroup(patterns: readonly RegExp[], message: string): string | null {
  for (const pattern of patterns) {
    const found = pattern.exec(message)?.[1];
    if (found !== undefined) return found;
  }
  return null;
}

/** `name` of `schema.name`; SQLite puts quotes around a name that came in quotes. */
function lastPart(name: string): string {
  const last = name.split('.').at(-1) ?? name;
  return /^"+([^"]+)"+$/.exec(last)?.[1] ?? last;
}

/** Longer statements are data: the name of their table stands at the beginning. */
const lookedAt = 2000;

const beforeTables: ReadonlySet<string> = new Set(['TABLE', 'ON', 'UPDATE', 'INTO', 'FROM', 'JOIN', 'REFERENCES']);

function tablesIn(sql: string, rules: LexicalRules): readonly string[] {
  const words = wordsOf(sql, rules, lookedAt);
  const tables: string[] = [];
  for (const [at, { keyword, quoted }] of words.entries()) {
    if (quoted || !beforeTables.has(keyword)) continue;
    const found = nameAt(words, skip(words, at + 1, 'IF', 'EXISTS'));
    if (found?.name.identifier != null) tables.push(found.name.identifier);
  }
  return [...new Set(tables)];
}
