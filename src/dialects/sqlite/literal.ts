import type { RowValue } from '../../operations/sql-value.ts';
import { AludelError } from '../../support/aludel-error.ts';
import { fillPlaceholders } from '../fill-placeholders.ts';
import { finite, hexOf, withoutNul } from '../sql/literal-text.ts';
import type { Statement } from '../statement.ts';
import { exactNumber } from './exact-number.ts';
import { sqliteRules } from './lexical-rules.ts';

/**
 * A value in the text of a statement, as the driver would bind it: a date as text in UTC, any other object as JSON.
 * Throws migration.failed for text with a NUL and for integers of more than 64 bits, which SQLite would round.
 */
export function literal(value: RowValue): string {
  if (value === null) return 'NULL';
  switch (typeof value) {
    case 'boolean':
      return value ? '1' : '0';
    case 'bigint':
      if (BigInt.asIntN(64, value) === value) return value.toString();
      throw new AludelError('migration.failed', `${value} does not fit into SQLite's integers of 64 bits.`, {
        hint: 'Keep it as text.',
      });
    case 'number':
      return finite(value);
    case 'string':
      return quoted(value);
    default:
      return objectLiteral(value);
  }
}

function objectLiteral(value: object): string {
  if (value instanceof Date) return quoted(value.toISOString().replace('T', ' ').replace('Z', ''));
  return value instanceof Uint8Array ? `X'${hexOf(value)}'` : quoted(JSON.stringify(value));
}

function quoted(text: string): string {
  return `'${withoutNul(text).replaceAll("'", "''")}'`;
}

export function inline({ sql, bindings }: Statement): string {
  return fillPlaceholders(sql, bindings.map(boundLiteral), sqliteRules);
}

/** The driver binds a number of more than 32 bits as a real, and an integer that JavaScript would round as text. */
function boundLiteral(bound: unknown): string {
  const value = (bound ?? null) as RowValue;
  if (typeof value === 'bigint') {
    return Number.isSafeInteger(Number(value)) ? boundLiteral(Number(value)) : quoted(value.toString());
  }
  const text = literal(value);
  if (typeof value !== 'number') return text;
  const exact = exactNumber(value);
  return (value | 0) !== value && /^-?\d+$/.test(exact) ? `${exact}.0` : exact;
}
