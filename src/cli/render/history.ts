import type { RevisionDetail } from '../../commands/results.ts';
import type { Palette } from './palette.ts';
import { drawLanes, withText } from './graph.ts';
import { lineOf, shortLine, verboseBlock } from './text.ts';

export interface HistoryStyle {
  readonly verbose: boolean;
  readonly graph: boolean;
}

/** A history, newest first, as lines, blocks, or either beside the drawn graph. */
export function historyText(revisions: readonly RevisionDetail[], style: HistoryStyle, palette: Palette): string {
  const parts = { ...lineOf.history, parents: !style.graph };
  const textOf = (revision: RevisionDetail): string =>
    style.verbose ? verboseBlock(revision, palette).join('\n') : shortLine(revision, parts, palette);
  if (!style.graph) return revisions.map(textOf).join('\n');
  const drawn = drawLanes(revisions, { id: ({ revision }) => revision, parents: ({ down_revision }) => down_revision });
  return withText(drawn, (revision) => textOf(revision).split('\n'), palette.muted).join('\n');
}
