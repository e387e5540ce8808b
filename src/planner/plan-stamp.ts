import { ancestors, descendants, maximalOf } from '../graph/ancestry.ts';
import { resolveAbsolute, resolveBranch } from '../graph/resolve-target.ts';
import type { RevisionGraph } from '../graph/revision-graph.ts';
import { idsAt } from '../graph/shape.ts';
import { parseAbsoluteTarget } from '../graph/target.ts';
import { byCodePoint } from '../support/text.ts';
import type { StampPlan } from './migration-plan.ts';
import { differenceOf, readVersionRows, type VersionRows } from './version-rows.ts';

export interface StampOptions {
  /** Forget all rows first, those that no file has included. */
  readonly purge?: boolean;
}

/**
 * The plan that declares the targets applied without running anything; no targets at all means base.
 *
 * Rows related to a target (below it, above it, through depends_on too) give way to it; other rows stay; `branch@base`
 * removes the rows related to the branch. Afterwards every target is implied and the rows are maximal. Everything is
 * resolved before anything is planned, so a bad target changes nothing even with `purge`.
 *
 * Throws usage.syntax, target.* and, unless purging, database.unknown-revision.
 */
export function planStamp(
  graph: RevisionGraph,
  rows: readonly string[],
  targets: readonly string[],
  options: StampOptions = {},
): StampPlan {
  const purge = options.purge === true;
  const { stamped, kept } = resolveStamp(graph, readVersionRows(graph, purge ? [] : rows), targets, purge);
  return stampPlan(rows, idsAt(graph, maximalOf(graph, [...stamped, ...kept])));
}

/**
 * The plan of a stamp script, from the rows at its start.
 *
 * From nothing it stores every target it was given, also one that another implies: conformance counts the reference's
 * answer there. The next run on that database says so and removes what is redundant.
 */
export function planScriptedStamp(
  graph: RevisionGraph,
  startRows: readonly string[],
  targets: readonly string[],
): StampPlan {
  if (startRows.length > 0) return planStamp(graph, startRows, targets);
  const { stamped } = resolveStamp(graph, readVersionRows(graph, []), targets, false);
  return stampPlan([], idsAt(graph, new Set(stamped)));
}

function resolveStamp(
  graph: RevisionGraph,
  rows: VersionRows,
  targets: readonly string[],
  purge: boolean,
): { readonly stamped: readonly number[]; readonly kept: readonly number[] } {
  const stamped: number[] = [];
  /** Revisions named as branch@base: what is related to them leaves the table. */
  const emptied: number[] = [];
  let base = targets.length === 0;
  for (const text of targets) {
    const target = parseAbsoluteTarget(graph, text);
    if (target.name === 'base' && (target.branch === null || purge)) {
      // After a purge nothing is left that could be on the branch, so branch@base is base, whatever the branch.
      base = true;
      continue;
    }
    const branch = resolveBranch(graph, target.branch);
    stamped.push(...resolveAbsolute(graph, target, branch));
    if (target.name === 'base' && branch !== null) emptied.push(branch.position);
  }
  const present = [...rows.positions, ...rows.redundant];
  const touched = [...stamped, ...emptied];
  const below = ancestors(graph, touched, 'needs');
  const above = descendants(graph, touched, 'needs');
  const unrelated = present.filter((position) => below[position] !== 1 && above[position] !== 1);
  // base beside other targets clears the table for a target that takes the place of a row; where none does, it asks
  // for what is there already.
  const isReplacing = present.length > unrelated.length && stamped.some((position) => !present.includes(position));
  return { stamped, kept: base && (stamped.length === 0 || isReplacing) ? [] : unrelated };
}

function stampPlan(rows: readonly string[], headsAfter: readonly string[]): StampPlan {
  const headsBefore = [...new Set(rows)].toSorted(byCodePoint);
  return { headsBefore, headsAfter, versionChange: differenceOf(headsBefore, headsAfter) };
}
