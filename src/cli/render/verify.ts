import type { VerifyReport } from '../../commands/results.ts';
import { counted } from '../../support/text.ts';
import type { Palette } from './palette.ts';
import { printable } from './printable.ts';
import { drawTable } from './table.ts';

/** The revisions that differ from what was applied, or that none does, and how many were never recorded. */
export function verifyText({ revisions, database }: VerifyReport, palette: Palette): string {
  if (revisions.length === 0) return `No revision is applied in ${printable(database)}.`;
  const recorded = revisions.filter(({ state }) => state !== 'unrecorded');
  const changed = recorded.filter(({ state }) => state !== 'unchanged');
  const count = counted(recorded.length, 'applied revision');
  const unrecorded = revisions.length - recorded.length;
  const unknownContent = 'cannot be compared: the journal does not say what was applied.';
  if (recorded.length === 0)
    return `${counted(unrecorded, 'applied revision')} in ${printable(database)} ${unknownContent}`;
  const rest = unrecorded === 0 ? [] : [`${counted(unrecorded, 'more revision')} ${unknownContent}`];
  if (changed.length === 0) return [`${count} in ${printable(database)}, each as its file is now.`, ...rest].join('\n');
  const paint = {
    reformatted: palette.pending,
    unrecorded: palette.pending,
    edited: palette.bad,
    missing: palette.bad,
    unknown: palette.bad,
    unchanged: palette.good,
  };
  const rows = changed.map(({ state, revision, path, applied_at, applied_by }) => [
    { text: state, paint: paint[state] },
    { text: printable(revision), paint: palette.revision },
    { text: printable(applied_at ?? '') },
    { text: printable(applied_by ?? '') },
    { text: printable(path ?? '') },
  ]);
  const table = drawTable(['state', 'revision', 'applied at', 'by', 'file'], rows, palette.strong);
  const reformatted = changed.filter(({ state }) => state === 'reformatted').length;
  const differ = changed.length - reformatted;
  const summary =
    differ === 0
      ? `${count} in ${printable(database)}, each means what its file means now; ${reformatted} reformatted.`
      : `${differ} of ${count} in ${printable(database)} differ.`;
  return [...table, '', summary, ...rest].join('\n');
}
