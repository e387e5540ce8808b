import { ancestors, maximalOf, positionsIn } from '../graph/ancestry.ts';
import { type Branch, resolveAbsolute, resolveBranch, resolveOne } from '../graph/resolve-target.ts';
import type { RevisionGraph } from '../graph/revision-graph.ts';
import { idsAt, revisionAt } from '../graph/shape.ts';
import { parseTarget, type Target } from '../graph/target.ts';
import { type EndOfWalk, walkDown, walkUp } from '../graph/walk.ts';
import { AludelError } from '../support/aludel-error.ts';
import { listedBriefly } from '../support/text.ts';
import { type ArgumentsOf, withAdvice } from './advise.ts';
import type { MigrationPlan } from './migration-plan.ts';
import { planSteps, readVersionRows, type VersionRows } from './version-rows.ts';

/**
 * The plan that applies everything the targets need and the rows do not imply yet, parents first; ties as the graph
 * orders its positions. What is applied already, or base, is no work and no error. O(V + E).
 *
 * Throws database.unknown-revision, usage.syntax, every target.* code, and target.overlapping when one of several
 * targets is below another.
 */
export function planUpgrade(
  graph: RevisionGraph,
  rows: readonly string[],
  targets: readonly string[],
  argumentsOf: ArgumentsOf = (target) => target,
): MigrationPlan {
  const read = readVersionRows(graph, rows);
  const [only, ...others] = targets;
  if (only === undefined || others.length > 0) return planUpgradeFrom(graph, read, targets);
  return withAdvice(only, {
    command: 'upgrade',
    plan: (text) => planUpgradeFrom(graph, read, [text]),
    targetTo: (end) => end,
    argumentsOf,
  });
}

function planUpgradeFrom(graph: RevisionGraph, rows: VersionRows, targets: readonly string[]): MigrationPlan {
  const wanted = resolveUpgradeTargets(graph, rows, targets);
  const needed = ancestors(graph, wanted, 'needs');
  const order = positionsIn(needed).filter((position) => rows.applied[position] !== 1);
  return planSteps(graph, rows, 'upgrade', order);
}

/** The revisions the targets of an upgrade stand for, ascending. Throws as {@link planUpgrade}. */
export function resolveUpgradeTargets(
  graph: RevisionGraph,
  rows: VersionRows,
  targets: readonly string[],
): readonly number[] {
  const groups = targets.map((text) => ({
    text,
    positions: resolveUpgradeTarget(graph, rows, parseTarget(graph, text)),
  }));
  if (groups.length > 1) refuseOverlap(graph, groups);
  return maximalOf(
    graph,
    groups.flatMap((group) => group.positions),
  );
}

/**
 * The revisions one parsed target stands for, ascending; relative targets count from the rows. With a clipped end a
 * target that leads too far is the last revision on its way.
 */
export function resolveUpgradeTarget(
  graph: RevisionGraph,
  rows: VersionRows,
  target: Target,
  end: EndOfWalk = 'strict',
): readonly number[] {
  const branch = resolveBranch(graph, target.branch);
  if (target.kind === 'absolute') return resolveAbsolute(graph, target, branch);
  const { text, steps } = target;
  if (target.kind === 'relative-to-current') {
    if (steps < 0) {
      throw new AludelError('target.out-of-range', `"${text}" counts down, and an upgrade goes up.`, {
        where: text,
        hint: 'Revisions are taken back by aludel downgrade.',
        facts: { target: text },
      });
    }
    return present(walkUp(graph, text, startOfWalk(graph, rows, text, branch), steps, branch, end));
  }
  const start = resolveOne(graph, target, branch);
  if (steps >= 0) return present(walkUp(graph, text, start, steps, branch, end));
  const lower = walkDown(graph, text, start, -steps, end);
  if (lower === null && end === 'strict') throw belowBase(text);
  return present(lower);
}

/**
 * Where `+N` starts: the only row; with a branch the only row on its line, else the tip of what is applied on its line.
 * Null is base. Throws target.ambiguous-current when there are several.
 */
function startOfWalk(graph: RevisionGraph, rows: VersionRows, text: string, branch: Branch | null): number | null {
  const starts = startsOfWalk(graph, rows, branch);
  if (starts.length > 1) throw ambiguousCurrent(graph, text, starts);
  return starts[0] ?? null;
}

function startsOfWalk(graph: RevisionGraph, rows: VersionRows, branch: Branch | null): readonly number[] {
  if (branch === null) return rows.positions;
  const onLine = rows.positions.filter((position) => branch.line[position] === 1);
  if (onLine.length > 0) return onLine;
  const applied = positionsIn(rows.applied).filter((position) => branch.line[position] === 1);
  return maximalOf(graph, applied);
}

/** target.ambiguous-current: `text` counts from the database, which is at all of these. */
export function ambiguousCurrent(graph: RevisionGraph, text: string, positions: readonly number[]): AludelError {
  const ids = idsAt(graph, positions);
  const steps = text.slice(text.indexOf('@') + 1);
  return new AludelError(
    'target.ambiguous-current',
    `"${text}" counts from the current revision, and the database is at ${ids.length}: ${listedBriefly(ids)}.`,
    {
      where: text,
      hint: 'Name the revision to go to.',
      facts: { target: text, current: ids, ways: ids.map((id) => `${id}@${steps}`) },
    },
  );
}

function belowBase(text: string): AludelError {
  return new AludelError('target.out-of-range', `"${text}" leads down to base, and an upgrade goes up.`, {
    where: text,
    hint: 'Count fewer steps; revisions are taken back by aludel downgrade.',
    facts: { target: text },
  });
}

function refuseOverlap(
  graph: RevisionGraph,
  groups: readonly { readonly text: string; readonly positions: readonly number[] }[],
): void {
  const all = groups.flatMap((group) => group.positions);
  const maximal = new Set(maximalOf(graph, all));
  for (const { text, positions } of groups) {
    const lower = positions.find((position) => !maximal.has(position));
    if (lower === undefined) continue;
    // Several heads of one target may imply each other through depends_on; that is one wish, not two.
    const others = groups.filter((group) => group.text !== text).flatMap((group) => group.positions);
    const upper = others.find((position) => position !== lower && ancestors(graph, [position], 'needs')[lower] === 1);
    if (upper === undefined) continue;
    const ids = { lower: revisionAt(graph, lower).id, upper: revisionAt(graph, upper).id };
    throw new AludelError(
      'target.overlapping',
      `Revision ${ids.lower} is below ${ids.upper}, and both were asked for.`,
      {
        where: text,
        hint: `Leave out ${text}: ${ids.upper} needs it.`,
        facts: { targets: groups.map((group) => group.text), ...ids },
      },
    );
  }
}

function present(position: number | null): readonly number[] {
  return position === null ? [] : [position];
}
