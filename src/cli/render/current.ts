import type { CurrentReport } from '../../commands/results.ts';
import type { Palette } from './palette.ts';
import { printable } from './printable.ts';
import { lineOf, shortLine, verboseBlock } from './text.ts';

/** One line or block for each current revision; rows of the database that no file has come last and say so. */
export function currentText(report: CurrentReport, verbose: boolean, palette: Palette): string {
  const unknown = report.unknown.map(
    (id) => `${palette.revision(printable(id))} ${palette.bad('(missing: no file has it)')}`,
  );
  if (!verbose) {
    return [...report.revisions.map((revision) => shortLine(revision, lineOf.current, palette)), ...unknown].join('\n');
  }
  return [
    `Current revision(s) for ${printable(report.database)}:`,
    // No mark: every block here is current.
    ...report.revisions.flatMap((revision) => verboseBlock({ ...revision, is_current: null }, palette)),
    ...unknown.map((line) => `Rev: ${line}`),
  ].join('\n');
}
