import { fields, textOf, type Argument, type Fields } from '../../support/typescript-text.ts';
import { NoPlainCall } from './sql-cursor.ts';

/** Without a schema an object is in the connection's own, which is `public` unless somebody says otherwise. */
export function schemaOption(schema: string | null): string | undefined {
  return schema === null || schema === 'public' ? undefined : textOf(schema);
}

/** The last argument of a call; `opCall` leaves it out when it says nothing. */
export function optionsOf(schema: string | null, more: Readonly<Record<string, Argument | undefined>> = {}): Fields {
  return fields({ ...more, schema: schemaOption(schema) });
}

/** A comment of MySQL's as a text. */
export function commentOf(sql: string): string {
  if (sql.includes('\\')) throw new NoPlainCall('a comment');
  return sql.slice(1, -1).replaceAll("''", "'");
}
