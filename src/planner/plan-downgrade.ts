import { ancestors, descendants, positionsIn } from '../graph/ancestry.ts';
import { type Branch, resolveBranch, resolveOne } from '../graph/resolve-target.ts';
import type { RevisionGraph } from '../graph/revision-graph.ts';
import { idsAt, isBase, positionsWhere, revisionAt } from '../graph/shape.ts';
import { parseTarget } from '../graph/target.ts';
import { walkDown, walkUp } from '../graph/walk.ts';
import { AludelError } from '../support/aludel-error.ts';
import { assertNever } from '../support/assert-never.ts';
import { listedBriefly } from '../support/text.ts';
import { type ArgumentsOf, withAdvice } from './advise.ts';
import { currentTips } from './current-revisions.ts';
import type { MigrationPlan } from './migration-plan.ts';
import { ambiguousCurrent } from './plan-upgrade.ts';
import { planSteps, readVersionRows, type VersionRows } from './version-rows.ts';

/**
 * The plan that makes the target the top of its line: its applied children go, with everything applied that descends
 * from or depends on them, dependents first. What else they needed stays. With a branch only the children towards that
 * branch go. O(V + E).
 *
 * Throws database.unknown-revision, usage.syntax, every target.* code; target.not-related when the target is not
 * applied.
 */
export function planDowngrade(
  graph: RevisionGraph,
  rows: readonly string[],
  target: string,
  argumentsOf: ArgumentsOf = (way) => way,
): MigrationPlan {
  const read = readVersionRows(graph, rows);
  return withAdvice(target, {
    command: 'downgrade',
    plan: (text) => planDowngradeFrom(graph, read, text),
    // Beside other branches only the one on which the counting began is to be taken down, as counting would have.
    targetTo: (end, from) =>
      rows.length > 1 && from !== null && isApplied(graph, read, from) ? `${from}@${end}` : end,
    argumentsOf,
  });
}

function planDowngradeFrom(graph: RevisionGraph, read: VersionRows, target: string): MigrationPlan {
  const end = resolveDowngradeTarget(graph, read, target);
  const above = descendants(graph, rootsAbove(graph, read, target, end), 'needs');
  const order = positionsIn(above).filter((position) => read.applied[position] === 1);
  if (order.length === 0 && !isAtTop(graph, read, end)) throw nothingToDowngrade(graph, read, target, end.target ?? 0);
  return planSteps(graph, read, 'downgrade', order.toReversed());
}

/** The plan of a downgrade script, from the rows at its start. A script that would do nothing is refused, unless it ends where it starts. */
export function planScriptedDowngrade(
  graph: RevisionGraph,
  startRows: readonly string[],
  target: string,
  argumentsOf: ArgumentsOf,
): MigrationPlan {
  const plan = planDowngrade(graph, startRows, target, argumentsOf);
  if (plan.steps.length > 0) return plan;
  const rows = readVersionRows(graph, startRows);
  const end = resolveDowngradeTarget(graph, rows, target).target;
  if (end === null || rows.positions.includes(end)) return plan;
  throw nothingToDowngrade(graph, rows, target, end);
}

interface DowngradeTarget {
  /** The revision that stays as the top; null is base. */
  readonly target: number | null;
  /** The revision whose branch is taken down; null takes every branch above the target. */
  readonly towards: number | null;
  /** True when the target was reached by counting. */
  readonly isCounted: boolean;
}

function resolveDowngradeTarget(graph: RevisionGraph, rows: VersionRows, text: string): DowngradeTarget {
  const parsed = parseTarget(graph, text);
  const branch = resolveBranch(graph, parsed.branch);
  const towards = branch?.position ?? null;
  const goDown = (start: number | null, steps: number): number | null => walkDown(graph, text, start, steps);
  switch (parsed.kind) {
    case 'absolute':
      return { target: resolveOne(graph, parsed, branch), towards, isCounted: false };
    case 'relative-to-name': {
      const start = resolveOne(graph, parsed, branch);
      const { steps } = parsed;
      const target = steps < 0 ? goDown(start, -steps) : walkUp(graph, text, start, steps, branch);
      return { target, towards, isCounted: true };
    }
    case 'relative-to-current': {
      if (parsed.steps > 0) {
        throw new AludelError('target.out-of-range', `"${text}" counts up, and a downgrade goes down.`, {
          where: text,
          hint: 'Revisions are applied by aludel upgrade.',
          facts: { target: text },
        });
      }
      const start = startOfWalk(graph, rows, text, branch);
      // Without a branch the walk stays on the line of the row it started from.
      return { target: goDown(start, -parsed.steps), towards: towards ?? start, isCounted: true };
    }
    default:
      return assertNever(parsed);
  }
}

