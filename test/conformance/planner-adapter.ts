import { buildGraph } from '../../src/graph/build-graph.ts';
import type { RevisionGraph } from '../../src/graph/revision-graph.ts';
import {
  effectiveHeads,
  effectiveLabels,
  heads,
  idsAt,
  isBase,
  isBranchPoint,
  isMergePoint,
  isRealBase,
  positionsWhere,
} from '../../src/graph/shape.ts';
import { currentRevisions } from '../../src/planner/current-revisions.ts';
import { historyRange } from '../../src/planner/history-range.ts';
import type { MigrationPlan, PlanStep, VersionChange } from '../../src/planner/migration-plan.ts';
import { newMerge, newRevision, type NewRevisionRequest } from '../../src/planner/new-revision.ts';
import { planOfflineDowngrade, planOfflineStamp, planOfflineUpgrade } from '../../src/planner/offline-range.ts';
import { planDowngrade } from '../../src/planner/plan-downgrade.ts';
import { planStamp } from '../../src/planner/plan-stamp.ts';
import { planUpgrade } from '../../src/planner/plan-upgrade.ts';
import { branchPoints, showRevisions } from '../../src/planner/show-revisions.ts';
import { unknownRows } from '../../src/planner/version-rows.ts';
import { AludelError } from '../../src/support/aludel-error.ts';
import { assertNever } from '../../src/support/assert-never.ts';
import { revision } from '../graph/history.ts';
import { type ConformanceAdapter, failedOutcome, type Outcome } from './adapter.ts';
import type { GraphFacts, VectorRequest, VectorRevision, VectorStep } from './vector-file.ts';

/** The planner alone, on a version table that is a list in memory. */
export const plannerAdapter: ConformanceAdapter = {
  name: 'planner',
  open: async (revisions) => ({
    facts: async () => factsOf(graphOf(revisions)),
    run: async (request) => {
      try {
        return answer(graphOf(revisions), request);
      } catch (error) {
        return failedOutcome(error, request.before);
      }
    },
    close: async () => {},
  }),
};

/** The rows after a change. Throws when the change does not fit: a real table would refuse it too. */
export function applyChange(rows: readonly string[], change: VersionChange): readonly string[] {
  const gone = [...change.remove, ...change.update.map(({ from }) => from)];
  const come = [...change.insert, ...change.update.map(({ to }) => to)];
  const named = [...gone, ...come];
  if (new Set(named).size !== named.length) throw new Error(`a row is named twice: ${named.join(', ')}`);
  for (const row of gone) if (!rows.includes(row)) throw new Error(`row ${row} is not in the table`);
  for (const row of come) if (rows.includes(row)) throw new Error(`row ${row} is in the table already`);
  return [...rows.filter((row) => !gone.includes(row)), ...come].toSorted();
}

function graphOf(revisions: readonly VectorRevision[]): RevisionGraph {
  return buildGraph(revisions.map(({ id, ...fields }) => revision(id, fields)));
}

function answer(graph: RevisionGraph, request: VectorRequest): Outcome {
  const { before } = request;
  const ids = (revisions: readonly { readonly id: string }[]): Outcome => ({
    ok: true,
    ids: revisions.map(({ id }) => id),
    rows: before,
  });
  switch (request.cmd) {
    case 'upgrade':
      return execute(planUpgrade(graph, before, targetsOf(request)), request);
    case 'downgrade':
      return execute(planDowngrade(graph, before, targetOf(request)), request);
    case 'stamp': {
      const plan = planStamp(graph, before, targetsOf(request), { purge: request.purge === true });
      return { ok: true, rows: applyChange([...new Set(before)], plan.versionChange) };
    }
    case 'current': {
      const current = currentRevisions(graph, before);
      if (current.unknown.length > 0) throw unknownRows(graph, current.unknown);
      if (request.check_heads === true && !current.isAtHeads)
        throw new AludelError('database.not-at-head', 'not at heads');
      return ids(current.revisions);
    }
    case 'heads': {
      const positions = request.resolve_dependencies === true ? effectiveHeads(graph) : heads(graph);
      return { ok: true, ids: idsAt(graph, positions), rows: before };
    }
    case 'branches': {
      const entries = branchPoints(graph).map(
        (point) => [point.revision.id, point.children.map(({ id }) => id)] as const,
      );
      return { ok: true, branchPoints: Object.fromEntries(entries), rows: before };
    }
    case 'history':
      return ids(historyRange(graph, before, request.range ?? null));
    case 'show':
      return ids(showRevisions(graph, before, targetOf(request)));
    case 'plan-upgrade':
      return planned(planOfflineUpgrade(graph, targetOf(request)), before);
    case 'plan-downgrade':
      return planned(planOfflineDowngrade(graph, targetOf(request)), before);
    case 'plan-stamp': {
      const plan = planOfflineStamp(graph, targetsOf(request), { purge: request.purge === true });
      return {
        ok: true,
        planStart: plan.headsBefore,
        planRows: applyChange(plan.headsBefore, plan.versionChange),
        rows: before,
      };
    }
    case 'revision': {
      const parents = request.head === undefined ? {} : { parents: [request.head] };
      return created(newRevision(graph, { ...creation(request), ...parents }), before);
    }
    case 'merge':
      return created(newMerge(graph, { ...creation(request), parents: targetsOf(request) }), before);
    default:
      return assertNever(request.cmd);
  }
}

