import type { ChangeReport } from '../../commands/results.ts';
import type { Palette } from './palette.ts';
import { printable } from './printable.ts';

/** One line for each change: what happens to what, and what is lost. */
export function changesText(changes: readonly ChangeReport[], palette: Palette): string {
  const paint = { create: palette.good, drop: palette.bad, alter: palette.warning, rename: palette.warning };
  return changes
    .map(({ kind, object, loses }) => {
      const lost = loses.length === 0 ? '' : palette.bad(`  loses ${printable(loses.join(', '))}`);
      return `${paint[kind](kind.padEnd(6))}  ${printable(object)}${lost}`;
    })
    .join('\n');
}
