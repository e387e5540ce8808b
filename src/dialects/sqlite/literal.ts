import type { RowValue } from '../../operations/sql-value.ts';
import { AludelError } from '../../support/aludel-error.ts';
import { finite, hexOf, withoutNul } from '../literal-text.ts';

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
