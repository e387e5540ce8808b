import { isSignificant, tokensOf, type Token } from '../../sql/lexer.ts';
import { unquoted } from '../../sql/statement-words.ts';
import { sqliteRules } from '../lexical-rules.ts';
import {
  nameKey,
  parseCreateTable,
  sameName,
  type ColumnText,
  type ConstraintText,
  type CreateTable,
} from './parse-create-table.ts';
import type { Span } from './token-cursor.ts';
import { quoteIdentifier } from '../quote.ts';

/*
 * Each edit gives the text of the table after it. Whatever it does not name stays as it is, byte for byte: comments,
 * quotes, white space, and what SQLite takes though no manual has it.
 */

/** The text with a column behind the last one. `definition` is what stands between the commas. */
export function withColumn(table: CreateTable, definition: string): string {
  return insertItem(table, table.columns.at(-1), definition);
}

/** The text with a constraint of the table behind all there is. */
export function withConstraint(table: CreateTable, definition: string): string {
  return insertItem(table, table.constraints.at(-1) ?? table.columns.at(-1), definition);
}

/** The text without a column, or without a constraint of the table or of a column. */
export function without(table: CreateTable, item: ColumnText | ConstraintText): string {
  const items = itemsOf(table);
  return items.some(({ span }) => span === item.span) ? withoutItem(table, item.span) : withoutInside(table, item.span);
}

/** The text with something behind a column's last constraint. */
export function withColumnConstraint({ text }: CreateTable, column: ColumnText, definition: string): string {
  return splice(text, { start: column.span.end, end: column.span.end }, ` ${definition}`);
}

export function splice(text: string, { start, end }: Span, replacement: string): string {
  return text.slice(0, start) + replacement + text.slice(end);
}

export function columnNamed(table: CreateTable, name: string): ColumnText | null {
  return table.columns.find((column) => sameName(column.name, name)) ?? null;
}

/** All constraints, those of columns first. */
export function constraintsOf(table: CreateTable): readonly ConstraintText[] {
  return [...table.columns.flatMap((column) => column.constraints), ...table.constraints];
}

export function primaryKeyOf(table: CreateTable): ConstraintText | null {
  return constraintsOf(table).find(({ kind }) => kind === 'primaryKey') ?? null;
}

/** The column that is another name of the rowid: INTEGER PRIMARY KEY. Source: sqlite.org/lang_createtable.html#rowid. */
export function rowidAlias(table: CreateTable): string | null {
  const key = primaryKeyOf(table);
  const [name] = key?.columns ?? [];
  if (key === null || name === undefined || key.columns.length > 1 || key.descending || table.withoutRowid) return null;
  const column = columnNamed(table, name);
  if (column?.type == null) return null;
  const type = table.text.slice(column.type.start, column.type.end);
  const word = /^\w+$/.test(type) ? type : unquoted(type);
  return sameName(word, 'INTEGER') ? column.name : null;
}

export function isGenerated(column: ColumnText): boolean {
  return column.constraints.some(({ kind }) => kind === 'generated');
}

/** True when a comment stands between the parentheses: SQLite's own ALTER TABLE may lose it. */
export function hasComments(table: CreateTable): boolean {
  for (const token of tokensOf(table.text, sqliteRules)) if (token.kind === 'comment') return true;
  return false;
}

/** True when a text names the table in front of a column, as in `t.a`. */
export function qualifies(sql: string, table: string): boolean {
  return namesOf(sql).some(({ qualifier }) => qualifier === nameKey(table));
}

/** An expression in which other names stand for the same columns; `names` by key. */
export function renamedIn(sql: string, names: ReadonlyMap<string, string>): string {
  let result = sql;
  for (const { key, token } of namesOf(sql).toReversed()) {
    const name = names.get(key);
    if (name !== undefined) result = splice(result, token, quoteIdentifier(name));
  }
  return result;
}

