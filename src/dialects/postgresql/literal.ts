import type { RowValue } from '../../operations/sql-value.ts';
import { fillPlaceholders } from '../fill-placeholders.ts';
import { hexOf, withoutNul } from '../sql/literal-text.ts';
import type { Statement } from '../statement.ts';
import { postgresqlRules } from './lexical-rules.ts';

/**
 * A value in the text of a statement, as the driver would bind it: a date in UTC with its offset, an array in
 * PostgreSQL's array syntax, any other object as JSON. Throws migration.failed for text with a NUL.
 */
export function literal(value: RowValue): string {
  if (value === null) return 'NULL';
  switch (typeof value) {
    case 'boolean':
      return value ? 'TRUE' : 'FALSE';
    case 'bigint':
      return value.toString();
    case 'number':
      return Number.isFinite(value) ? String(value) : `'${value}'::float8`;
    case 'string':
      return quoted(value);
    default:
      return objectLiteral(value);
  }
}

function objectLiteral(value: object): string {
  if (value instanceof Date) return quoted(value.toISOString().replace('Z', '+00:00'));
  if (value instanceof Uint8Array) return String.raw`E'\\x${hexOf(value)}'::bytea`;
  return quoted(Array.isArray(value) ? arrayText(value) : JSON.stringify(value));
}

/** Correct whatever standard_conforming_strings says: a backslash makes it an escape string. */
function quoted(text: string): string {
  const inner = withoutNul(text).replaceAll("'", "''");
  return inner.includes('\\') ? `E'${inner.replaceAll('\\', '\\\\')}'` : `'${inner}'`;
}

/** PostgreSQL manual 8.15.2, "Array Value Input": every element in double quotes but NULL and inner arrays. */
function arrayText(values: readonly unknown[]): string {
  const elements = values.map((value) => {
    if (value === null || value === undefined) return 'NULL';
    if (Array.isArray(value)) return arrayText(value);
    return `"${elementText(value)
      .replaceAll('\\', '\\\\')
      .replaceAll('"', String.raw`\"`)}"`;
  });
  return `{${elements.join(',')}}`;
}

function elementText(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `\\x${hexOf(value)}`;
  if (typeof value === 'bigint') return value.toString();
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export function inline({ sql, bindings }: Statement): string {
  return fillPlaceholders(sql, bindings.map(boundLiteral), postgresqlRules, '$');
}

/** A binding has no type of its own, and neither has text in quotes: where it stands decides. */
function boundLiteral(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (value instanceof Uint8Array) return quoted(`\\x${hexOf(value)}`);
  if (typeof value === 'object') return objectLiteral(value);
  return quoted(typeof value === 'string' ? value : (value as number | bigint | boolean).toString());
}