/** target.out-of-range: what `-N` would count down from is not applied. */
function nothingThere(text: string): AludelError {
  return new AludelError('target.out-of-range', `"${text}" counts down, and there is nothing applied to count from.`, {
    where: text,
    hint: 'There is nothing to take down.',
    facts: { target: text, taken: 0, at: null },
  });
}

function isApplied(graph: RevisionGraph, rows: VersionRows, id: string): boolean {
  return rows.applied[graph.positionOf.get(id) ?? -1] === 1;
}

/**
 * Where `-N` starts: the only row; with a branch the only row on its line, else the only tip of what is applied on its
 * line. Throws target.ambiguous-current when there are several, target.out-of-range when there is none.
 */
function startOfWalk(graph: RevisionGraph, rows: VersionRows, text: string, branch: Branch | null): number {
  const isOnLine = (position: number): boolean => branch === null || branch.line[position] === 1;
  const onLine = rows.positions.filter(isOnLine);
  const starts = onLine.length > 0 ? onLine : currentTips(graph, rows).filter(isOnLine);
  if (starts.length > 1) throw ambiguousCurrent(graph, text, starts);
  const [start] = starts;
  if (start === undefined) throw nothingThere(text);
  return start;
}

/** The children of the target that are to go; with a branch, those at or below the revision that names it. */
function rootsAbove(graph: RevisionGraph, rows: VersionRows, text: string, end: DowngradeTarget): readonly number[] {
  const { target, towards } = end;
  const roots = target === null ? positionsWhere(graph, isBase) : (graph.children[target] ?? []);
  if (towards === null || roots.length === 0) return roots;
  const below = ancestors(graph, [towards], 'line');
  const chosen = roots.filter((root) => below[root] === 1);
  if (chosen.length > 0) return chosen;
  // The branch is named by a revision at or below the target, so all that is above the target is on it. Where the
  // target was counted, nobody wrote down that it is such a fork: taking every branch down could be a surprise.
  if (!end.isCounted || roots.length === 1 || !roots.some((root) => rows.applied[root] === 1)) return roots;
  const ids = idsAt(graph, roots);
  throw new AludelError(
    'target.not-related',
    `"${text}" ends below ${listedBriefly(ids)}, and the branch does not say which of them to take down.`,
    {
      where: text,
      hint: `Name the branch by one of them, as in ${ids[0] ?? 'branch'}@…`,
      facts: { target: text, candidates: ids },
    },
  );
}

/**
 * True when there is rightly nothing to take down: the target is base or a row, or it was named and is applied with
 * nothing applied above it on its line (another revision needs it, so it is no row).
 */
function isAtTop(graph: RevisionGraph, rows: VersionRows, end: DowngradeTarget): boolean {
  const { target } = end;
  if (target === null || rows.positions.includes(target)) return true;
  if (end.isCounted || rows.applied[target] !== 1) return false;
  return !(graph.children[target] ?? []).some((child) => rows.applied[child] === 1);
}

/** target.not-related for a target with nothing above it to take down, saying what keeps it or that it is not applied. */
function nothingToDowngrade(graph: RevisionGraph, rows: VersionRows, text: string, target: number): AludelError {
  const { id } = revisionAt(graph, target);
  const current = rows.positions.length === 0 ? 'base' : listedBriefly(idsAt(graph, rows.positions));
  const neededBy = idsAt(
    graph,
    (graph.dependents[target] ?? []).filter((position) => rows.applied[position] === 1),
  );
  const message =
    rows.applied[target] === 1
      ? `There is nothing to take down above revision ${id} there; it stays because ${listedBriefly(neededBy)} needs it.`
      : `Revision ${id} is not applied, so it cannot be downgraded to.`;
  return new AludelError('target.not-related', message, {
    where: text,
    hint: `The database is at ${current}.`,
    facts: { target: text, revision: id, current: rows.ids, needed_by: neededBy },
  });
}
