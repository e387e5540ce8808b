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
    const { kind, name } = missing;
    const there =
      kind === 'table'
        ? await inspect.tables()
        : (await Promise.all(missing.tables.map((table) => inspect.columns(table))))
            .flat()
            .map((column) => column.name);
    // It is there now, so that the statement itself takes it away before.
    if (there.includes(name)) return null;
    if (kind === 'table') return tableHint(name, there);
    return there.length === 0 ? null : columnHint(name, there);
  } catch {
    // The error of the statement says what happened; this would only have helped to mend it.
    return null;
  }
}
