import type { ChangeReport } from '../../commands/results.ts';

/** What rows suffer from changes, and what they may have against them, a line each. `where` says whose rows, as in `elsewhere `. */
export function warningsOf(
  { changes, cautions }: { readonly changes: readonly ChangeReport[]; readonly cautions: readonly string[] },
  where = '',
): readonly string[] {
  const losses = changes.flatMap(({ loses }) => loses).map((what) => `this loses what is in ${what}`);
  return [...losses, ...cautions].map((clause) => `warning: ${where}${clause.replaceAll(/\s+/g, ' ')}`);
}
