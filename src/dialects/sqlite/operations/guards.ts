import { literal } from '../literal.ts';

/** In front of the words a guard fails with. */
const guardOpens = 'SELECT CASE WHEN ';

/**
 * A query that fails, saying why, unless a condition holds. SQLite's RAISE works in triggers only; an error about a
 * path in JSON holds the path.
 */
export function guard(condition: string, complaint: string): string {
  return guardSaying(condition, literal(complaint));
}

/** {@link guard} whose complaint is SQL, which is worked out only when it is needed. */
function guardSaying(condition: string, complaint: string): string {
  return `${guardOpens}${condition} THEN 'ok' ELSE json_extract('{}', ${complaint}) END`;
}

/** For a column that becomes NOT NULL: `value` is what it holds in the rows of `from`, which may be another table. */
export function nullGuard(table: string, column: string, from: string, value: string): string {
  const nulls = `FROM ${from} WHERE (${value}) IS NULL`;
  const opening = literal(`Column ${column} of table ${table} cannot be NOT NULL: it is NULL in `);
  const closing = literal(' of its rows, which have to get a value first');
  return guardSaying(`NOT EXISTS (SELECT 1 ${nulls})`, `${opening} || (SELECT count(*) ${nulls}) || ${closing}`);
}

/** The words of a guard that failed; null for an error that is none. */
export function complaintOf(message: string, sql: string): string | null {
  if (!sql.startsWith(guardOpens)) return null;
  const path = /^bad JSON path: '([\s\S]*)'$/.exec(message)?.[1];
  return path === undefined ? null : path.replaceAll("''", "'");
}
