import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildGraph } from '../../src/graph/build-graph.ts';
import type { Revision } from '../../src/graph/revision.ts';
import type { MigrationPlan } from '../../src/planner/migration-plan.ts';
import { planDowngrade } from '../../src/planner/plan-downgrade.ts';
import { planSingle } from '../../src/planner/plan-single.ts';
import { planStamp } from '../../src/planner/plan-stamp.ts';
import { planUpgrade } from '../../src/planner/plan-upgrade.ts';
import { histories, historiesWithRevision } from '../arbitraries/histories.ts';
import { maximalRows, type ModelHistory, modelOf, needsOf } from '../conformance/model.ts';
import { applyChange } from '../conformance/planner-adapter.ts';
import { revision } from '../graph/history.ts';

function model(revisions: readonly Revision[]): ModelHistory {
  return modelOf(
    revisions.map(({ id, downRevisions: down, dependsOn: deps, branchLabels: labels }) => ({ id, down, deps, labels })),
  );
}

function appliedBy(history: ModelHistory, rows: readonly string[]): Set<string> {
  return new Set(rows.flatMap((row) => [...needsOf(history, row)]));
}

/** Runs a plan on sets and checks every step against the law of the version table. Returns the rows at the end. */
function runByLaw(history: ModelHistory, plan: MigrationPlan): readonly string[] {
  const applied = appliedBy(history, plan.headsBefore);
  let rows = plan.headsBefore;
  for (const step of plan.steps) {
    const { id } = step.revision;
    if (step.direction === 'upgrade') {
      expect([...needsOf(history, id)].filter((need) => need !== id && !applied.has(need))).toEqual([]);
      expect(applied.has(id)).toBe(false);
      applied.add(id);
    } else {
      expect([...applied].filter((other) => other !== id && needsOf(history, other).has(id))).toEqual([]);
      expect(applied.delete(id)).toBe(true);
    }
    rows = applyChange(rows, step.versionChange);
    expect(rows).toEqual(maximalRows(history, applied));
  }
  return rows;
}

function idsOf(plan: MigrationPlan): readonly string[] {
  return plan.steps.map((step) => step.revision.id);
}

