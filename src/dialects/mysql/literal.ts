import type { RowValue } from '../../operations/sql-value.ts';
import { fillPlaceholders } from '../fill-placeholders.ts';
import { finite, hexOf, withoutNul } from '../sql/literal-text.ts';
import type { Statement } from '../statement.ts';
import { mysqlRules } from './lexical-rules.ts';

const rules = mysqlRules();

/**
 * A value in the text of a statement: a date in UTC, any other object as JSON. Correct whatever sql_mode says: with
 * NO_BACKSLASH_ESCAPES a backslash is itself, else it escapes, so text with one is written in hexadecimal. Throws
 * migration.failed for text with a NUL.
 */
export function literal(value: RowValue): string {
  if (value === null) return 'NULL';
  switch (typeof value) {
    case 'boolean':
      return value ? '1' : '0';
    case 'bigint':
      return value.toString();
    case 'number':
      return finite(value);
    case 'string':
      return quoted(value);
    default:
      return objectLiteral(value);
  }
}

function objectLiteral(value: object): string {
  // MariaDB takes no offset in a literal.
  if (value instanceof Date) return quoted(value.toISOString().replace('T', ' ').replace('Z', ''));
  return value instanceof Uint8Array ? `X'${hexOf(value)}'` : quoted(JSON.stringify(value));
}

function quoted(text: string): string {
  if (!withoutNul(text).includes('\\')) return `'${text.replaceAll("'", "''")}'`;
  return `CONVERT(X'${Buffer.from(text, 'utf8').toString('hex')}' USING utf8mb4)`;
}

export function inline({ sql, bindings }: Statement): string {
  return fillPlaceholders(
    sql,
    bindings.map((value) => literal((value ?? null) as RowValue)),
    rules,
  );
}
