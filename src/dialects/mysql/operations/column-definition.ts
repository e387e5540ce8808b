import { isSignificant, keywordOf, tokensOf } from '../../sql/lexer.ts';
import { unquoted } from '../../sql/statement-words.ts';
import { mysqlRules } from '../lexical-rules.ts';

/** The parts of a column's definition, each as the server wrote it; what is not there is missing. */
export type ColumnDefinition = Partial<Record<ColumnPart, string>>;

/** In the order in which both servers take them. */
export const columnParts = [
  'type',
  'charset',
  'collation',
  'generated',
  'invisible',
  'null',
  'default',
  'onUpdate',
  'autoIncrement',
  'comment',
  'check',
  'other',
] as const;

export type ColumnPart = (typeof columnParts)[number];

/**
 * The definition of a column in what SHOW CREATE TABLE says; null when the table has no such column. MODIFY COLUMN must
 * repeat all of a definition, and only this statement shows all of it. The text shows which quotes sql_mode has made it use,
 * but not how it writes a backslash.
 */
export function columnDefinition(
  createTable: string,
  column: string,
  noBackslashEscapes: boolean,
): ColumnDefinition | null {
  const rules = mysqlRules({ noBackslashEscapes, ansiQuotes: /^CREATE\s[^`(]*"/.test(createTable) });
  const tokens = [...tokensOf(createTable, rules)].filter((token) => isSignificant(token) || token.kind === 'mark');
  let depth = 0;
  let atStart = false;
  let from = -1;
  for (const [index, token] of tokens.entries()) {
    const text = createTable.slice(token.start, token.end);
    const ends = (depth === 1 && (text === ',' || text === ')')) || (depth === 0 && from >= 0);
    if (ends && from >= 0) return partsOf(createTable, tokens.slice(from, index));
    if (atStart && token.kind === 'name' && sameName(unquoted(text), column)) from = index + 1;
    if (text === '(') depth++;
    if (text === ')') depth--;
    atStart = depth === 1 && (text === ',' || text === '(');
  }
  return null;
}

interface Piece {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}

/** Every word that opens a part, outside parentheses and not right behind DEFAULT or NOT, ends the part before it. */
function partsOf(text: string, tokens: readonly Piece[]): ColumnDefinition {
  const found: { readonly part: ColumnPart; readonly start: number; end: number }[] = [];
  let depth = 0;
  let before = '';
  for (const [index, token] of tokens.entries()) {
    const word = keywordOf(text, token as Parameters<typeof keywordOf>[1]);
    const opened = depth === 0 && before !== 'DEFAULT' && before !== 'NOT' ? openers[word] : undefined;
    const part = index === 0 ? 'type' : opened;
    const last = found.at(-1);
    if (part !== undefined) found.push({ part, start: token.start, end: token.end });
    else if (last !== undefined) last.end = token.end;
    if (word === '(') depth++;
    if (word === ')') depth--;
    before = word;
  }
  const definition: ColumnDefinition = {};
  for (const { part, start, end } of found) {
    const written = text.slice(start, end);
    definition[part] = definition[part] === undefined ? written : `${definition[part]} ${written}`;
  }
  return definition;
}

const openers: Readonly<Record<string, ColumnPart>> = {
  CHARACTER: 'charset',
  COLLATE: 'collation',
  GENERATED: 'generated',
  AS: 'generated',
  INVISIBLE: 'invisible',
  NOT: 'null',
  NULL: 'null',
  DEFAULT: 'default',
  ON: 'onUpdate',
  AUTO_INCREMENT: 'autoIncrement',
  COMMENT: 'comment',
  CHECK: 'check',
  COMPRESSED: 'other',
  STORAGE: 'other',
  COLUMN_FORMAT: 'other',
  REF_SYSTEM_ID: 'other',
  SRID: 'other',
  WITHOUT: 'other',
};

/** The definition as text. */
export function definitionText(definition: ColumnDefinition): string {
  return columnParts.flatMap((part) => definition[part] ?? []).join(' ');
}

/** Names of columns are compared without regard to case (MySQL manual, "Identifier Case Sensitivity"). */
function sameName(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
