import { ancestors, descendants } from '../graph/ancestry.ts';
import { type Branch, headsOn, resolveAbsolute, resolveBranch } from '../graph/resolve-target.ts';
import type { Revision } from '../graph/revision.ts';
import type { RevisionGraph } from '../graph/revision-graph.ts';
import { effectiveHeads, idsAt, revisionAt } from '../graph/shape.ts';
import { parseAbsoluteTarget, parseTarget } from '../graph/target.ts';
import { walkDown } from '../graph/walk.ts';
import { AludelError } from '../support/aludel-error.ts';
import { listedBriefly } from '../support/text.ts';
import { resolveUpgradeTarget } from './plan-upgrade.ts';
import { stepsBelowHeads } from './show-revisions.ts';
import { readVersionRows } from './version-rows.ts';

/**
 * The revisions of a range `low:high`, newest first, both ends included; null is everything.
 *
 * What high needs, without what low needs; above a given low only what descends from it by down_revision. An empty low
 * is base, an empty high all heads; `branch@base:` keeps to the branch and what it depends on; `current` is the rows
 * of the database; `-N` as low counts down from high, and ends at the base; `+N` as high counts up from low.
 *
 * Throws usage.syntax, target.* (target.not-related when low is not below high) and, when `current` is asked for,
 * database.unknown-revision.
 */
export function historyRange(graph: RevisionGraph, rows: readonly string[], range: string | null): readonly Revision[] {
  const text = range ?? ':';
  const [low, high] = splitRange(text);
  const { highs, lows } = resolveEnds(graph, rows, text, low, high);
  const needed = ancestors(graph, highs, 'needs');
  if (lows.length === 0) return newestFirst(graph, (position) => needed[position] === 1);

  const below = ancestors(graph, lows, 'needs');
  const above = descendants(graph, lows, 'line');
  const onLine = ancestors(graph, highs, 'line');
  if (lows.some((position) => onLine[position] !== 1)) throw notBelow(graph, text, lows, highs);
  const isLow = new Set(lows);
  return newestFirst(
    graph,
    (position) => above[position] === 1 && needed[position] === 1 && (below[position] !== 1 || isLow.has(position)),
  );
}

/** A low end: the revisions that are named, or how far below the high end it is. */
type LowEnd =
  | { readonly kind: 'named'; readonly branch: Branch | null; readonly positions: readonly number[] }
  | { readonly kind: 'below-high'; readonly branch: Branch | null; readonly steps: number };

function splitRange(range: string): readonly [low: string, high: string] {
  const parts = range.split(':');
  const [low, high] = parts;
  if (low !== undefined && high !== undefined && parts.length === 2) return [low, high];
  throw new AludelError('usage.syntax', `The range "${range}" needs exactly one colon.`, {
    where: range,
    hint: 'Write low:high, low: or :high.',
    facts: { range },
  });
}

function resolveEnds(
  graph: RevisionGraph,
  rows: readonly string[],
  range: string,
  low: string,
  high: string,
): { readonly highs: readonly number[]; readonly lows: readonly number[] } {
  const target = isSpecialHigh(high) ? null : parseTarget(graph, high);
  if (target !== null && target.kind !== 'relative-to-current') {
    // A wrong high end is reported first: it can be judged alone.
    const highs = resolveUpgradeTarget(graph, readVersionRows(graph, []), target, 'clipped');
    const lowEnd = resolveLow(graph, rows, low);
    return bothEnds(graph, range, low, lowEnd, onBranch(lowEnd.branch, highs));
  }
  const lowEnd = resolveLow(graph, rows, low);
  if (target === null) return bothEnds(graph, range, low, lowEnd, specialHigh(graph, rows, high, lowEnd.branch));
  // +N counts up from the low end, as if the database were there.
  const start = readVersionRows(graph, lowEnd.kind === 'named' ? idsAt(graph, lowEnd.positions) : []);
  const highs = resolveUpgradeTarget(graph, start, target, 'clipped');
  return bothEnds(graph, range, low, lowEnd, onBranch(lowEnd.branch, highs));
}

function isSpecialHigh(text: string): boolean {
  return text === '' || text === 'current';
}

function specialHigh(
  graph: RevisionGraph,
  rows: readonly string[],
  text: string,
  branch: Branch | null,
): readonly number[] {
  if (text === 'current') return onBranch(branch, readVersionRows(graph, rows).positions);
  // An open range on a branch ends at the ends of that branch, also where other branches depend on them.
  return branch === null ? effectiveHeads(graph) : headsOn(graph, branch);
}

function onBranch(branch: Branch | null, positions: readonly number[]): readonly number[] {
  return branch === null ? positions : positions.filter((position) => branch.line[position] === 1);
}

function resolveLow(graph: RevisionGraph, rows: readonly string[], text: string): LowEnd {
  if (text === '') return { kind: 'named', branch: null, positions: [] };
  if (text === 'current') return { kind: 'named', branch: null, positions: readVersionRows(graph, rows).positions };
  const below = stepsBelowHeads(text);
  if (below !== null) return { kind: 'below-high', branch: resolveBranch(graph, below.label), steps: below.steps };
  const target = parseAbsoluteTarget(graph, text);
  const branch = resolveBranch(graph, target.branch);
  return { kind: 'named', branch, positions: resolveAbsolute(graph, target, branch) };
}

function bothEnds(
  graph: RevisionGraph,
  range: string,
  low: string,
  lowEnd: LowEnd,
  highs: readonly number[],
): { readonly highs: readonly number[]; readonly lows: readonly number[] } {
  if (lowEnd.kind === 'named') return { highs, lows: lowEnd.positions };
  const lows = highs.map((high) => walkDown(graph, low, high, lowEnd.steps, 'clipped'));
  const reached = [...new Set(lows)].filter((position) => position !== null);
  // One line that is shorter than N is shown whole. Of several lines the others would hide it, so that is refused.
  if (highs.length > 1 && lows.includes(null)) throw notBelow(graph, range, reached, highs);
  return { highs, lows: reached };
}

function newestFirst(graph: RevisionGraph, isShown: (position: number) => boolean): readonly Revision[] {
  const revisions: Revision[] = [];
  for (let position = graph.revisions.length - 1; position >= 0; position--) {
    if (isShown(position)) revisions.push(revisionAt(graph, position));
  }
  return revisions;
}

function notBelow(graph: RevisionGraph, range: string, lows: readonly number[], highs: readonly number[]): AludelError {
  const facts = { range, low: idsAt(graph, lows), high: idsAt(graph, highs) };
  const high = facts.high.length === 0 ? 'base' : listedBriefly(facts.high);
  return new AludelError(
    'target.not-related',
    `In the range "${range}" ${listedBriefly(facts.low)} is not below ${high}.`,
    {
      where: range,
      hint: 'Write the older end first, and both ends of one line.',
      facts,
    },
  );
}
