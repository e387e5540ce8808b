import type { CreatedRevision } from '../../commands/results.ts';
import type { Palette } from './palette.ts';
import { printable } from './printable.ts';
import { rowsText } from './text.ts';

/** "Created versions/ae10_add_phone.ts", and below it where the revision stands: "base -> ae10, add phone". */
export function createdText(created: CreatedRevision, palette: Palette): string {
  const labels = created.branch_labels.map((label) => palette.label(printable(label))).join(', ');
  const needs = created.depends_on.length === 0 ? '' : ` (${rowsText(created.depends_on, palette)})`;
  const parents = created.down_revision.length === 0 ? '<base>' : rowsText(created.down_revision, palette);
  return [
    `Created ${palette.strong(printable(created.path))}`,
    [
      `${parents}${needs} -> ${palette.revision(printable(created.revision))}${labels === '' ? '' : ` (${labels})`}`,
      ...(created.message === '' ? [] : [printable(created.message)]),
    ].join(', '),
  ].join('\n');
}
