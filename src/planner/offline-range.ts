import { ancestors, maximalOf } from '../graph/ancestry.ts';
import { multipleHeads, resolveAbsolute, resolveBranch } from '../graph/resolve-target.ts';
import type { RevisionGraph } from '../graph/revision-graph.ts';
import { effectiveHeads, idsAt, revisionAt } from '../graph/shape.ts';
import { isExactName, parseAbsoluteTarget } from '../graph/target.ts';
import { AludelError, isAludelError } from '../support/aludel-error.ts';
import { listedBriefly } from '../support/text.ts';
import { type ArgumentsOf, planned } from './advise.ts';
import type { MigrationPlan, StampPlan } from './migration-plan.ts';
import { planScriptedDowngrade } from './plan-downgrade.ts';
import { planScriptedStamp } from './plan-stamp.ts';
import { planUpgrade, resolveUpgradeTargets } from './plan-upgrade.ts';
import { readVersionRows } from './version-rows.ts';

/** A `--sql` range taken apart: the rows a script starts from, and the target it goes to. */
export interface OfflineRange {
  /** Rows the script expects, in code point order; none is an empty table. */
  readonly startRows: readonly string[];
  /** The target as written; relative targets count from the start. */
  readonly end: string;
}

/**
 * Parses `start:end`, or `end` alone, which starts from base. A start with several rows is written `a,b:end`.
 *
 * Throws usage.syntax for anything else, target.* for a start that cannot be resolved to one revision per part (it is
 * never relative: there is no database to count from), and target.overlapping when one start is below another.
 */
export function parseOfflineRange(graph: RevisionGraph, text: string): OfflineRange {
  const parts = text.split(':');
  const [first, second] = parts;
  if (parts.length > 2 || first === undefined) throw badRange(text, `The range "${text}" has more than one colon.`);
  if (second === undefined) return { startRows: [], end: text };
  if (first === '') throw badRange(text, `The range "${text}" has no start.`);
  if (second === '') throw badRange(text, `The range "${text}" has no end.`);
  return { startRows: idsAt(graph, startOf(graph, first)), end: second };
}

/**
 * The plan of `upgrade --sql`. An end below the start is no work, as it is for a database that is ahead; see
 * {@link refuseBackwards}. Throws as {@link parseOfflineRange} and planUpgrade.
 */
export function planOfflineUpgrade(graph: RevisionGraph, text: string): MigrationPlan {
  const { startRows, end } = parseOfflineRange(graph, text);
  return planUpgrade(graph, startRows, [end], inScript(startRows));
}

/** Throws usage.syntax for the range of an upgrade that ends below its start: its script would do nothing. */
export function refuseBackwards(graph: RevisionGraph, text: string, { steps }: MigrationPlan): void {
  const { startRows, end } = parseOfflineRange(graph, text);
  if (steps.length > 0 || startRows.length === 0) return;
  const rows = readVersionRows(graph, startRows);
  const ends = resolveUpgradeTargets(graph, rows, [end]);
  if (ends.length > 0 && ends.every((position) => rows.positions.includes(position))) return;
  const message = `The range "${text}" runs backwards: an upgrade from ${listedBriefly(startRows)} to ${end} does nothing.`;
  throw badRange(text, message, takesDown(graph, text) ? `Take it down: aludel downgrade ${text} --sql` : undefined);
}

/** The plan of `downgrade --sql`, for which a range is required. Throws as {@link parseOfflineRange} and planDowngrade. */
export function planOfflineDowngrade(graph: RevisionGraph, text: string): MigrationPlan {
  if (!text.includes(':')) {
    const rows = idsAt(graph, effectiveHeads(graph));
    const range = ['head', rows.join(','), ...rows]
      .map((start) => `${start}:${text}`)
      .find((candidate) => takesDown(graph, candidate));
    throw badRange(
      text,
      `A downgrade script needs a start, and "${text}" has none.`,
      range === undefined ? undefined : `Write where the database is, as in aludel downgrade ${range} --sql`,
    );
  }
  const { startRows, end } = parseOfflineRange(graph, text);
  return planScriptedDowngrade(graph, startRows, end, inScript(startRows));
}

/**
 * The plan of `stamp --sql`. Every target may be a range; all must have the same start.
 *
 * Throws usage.syntax when the starts differ or `purge` is asked for (a script cannot know what it would forget), and as
 * {@link parseOfflineRange} and planStamp.
 */
export function planOfflineStamp(
  graph: RevisionGraph,
  targets: readonly string[],
  options: { readonly purge?: boolean } = {},
): StampPlan {
  if (options.purge === true) {
    throw new AludelError('usage.syntax', 'A stamp script cannot purge: it does not know the rows.', {
      hint: 'Leave out --purge, and write the start as start:end.',
      facts: { targets },
    });
  }
  const ranges = targets.map((text) => parseOfflineRange(graph, text));
  const [first] = ranges;
  const startRows = first?.startRows ?? [];
  const other = ranges.findIndex((range) => range.startRows.join('\0') !== startRows.join('\0'));
  if (other > 0) {
    throw badRange(
      targets[other] ?? '',
      `The ranges "${targets[0] ?? ''}" and "${targets[other] ?? ''}" start differently.`,
    );
  }
  return planScriptedStamp(
    graph,
    startRows,
    ranges.map((range) => range.end),
  );
}

function startOf(graph: RevisionGraph, text: string): readonly number[] {
  // An id may hold a comma; as an exact name it is one start.
  const names = isExactName(graph, text) ? [text] : text.split(',');
  const starts = names.flatMap((name) => oneStart(graph, name.trim()));
  const maximal = maximalOf(graph, starts);
  const lower = starts.find((position) => !maximal.includes(position));
  if (lower === undefined) return maximal;
  const upper = maximal.find((position) => ancestors(graph, [position], 'needs')[lower] === 1) ?? lower;
  const ids = { lower: revisionAt(graph, lower).id, upper: revisionAt(graph, upper).id };
  throw new AludelError('target.overlapping', `The start "${text}" names ${ids.lower}, which ${ids.upper} implies.`, {
    where: text,
    hint: `Start from ${ids.upper} alone: no database holds both as rows.`,
    facts: { start: text, ...ids },
  });
}

/** The rows a script starts from are written out: it must mean the same when there is another head. */
function oneStart(graph: RevisionGraph, name: string): readonly number[] {
  const target = parseAbsoluteTarget(graph, name);
  try {
    const found = resolveAbsolute(graph, target, resolveBranch(graph, target.branch));
    if (found.length > 1) throw multipleHeads(graph, name, found);
    return found;
  } catch (error) {
    if (!isAludelError(error) || error.code !== 'target.multiple-heads') throw error;
    const { code, message, where, facts } = error;
    const hint = `A script starts from known rows: write them, as in ${String(facts['heads'])}:…`;
    throw new AludelError(code, message, { where, hint, facts });
  }
}

/** The commands that an error names write scripts too: without a start they would change a database. */
function inScript(startRows: readonly string[]): ArgumentsOf {
  const start = startRows.length === 0 ? 'base' : startRows.join(',');
  return (end) => `${start}:${end} --sql`;
}

function takesDown(graph: RevisionGraph, range: string): boolean {
  return (planned(() => planOfflineDowngrade(graph, range))?.steps.length ?? 0) > 0;
}

const usualHint = 'Write start:end with one colon; the start is where the database is, or base.';

function badRange(text: string, message: string, hint = usualHint): AludelError {
  return new AludelError('usage.syntax', message, { where: text, hint, facts: { range: text } });
}
