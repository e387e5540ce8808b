import type { TableName } from '../connection.ts';

/** How a dialect writes names of its own in SQL. */
export interface Quoting {
  readonly quoteIdentifier: (name: string) => string;
  /** With its schema, when it has one: on SQLite that is an attached database. */
  readonly quoteTable: (table: TableName) => string;
}

/**
 * Quoting by a mark on both sides, which is doubled inside, as all dialects do it with marks of their own. `check` throws
 * for a name that the database would not take as it is.
 */
export function quotingWith(mark: '"' | '`', check: (name: string) => void = () => undefined): Quoting {
  const quoteIdentifier = (name: string): string => {
    check(name);
    return `${mark}${name.replaceAll(mark, mark + mark)}${mark}`;
  };
  return {
    quoteIdentifier,
    quoteTable: ({ schema, name }) => {
      const own = quoteIdentifier(name);
      return schema === null ? own : `${quoteIdentifier(schema)}.${own}`;
    },
  };
}
