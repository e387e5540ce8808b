import type { TestedRevision } from '../../commands/results.ts';
import type { Palette } from './palette.ts';

/** How each outcome of a tested revision is coloured. */
export function outcomePaint(palette: Palette): Readonly<Record<TestedRevision['outcome'], (text: string) => string>> {
  return { ok: palette.good, failed: palette.bad, irreversible: palette.warning, 'not-reached': palette.pending };
}