describe('laws of every history', () => {
  test('an upgrade to the heads applies everything once, parents first, and keeps the rows maximal', () => {
    fc.assert(
      fc.property(histories, (revisions) => {
        const plan = planUpgrade(buildGraph(revisions), [], ['heads']);
        expect(runByLaw(model(revisions), plan)).toEqual(plan.headsAfter);
        expect(idsOf(plan).toSorted()).toEqual(revisions.map(({ id }) => id).toSorted());
      }),
    );
  });

  test('an upgrade to a revision from anywhere applies what it needs and nothing else', () => {
    fc.assert(
      fc.property(historiesWithRevision, fc.nat(), ({ revisions, chosen }, draw) => {
        const history = model(revisions);
        const start = maximalRows(history, appliedBy(history, [revisions[draw % revisions.length]?.id ?? '']));
        const plan = planUpgrade(buildGraph(revisions), start, [chosen]);
        const before = appliedBy(history, start);
        expect(runByLaw(history, plan)).toEqual(plan.headsAfter);
        expect(idsOf(plan).toSorted()).toEqual(
          [...needsOf(history, chosen)].filter((id) => !before.has(id)).toSorted(),
        );
      }),
    );
  });

  test('a downgrade to a revision takes down its children and what needs them, and nothing else', () => {
    fc.assert(
      fc.property(historiesWithRevision, ({ revisions, chosen }) => {
        const history = model(revisions);
        const graph = buildGraph(revisions);
        const full = planUpgrade(graph, [], ['heads']).headsAfter;
        const plan = planDowngrade(graph, full, chosen);
        expect(runByLaw(history, plan)).toEqual(plan.headsAfter);
        const children = revisions.filter((one) => one.downRevisions.includes(chosen)).map(({ id }) => id);
        const falls = revisions.filter(({ id }) => children.some((child) => needsOf(history, id).has(child)));
        expect(idsOf(plan).toSorted()).toEqual(falls.map(({ id }) => id).toSorted());
      }),
    );
  });

  test('a downgrade to base takes an upgrade back in exactly the reverse order and ends without rows', () => {
    fc.assert(
      fc.property(histories, (revisions) => {
        const graph = buildGraph(revisions);
        const up = planUpgrade(graph, [], ['heads']);
        const down = planDowngrade(graph, up.headsAfter, 'base');
        expect(idsOf(down)).toEqual(idsOf(up).toReversed());
        expect(runByLaw(model(revisions), down)).toEqual([]);
      }),
    );
  });

  test('taking back the steps of an upgrade in reverse brings the original rows back', () => {
    fc.assert(
      fc.property(historiesWithRevision, fc.nat(), ({ revisions, chosen }, draw) => {
        const history = model(revisions);
        const start = maximalRows(history, appliedBy(history, [revisions[draw % revisions.length]?.id ?? '']));
        const plan = planUpgrade(buildGraph(revisions), start, [chosen]);
        let rows = plan.headsAfter;
        for (const { versionChange } of plan.steps.toReversed()) {
          const { remove, update, insert } = versionChange;
          const back = update.map(({ from, to }) => ({ from: to, to: from }));
          rows = applyChange(rows, { remove: insert, update: back, insert: remove });
        }
        expect(rows).toEqual(start);
      }),
    );
  });

  test('an upgrade that has been done has nothing left to do', () => {
    fc.assert(
      fc.property(historiesWithRevision, ({ revisions, chosen }) => {
        const graph = buildGraph(revisions);
        const { headsAfter } = planUpgrade(graph, [], [chosen]);
        expect(planUpgrade(graph, headsAfter, [chosen])).toEqual({
          headsBefore: headsAfter,
          headsAfter,
          steps: [],
          warnings: [],
        });
      }),
    );
  });

  test('the order in which files are found changes nothing', () => {
    fc.assert(
      fc.property(
        histories.chain((revisions) =>
          fc.tuple(fc.constant(revisions), fc.shuffledSubarray([...revisions], { minLength: revisions.length })),
        ),
        ([revisions, shuffled]) => {
          const plan = planUpgrade(buildGraph(revisions), [], ['heads']);
          expect(planUpgrade(buildGraph(shuffled), [], ['heads'])).toEqual(plan);
          expect(planUpgrade(buildGraph(revisions), [], ['heads'])).toEqual(plan);
        },
      ),
    );
  });

  test('a new base that nothing is related to leaves the order of the others as it was', () => {
    fc.assert(
      fc.property(histories, fc.constantFrom('a', 'r250', 'r5005', 'zz'), (revisions, id) => {
        const before = idsOf(planUpgrade(buildGraph(revisions), [], ['heads']));
        fc.pre(!before.includes(id));
        const after = idsOf(planUpgrade(buildGraph([...revisions, revision(id)]), [], ['heads']));
        expect(after.filter((one) => one !== id)).toEqual(before);
      }),
    );
  });

  test('rows that another row implies are warned about and gone after the first step', () => {
    fc.assert(
      fc.property(historiesWithRevision, fc.nat(), ({ revisions, chosen }, draw) => {
        const history = model(revisions);
        const below = [...needsOf(history, chosen)].filter((id) => id !== chosen).toSorted();
        fc.pre(below.length > 0);
        const extra = below[draw % below.length] ?? '';
        const graph = buildGraph(revisions);
        const up = planUpgrade(graph, [chosen, extra], ['heads']);
        const down = planDowngrade(graph, [chosen, extra], 'base');
        for (const plan of [up, down]) {
          expect(plan.warnings).toHaveLength(1);
          if (plan.steps.length > 0) expect(runByLaw(history, plan)).toEqual(plan.headsAfter);
        }
      }),
    );
  });

  test('after a stamp every target is implied and the rows are maximal', () => {
    fc.assert(
      fc.property(histories, fc.array(fc.nat(), { minLength: 1, maxLength: 3 }), fc.nat(), (revisions, draws, from) => {
        const history = model(revisions);
        const targets = draws.map((draw) => revisions[draw % revisions.length]?.id ?? '');
        const start = [revisions[from % revisions.length]?.id ?? ''];
        const plan = planStamp(buildGraph(revisions), start, targets);
        const applied = appliedBy(history, plan.headsAfter);
        expect(targets.filter((target) => !applied.has(target))).toEqual([]);
        expect(maximalRows(history, applied)).toEqual(plan.headsAfter);
        expect(applyChange(start, plan.versionChange)).toEqual(plan.headsAfter);
      }),
    );
  });

  test('revisions that are applied one at a time, each taken down and applied again, end as one upgrade does', () => {
    fc.assert(
      fc.property(histories, (revisions) => {
        const graph = buildGraph(revisions);
        const history = model(revisions);
        const whole = planUpgrade(graph, [], ['heads']);
        let rows: readonly string[] = [];
        for (const { revision: tested } of whole.steps) {
          const before = rows;
          for (const direction of ['upgrade', 'downgrade', 'upgrade'] as const) {
            rows = runByLaw(history, planSingle(graph, rows, direction, tested.id));
            if (direction === 'downgrade') expect(rows).toEqual(before);
          }
        }
        expect(rows).toEqual(whole.headsAfter);
      }),
    );
  });
});
