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
  const textOf = (revision: RevisionDetail): string[] =>
    style.verbose
      ? verboseBlock(revision, palette)
      : [shortLine(revision, { ...lineOf.history, parents: !style.graph }, palette)];
  if (!style.graph) return revisions.flatMap(textOf).join('\n');
  const drawn = drawLanes(revisions, { id: ({ revision }) => revision, parents: ({ down_revision }) => down_revision });
  return withText(drawn, textOf, palette.muted).join('\n');
}
