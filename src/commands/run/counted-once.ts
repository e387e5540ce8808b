import { parseTarget } from '../../graph/target.ts';
import { AludelError } from '../../support/aludel-error.ts';
import { byCodePoint, listed } from '../../support/text.ts';
import type { Planner } from './run-migration.ts';

/**
 * The planner for targets of which one may count from what the database is at, as `-1` does. Whoever gave it counted from the
 * rows as they were then: when another run has changed them while this one waited for the lock, it throws
 * database.version-mismatch instead of counting again from there.
 */
export function countedOnce(planFrom: Planner, targets: readonly string[]): Planner {
  let first: readonly string[] | null = null;
  return (graph, rows, halfDone) => {
    const counts = targets.some((target) => parseTarget(graph, target).kind === 'relative-to-current');
    if (!counts) return planFrom(graph, rows, halfDone);
    const now = rows.toSorted(byCodePoint);
    first ??= now;
    if (first.join('\n') !== now.join('\n')) throw hasMoved(targets, first, now);
    return planFrom(graph, rows, halfDone);
  };
}

function hasMoved(targets: readonly string[], before: readonly string[], now: readonly string[]): AludelError {
  const at = (rows: readonly string[]): string => (rows.length === 0 ? 'base' : listed(rows));
  return new AludelError(
    'database.version-mismatch',
    `${listed(targets)} was counted from ${at(before)}, and another run has taken the database to ${at(now)} meanwhile.`,
    {
      hint: 'Nothing was changed. Run the command again if it is still meant, or name the revision.',
      facts: { before, now },
    },
  );
}