/** Runs a plan as the runtime would: rows change with each step, and a failing body takes back what its transaction holds. */
function execute(plan: MigrationPlan, request: VectorRequest): Outcome {
  // A table that names a revision twice is one row to the planner; a real table has a primary key.
  let rows: readonly string[] = [...new Set(request.before)].toSorted();
  const steps: VectorStep[] = [];
  const trace: (readonly string[])[] = [];
  for (const step of plan.steps) {
    const done = vectorStep(step);
    if (request.fail_in !== undefined && done.join(' ') === request.fail_in.join(' ')) {
      const kept = request.tx === 'single' ? request.before : rows;
      return failedOutcome(new AludelError('migration.failed', 'the body raised'), kept, { steps, trace });
    }
    rows = applyChange(rows, step.versionChange);
    steps.push(done);
    trace.push(rows);
  }
  if (rows.join('\0') !== plan.headsAfter.join('\0')) throw new Error('the steps do not lead to headsAfter');
  return { ok: true, steps, trace, rows: plan.steps.length === 0 ? request.before : rows };
}

function planned(plan: MigrationPlan, before: readonly string[]): Outcome {
  const { steps = [], trace = [], rows } = execute(plan, { cmd: 'upgrade', before: plan.headsBefore });
  return { ok: true, steps, trace, planStart: plan.headsBefore, planRows: rows, rows: before };
}

function created(made: ReturnType<typeof newRevision>, before: readonly string[]): Outcome {
  const { id, downRevisions: down, dependsOn: deps, branchLabels: labels } = made;
  return { ok: true, created: { id, down, deps, labels }, rows: before };
}

function creation(request: VectorRequest): NewRevisionRequest {
  return {
    id: request.rev_id ?? '',
    splice: request.splice === true,
    dependsOn: request.depends_on === undefined ? [] : [request.depends_on],
    branchLabels: request.branch_label === undefined ? [] : [request.branch_label],
  };
}

function targetsOf(request: VectorRequest): readonly string[] {
  return request.target === undefined ? [] : [request.target].flat();
}

function targetOf(request: VectorRequest): string {
  return targetsOf(request)[0] ?? '';
}

function vectorStep(step: PlanStep): VectorStep {
  return [step.direction === 'upgrade' ? 'up' : 'down', step.revision.id];
}

function factsOf(graph: RevisionGraph): GraphFacts {
  const labels = effectiveLabels(graph).flatMap((list, position) =>
    list.length === 0 ? [] : [[graph.revisions[position]?.id ?? '', list] as const],
  );
  return {
    heads: idsAt(graph, heads(graph)),
    real_heads: idsAt(graph, effectiveHeads(graph)),
    bases: idsAt(graph, positionsWhere(graph, isBase)),
    real_bases: idsAt(graph, positionsWhere(graph, isRealBase)),
    branch_points: idsAt(graph, positionsWhere(graph, isBranchPoint)),
    merge_points: idsAt(graph, positionsWhere(graph, isMergePoint)),
    labels: Object.fromEntries(labels),
  };
}
