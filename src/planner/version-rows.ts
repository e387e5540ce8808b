import { ancestors, type Marks, marksOf, maximalOf, positionsIn } from '../graph/ancestry.ts';
import type { RevisionGraph } from '../graph/revision-graph.ts';
import { idsAt, revisionAt } from '../graph/shape.ts';
import { AludelError } from '../support/aludel-error.ts';
import { byCodePoint, counted, listed, listedBriefly, nearest } from '../support/text.ts';
import type { MigrationPlan, PlanStep, VersionChange } from './migration-plan.ts';

/**
 * What the version table says, understood through the graph.
 *
 * The law of the version table: with A the applied revisions, the rows are the maximal elements of A under
 * down_revision and depends_on. So A is the rows and everything they need.
 */
export interface VersionRows {
  /** The rows as they are, in code point order, without repeats. */
  readonly ids: readonly string[];
  /** The rows as they should be: maximal, ascending. */
  readonly positions: readonly number[];
  /** Rows that another row implies already, as positions, ascending. A sound table has none. */
  readonly redundant: readonly number[];
  readonly applied: Marks;
  readonly warnings: readonly string[];
}

/** Splits rows into those a file has and those none has. Rows are matched exactly, never by prefix. Both in code point order. */
export function knownRows(
  graph: RevisionGraph,
  rows: readonly string[],
): { readonly known: readonly string[]; readonly unknown: readonly string[] } {
  const ids = [...new Set(rows)].toSorted(byCodePoint);
  return {
    known: ids.filter((id) => graph.positionOf.has(id)),
    unknown: ids.filter((id) => !graph.positionOf.has(id)),
  };
}

/** Reads the rows of the version table. Throws database.unknown-revision, naming every row that no file has. */
export function readVersionRows(graph: RevisionGraph, rows: readonly string[]): VersionRows {
  const { known, unknown } = knownRows(graph, rows);
  if (unknown.length > 0) throw unknownRows(graph, unknown);
  const positions = known.flatMap((id) => graph.positionOf.get(id) ?? []);
  const maximal = maximalOf(graph, positions);
  const isMaximal = new Set(maximal);
  const redundant = positions.filter((position) => !isMaximal.has(position)).toSorted((a, b) => a - b);
  const warnings: string[] = [];
  if (redundant.length > 0) {
    const ids = idsAt(graph, redundant);
    warnings.push(
      `The version table holds ${listed(ids)}, which ${ids.length === 1 ? 'is' : 'are'} implied by another row. ` +
        'The next step that runs removes what is redundant.',
    );
  }
  if (known.length < rows.length) {
    const twice = known.filter((id) => rows.indexOf(id) !== rows.lastIndexOf(id));
    warnings.push(`The version table holds ${listed(twice)} more than once.`);
  }
  return { ids: known, positions: maximal, redundant, applied: ancestors(graph, maximal, 'needs'), warnings };
}

/** database.unknown-revision for these rows. */
export function unknownRows(graph: RevisionGraph, unknown: readonly string[]): AludelError {
  const near = unknown.length === 1 ? nearest(unknown[0] ?? '', graph.positionOf.keys()) : null;
  const noun = unknown.length === 1 ? 'revision' : 'revisions';
  const nearby = near === null ? '' : ` The nearest id is ${near}.`;
  return new AludelError(
    'database.unknown-revision',
    `The database is at ${noun} ${listedBriefly(unknown)}, and no file has ${unknown.length === 1 ? 'it' : 'them'}.`,
    {
      hint:
        `Restore ${counted(unknown.length, 'file')} (another git branch may have ${unknown.length === 1 ? 'it' : 'them'}), ` +
        `or set the version table by hand with \`aludel stamp --purge\`.${nearby}`,
      facts: { unknown },
    },
  );
}

/**
 * The plan that takes the rows through these revisions, which must be in an order that the graph allows.
 *
 * Keeps for each applied revision the number of applied revisions that need it directly; a row is one with none. So a
 * step costs its own edges and the whole plan O(V + E). Redundant rows leave the table with the first step.
 */
export function planSteps(
  graph: RevisionGraph,
  rows: VersionRows,
  direction: PlanStep['direction'],
  order: Iterable<number>,
): MigrationPlan {
  const dependents = new Int32Array(graph.revisions.length);
  for (const position of positionsIn(rows.applied)) {
    for (const need of graph.needs[position] ?? []) dependents[need] = (dependents[need] ?? 0) + 1;
  }
  const isRow = marksOf(graph, [...rows.positions, ...rows.redundant]);
  const isAbsorbed = (need: number): boolean => isRow[need] === 1;
  const isUncovered = (need: number): boolean => dependents[need] === 0 && isRow[need] !== 1;
  const steps: PlanStep[] = [];
  let leftover = rows.redundant;
  for (const position of order) {
    const needs = graph.needs[position] ?? [];
    const added = direction === 'upgrade' ? 1 : -1;
    for (const need of needs) dependents[need] = (dependents[need] ?? 0) + added;
    const removed = direction === 'upgrade' ? needs.filter(isAbsorbed) : [position];
    const inserted = direction === 'upgrade' ? [position] : needs.filter(isUncovered);
    for (const gone of leftover) if ((dependents[gone] ?? 0) > 0 && !removed.includes(gone)) removed.push(gone);
    leftover = [];
    for (const row of removed) isRow[row] = 0;
    for (const row of inserted) isRow[row] = 1;
    const versionChange = changeOf(idsAt(graph, removed), idsAt(graph, inserted));
    steps.push({ direction, revision: revisionAt(graph, position), versionChange });
  }
  return { headsBefore: rows.ids, headsAfter: idsAt(graph, positionsIn(isRow)), steps, warnings: rows.warnings };
}

/** Shared by the steps that need none: nearly every step of a long line is a single update. */
const noRows: readonly string[] = [];
const noUpdates: VersionChange['update'] = [];

/**
 * The change from one set of rows to another, as the fewest statements: as many updates as both sides allow.
 *
 * Both lists in code point order and without a common member; the last ones are paired, as Alembic does for a merge.
 */
function changeOf(removed: readonly string[], inserted: readonly string[]): VersionChange {
  if (removed.length === 0) return { remove: noRows, update: noUpdates, insert: inserted };
  if (inserted.length === 0) return { remove: removed, update: noUpdates, insert: noRows };
  const updates = Math.min(removed.length, inserted.length);
  const remove = removed.length === updates ? noRows : removed.slice(0, -updates);
  const insert = inserted.length === updates ? noRows : inserted.slice(0, -updates);
  const update = removed.slice(remove.length).map((from, at) => ({ from, to: inserted[insert.length + at] ?? from }));
  return { remove, update, insert };
}

/** The change that turns `before` into `after`; both any order, without repeats. */
export function differenceOf(before: readonly string[], after: readonly string[]): VersionChange {
  const old = new Set(before);
  const now = new Set(after);
  return changeOf(
    before.filter((id) => !now.has(id)).toSorted(byCodePoint),
    after.filter((id) => !old.has(id)).toSorted(byCodePoint),
  );
}
