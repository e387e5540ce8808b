import type { HalfDoneReport, RepairReport } from '../../commands/results.ts';
import { assertNever } from '../../support/assert-never.ts';
import type { Palette } from './palette.ts';
import { printable } from './printable.ts';
import { drawTable } from './table.ts';
import { rowsText } from './text.ts';

/** What is half-done and what was done about it. */
export function repairText(report: RepairReport, palette: Palette): string {
  if (report.half_done === null) return `Nothing is half-done in ${printable(report.database)}.`;
  return [...halfDoneText(report.half_done, palette), '', outcome(report, report.half_done, palette)].join('\n');
}

function halfDoneText(halfDone: HalfDoneReport, palette: Palette): readonly string[] {
  const { revision, direction, started_at, actor, statements } = halfDone;
  const paint = {
    done: palette.good,
    'in-doubt': palette.bad,
    refused: palette.pending,
    'in-progress': palette.pending,
  };
  return [
    `The ${direction} of ${palette.revision(printable(revision))}, begun on ${printable(started_at)} by ${printable(actor)}, is half done:`,
    ...drawTable(
      ['statement', 'state', 'sql'],
      statements.map(({ number, state, sql }) => [
        { text: String(number) },
        { text: state, paint: paint[state] },
        { text: printable(sql.replaceAll(/\s+/g, ' ')) },
      ]),
      palette.strong,
    ),
  ];
}

function outcome({ action, heads_after, held_by }: RepairReport, halfDone: HalfDoneReport, palette: Palette): string {
  const at = `The database is at ${rowsText(heads_after, palette)}.`;
  switch (action) {
    case 'none':
      if (held_by !== null) {
        return `A run holds the migration lock and may be at work on it: ${printable(held_by)}. Wait for it to end before you do anything.`;
      }
      return halfDone.statements.some(({ state }) => state === 'in-doubt')
        ? 'Nothing was changed. If the statement in doubt took effect: aludel repair --assume-done; then aludel repair --resume.'
        : 'Nothing was changed. To finish it: aludel repair --resume.';
    case 'resumed':
      return `It was finished. ${at}`;
    case 'assumed-done':
      return 'The statement in doubt is recorded as done. To finish the revision: aludel repair --resume.';
    case 'marked-applied':
      return `It is recorded as applied. ${at}`;
    case 'marked-reverted':
      return `It is recorded as not applied. ${at}`;
    default:
      return assertNever(action);
  }
}
