import type { Connection } from '../../dialects/connection.ts';
import type { Dialect } from '../../dialects/dialect.ts';
import { columnHint, tableHint } from '../../dialects/sql/missing-name.ts';
import type { StatementFailure } from './statement-attempt.ts';

/**
 * What to write for a name that the database does not know: the one that is nearest, or those that there are. Null where
 * nothing is missing, or nobody can tell: PostgreSQL answers nothing before the transaction that failed is rolled back.
 */
export async function whatWasMeant(
  failure: StatementFailure | null,
  { dialect, connection }: { readonly dialect: Dialect; readonly connection: Connection },
): Promise<string | null> {
  const missing = failure?.explained.missing ?? null;
  if (missing === null || connection.lostBecause() !== null) return null;
  const inspect = dialect.inspector(async (sql, bindings) => (await connection.query(sql, bindings)).rows);
  try {
    if (missing.kind === 'table') return tableHint(missing.name, await inspect.tables());
    const columns = (await Promise.all(missing.tables.map((table) => inspect.columns(table)))).flat();
    return columns.length === 0
      ? null
      : columnHint(
          missing.name,
          columns.map(({ name }) => name),
        );
  } catch {
    // The error of the statement says what happened; this would only have helped to mend it.
    return null;
  }
}
