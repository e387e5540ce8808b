import type { TableName } from '../connection.ts';

export function quoteIdentifier(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

export function quoteTable(table: TableName): string {
  const name = quoteIdentifier(table.name);
  return table.schema === null ? name : `${quoteIdentifier(table.schema)}.${name}`;
}

/** Hexadecimal where quoting would depend on sql_mode: with NO_BACKSLASH_ESCAPES a backslash is itself, else it escapes. */
export function literal(value: string | number | null): string {
  if (value === null) return 'NULL';
  if (typeof value === 'number') return String(value);
  if (!value.includes('\\')) return `'${value.replaceAll("'", "''")}'`;
  return `CONVERT(X'${Buffer.from(value, 'utf8').toString('hex')}' USING utf8mb4)`;
}
