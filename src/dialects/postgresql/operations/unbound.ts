import { AludelError } from '../../../support/aludel-error.ts';
import { counted } from '../../../support/text.ts';
import { tokensOf } from '../../sql/lexer.ts';
import type { Statement } from '../../statement.ts';
import { postgresqlRules } from '../lexical-rules.ts';

/** Throws migration.failed when a placeholder has no binding: PostgreSQL would take an operator for one, or find no parameter. */
export function refuseUnbound({ sql, bindings }: Statement, builtAt: Error | null): void {
  if (!sql.includes('$')) return;
  const placeholders = highestPlaceholder(sql);
  if (placeholders <= bindings.length) return;
  // knex puts the SQL in front of it.
  const error = new AludelError(
    'migration.failed',
    `${counted(placeholders, 'placeholder')} and ${counted(bindings.length, 'binding')}.`,
    { hint: String.raw`Give each ? its binding. For the operators ?, ?| and ?& write \\? in raw SQL.` },
  );
  error.stack = `${error.stack ?? ''}\n${builtAt?.stack ?? ''}`;
  throw error;
}

function highestPlaceholder(sql: string): number {
  let highest = 0;
  let markAt: number | null = null;
  for (const { kind, start, end } of tokensOf(sql, postgresqlRules)) {
    if (kind === 'number' && start === markAt) highest = Math.max(highest, Number(sql.slice(start, end)));
    markAt = kind === 'symbol' && sql[start] === '$' ? end : null;
  }
  return highest;
}
