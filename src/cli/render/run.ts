import type { RunReport, StampReport } from '../../commands/results.ts';
import { counted } from '../../support/text.ts';
import type { Palette } from './palette.ts';
import { printable } from './printable.ts';
import { drawTable } from './table.ts';
import { rowsText } from './text.ts';

/** "Upgraded 3 revisions: base -> e1", or that there was nothing to do. */
export function runText(direction: 'upgrade' | 'downgrade', report: RunReport, palette: Palette): string {
  if (report.steps.length === 0) return `Nothing to do: already at ${rowsText(report.heads_after, palette)}`;
  const done = direction === 'upgrade' ? 'Upgraded' : 'Downgraded';
  return `${report.plan ? `Would ${direction}` : done} ${counted(report.steps.length, 'revision')}: ${fromTo(report, palette)}`;
}

/** The table of what a run would do, and its summary below. */
export function planText(direction: 'upgrade' | 'downgrade', report: RunReport, palette: Palette): string {
  const rows = report.steps.map((step, index) => [
    { text: String(index + 1), paint: palette.muted },
    { text: step.direction },
    { text: printable(step.revision), paint: palette.revision },
    {
      text: step.down_revision.length === 0 ? '<base>' : printable(step.down_revision.join(', ')),
      paint: palette.muted,
    },
    { text: printable(step.message) },
  ]);
  const summary = runText(direction, report, palette);
  if (rows.length === 0) return summary;
  return [
    ...drawTable(['step', 'direction', 'revision', 'down_revision', 'message'], rows, palette.strong),
    '',
    summary,
  ].join('\n');
}

/** "Stamped: a -> b". */
export function stampText(report: StampReport, palette: Palette): string {
  const same = report.heads_before.join() === report.heads_after.join();
  if (same) return `Nothing to do: already at ${rowsText(report.heads_after, palette)}`;
  return `Stamped: ${fromTo(report, palette)}`;
}

function fromTo(report: StampReport, palette: Palette): string {
  return `${rowsText(report.heads_before, palette)} -> ${rowsText(report.heads_after, palette)}`;
}
