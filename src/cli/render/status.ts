import type { RevisionState, StatusReport } from '../../commands/results.ts';
import { counted, listedBriefly } from '../../support/text.ts';
import type { Palette } from './palette.ts';
import { printable } from './printable.ts';
import { drawTable } from './table.ts';
import { rowsText } from './text.ts';

/** The database, a table of every revision with its state, and what `upgrade heads` would do. */
export function statusText(report: StatusReport, palette: Palette): string {
  const current = new Set(report.current);
  const paintState: Readonly<Record<RevisionState, (text: string) => string>> = {
    applied: palette.good,
    pending: palette.pending,
    missing: palette.bad,
  };
  const rows = report.revisions.map(({ revision, id, state }) => [
    { text: state, paint: paintState[state] },
    { text: printable(id), paint: palette.revision },
    {
      text: [...(revision?.is_head ? ['head'] : []), ...(current.has(id) ? ['current'] : [])].join(', '),
      paint: palette.mark,
    },
    { text: printable(revision?.branch_labels.join(', ') ?? ''), paint: palette.label },
    { text: printable(revision?.message ?? '') },
  ]);
  const table = drawTable(['state', 'revision', 'marks', 'branch', 'message'], rows, palette.strong);
  return [
    `Database: ${printable(report.database)}`,
    ...(rows.length === 0 ? ['There are no revisions yet.'] : table),
    ...(rows.length === 0 ? [] : ['', nextStep(report, palette)]),
  ].join('\n');
}

function nextStep({ pending, current, revisions, half_done: half }: StatusReport, palette: Palette): string {
  const missing = revisions.filter(({ state }) => state === 'missing').map(({ id }) => id);
  if (missing.length > 0) return `"aludel upgrade heads" is refused: no file has ${printable(listedBriefly(missing))}.`;
  if (half !== null && (half.direction === 'downgrade' || half.revision !== pending[0]))
    return `"aludel upgrade heads" has to wait until the ${half.direction} of ${printable(half.revision)} is finished.`;
  if (pending.length === 0)
    return `"aludel upgrade heads" has nothing to do: the database is at ${rowsText(current, palette)}.`;
  return `"aludel upgrade heads" runs ${counted(pending.length, 'revision')}: ${printable(listedBriefly(pending))}.`;
}
