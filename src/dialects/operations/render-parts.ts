import type { RowValue, ValueOrSql } from '../../operations/sql-value.ts';
import { isRawSql } from '../../operations/sql-value.ts';
import { AludelError } from '../../support/aludel-error.ts';
import type { TableName } from '../connection.ts';
import type { Statement } from '../statement.ts';

/** How a dialect writes names and values. */
export interface TextRules {
  readonly quoteIdentifier: (name: string) => string;
  readonly quoteTable: (table: TableName) => string;
  readonly literal: (value: RowValue) => string;
  /** The placeholder of the n-th binding, from 1. */
  readonly placeholder: (position: number) => string;
  /** Most bindings one statement may have. */
  readonly maxBindings: number;
}

/** A statement of these parts with a blank between them; empty ones and what is not true are left out. */
export function statement(...parts: readonly (string | false | null | undefined)[]): Statement {
  return { sql: parts.filter((part) => typeof part === 'string' && part !== '').join(' '), bindings: [] };
}

/** Names in parentheses: `("a", "b")`. */
export function nameList(names: readonly string[], { quoteIdentifier }: Pick<TextRules, 'quoteIdentifier'>): string {
  return `(${names.map(quoteIdentifier).join(', ')})`;
}

/** A literal, or the SQL as it was written. */
export function valueText(value: ValueOrSql, { literal }: Pick<TextRules, 'literal'>): string {
  return isRawSql(value) ? value.sql : literal(value);
}

/** migration.failed: the database has no such thing. `what` is a sentence; `instead` says what to do. */
export function cannot(what: string, instead: string): AludelError {
  return new AludelError('migration.failed', what, { hint: instead });
}

/**
 * Words of SQL that an option gives and no quotes can protect, such as an event of a trigger. Throws migration.failed
 * for anything but letters, digits, `_`, blanks and commas.
 */
export function words(text: string, what: string): string {
  if (/^[\p{L}\p{N}_ ,]+$/u.test(text)) return text.toUpperCase();
  throw cannot(`"${text}" is no ${what}.`, 'Write plain words, or the whole statement with op.execute.');
}