/** A name in an expression, as keys; `qualifier` is what stands in front of its dot. */
export interface WrittenName {
  readonly key: string;
  readonly qualifier: string | null;
  readonly token: Token;
}

/** Every name that may be a column's: no function, and nothing in front of a dot. */
export function namesOf(sql: string): readonly WrittenName[] {
  const tokens = [...tokensOf(sql, sqliteRules)].filter(isSignificant);
  const written = (token: Token | undefined): string => (token === undefined ? '' : sql.slice(token.start, token.end));
  const keyOf = (token: Token | undefined): string | null => {
    if (token?.kind === 'word') return nameKey(written(token));
    return token?.kind === 'name' ? nameKey(unquoted(written(token))) : null;
  };
  return tokens.flatMap((token, i): readonly WrittenName[] => {
    const key = keyOf(token);
    const following = written(tokens[i + 1]);
    if (key === null || following === '.' || (token.kind === 'word' && following === '(')) return [];
    const qualifier = written(tokens[i - 1]) === '.' ? keyOf(tokens[i - 2]) : null;
    return [{ key, qualifier, token }];
  });
}

function itemsOf(table: CreateTable): readonly { readonly span: Span }[] {
  return [...table.columns, ...table.constraints];
}

/** Takes over how the item in front is set off from what comes before it, so that a column a line stays one. */
function insertItem(table: CreateTable, behind: { readonly span: Span } | undefined, definition: string): string {
  if (behind === undefined) throw new Error('A table has a column');
  const { text } = table;
  const gap = /[ \t\r\n]+$/.exec(text.slice(0, behind.span.start))?.[0] ?? ' ';
  return splice(text, { start: behind.span.end, end: behind.span.end }, `,${gap}${definition}`);
}

/** An item goes with the comma behind it and the white space up to the next one; the last with the comma before it. */
function withoutItem(table: CreateTable, span: Span): string {
  const { text } = table;
  const items = itemsOf(table);
  const index = items.findIndex((item) => item.span === span);
  const before = items[index - 1]?.span;
  const after = items[index + 1]?.span;
  const commaAfter = after === undefined ? null : commaBetween(text, span.end, after.start);
  if (commaAfter !== null) return cut(text, [span, { start: commaAfter, end: endOfBlank(text, commaAfter + 1) }]);
  // Without a comma behind it, the one in front is the next constraint's.
  const commaBefore = before === undefined || after !== undefined ? null : commaBetween(text, before.end, span.start);
  const rest = blankBefore(text, span);
  return cut(text, commaBefore === null ? [rest] : [{ start: commaBefore, end: commaBefore + 1 }, rest]);
}

/** The text without something in the middle of a definition, and without the white space in front of it. */
export function withoutInside({ text }: CreateTable, span: Span): string {
  return cut(text, [blankBefore(text, span)]);
}

/** The span with the white space in front, unless that ends a line comment. */
function blankBefore(text: string, span: Span): Span {
  let before: Token | null = null;
  let start = span.start;
  for (const token of tokensOf(text, sqliteRules)) {
    if (token.start >= span.start) break;
    if (token.kind === 'blank') start = before?.kind === 'comment' ? span.start : token.start;
    else start = span.start;
    before = token;
  }
  return { start, end: span.end };
}

function endOfBlank(text: string, from: number): number {
  let end = from;
  while (/\s/.test(text.charAt(end))) end++;
  return end;
}

function commaBetween(text: string, from: number, to: number): number | null {
  for (const token of tokensOf(text, sqliteRules)) {
    if (token.start >= to) return null;
    if (token.start >= from && text[token.start] === ',') return token.start;
  }
  return null;
}

function cut(text: string, spans: readonly Span[]): string {
  return spans.toReversed().reduce((left, span) => splice(left, span, ''), text);
}

/** The same edit on what the text has become, for edits one after the other. */
export function edited(text: string, edit: (table: CreateTable) => string): string {
  return edit(parseCreateTable(text));
}
