import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { buildGraph, findDefects } from '../../src/graph/build-graph.ts';
import { describeDefect, type GraphDefect } from '../../src/graph/graph-defect.ts';
import type { Revision } from '../../src/graph/revision.ts';
import { heads, idsAt } from '../../src/graph/shape.ts';
import type { MigrationPlan } from '../../src/planner/migration-plan.ts';
import { planDowngrade } from '../../src/planner/plan-downgrade.ts';
import { planUpgrade } from '../../src/planner/plan-upgrade.ts';
import { revision } from '../graph/history.ts';
import { maximalRows, modelOf, needsOf } from './model.ts';
import { applyChange } from './planner-adapter.ts';

/** Real histories, read where they are and never copied: their licences differ. */
const corpus = process.env['ALUDEL_CORPUS'] ?? fileURLToPath(new URL('../../../shared/corpus', import.meta.url));
const isPresent = existsSync(`${corpus}/graphs`);

interface CorpusGraph {
  readonly defects?: {
    readonly heads: readonly string[];
    readonly missing: readonly (readonly [string, string, string])[];
    readonly duplicates: readonly string[];
  };
  readonly revisions: readonly {
    readonly id: string;
    readonly down: readonly string[];
    readonly depends_on: readonly string[];
    readonly labels: readonly string[];
    readonly file: string;
  }[];
}

function isCorpusGraph(value: unknown): value is CorpusGraph {
  return typeof value === 'object' && value !== null && 'revisions' in value;
}

function read(name: string): CorpusGraph {
  const value: unknown = JSON.parse(readFileSync(`${corpus}/graphs/${name}`, 'utf8'));
  if (!isCorpusGraph(value)) throw new Error(`${name} is no graph`);
  return value;
}

function revisionsOf(graph: CorpusGraph): readonly Revision[] {
  return graph.revisions.map(({ id, down, depends_on: deps, labels, file }) =>
    revision(id, { down, deps, labels }, file),
  );
}

/** Names of the graphs in a folder of the corpus, or a stand-in that says why there are none. */
function graphsIn(folder: string): readonly string[] {
  if (!isPresent) return ['(left out: no corpus; set ALUDEL_CORPUS to its folder)'];
  return readdirSync(`${corpus}/graphs/${folder}`)
    .filter((name) => name.endsWith('.json'))
    .map((name) => `${folder}${name}`);
}

function rowsAfter(revisions: readonly Revision[], plan: MigrationPlan): readonly string[] {
  const model = modelOf(
    revisions.map(({ id, downRevisions: down, dependsOn: deps, branchLabels: labels }) => ({ id, down, deps, labels })),
  );
  const applied = new Set(plan.headsBefore.flatMap((row) => [...needsOf(model, row)]));
  let rows = plan.headsBefore;
  for (const { direction, revision: moved, versionChange } of plan.steps) {
    if (direction === 'upgrade') applied.add(moved.id);
    else applied.delete(moved.id);
    rows = applyChange(rows, versionChange);
  }
  expect(rows).toEqual(maximalRows(model, applied));
  return rows;
}

const refused = 'openstack-neutron-family.json';

describe.skipIf(!isPresent)('real histories', () => {
  test.each(graphsIn('').filter((name) => name !== refused))('%s goes up to its heads and down to base', (name) => {
    const revisions = revisionsOf(read(name));
    const graph = buildGraph(revisions);
    const up = planUpgrade(graph, [], ['heads']);
    expect(up.steps).toHaveLength(revisions.length);
    expect(rowsAfter(revisions, up)).toEqual(up.headsAfter);
    const down = planDowngrade(graph, up.headsAfter, 'base');
    expect(down.steps.map((step) => step.revision.id)).toEqual(up.steps.map((step) => step.revision.id).toReversed());
    expect(rowsAfter(revisions, down)).toEqual([]);
  });

  test(`${refused} is refused: its trees share labels and an id`, () => {
    const defects = findDefects(revisionsOf(read(refused)));
    expect(new Set(defects.map(({ kind }) => kind))).toEqual(new Set(['duplicate-id', 'duplicate-label']));
    expect(defects.map(describeDefect).join()).toContain('Branch label "expand" is declared by revisions');
  });

  test.each(graphsIn('broken/'))('%s is explained: its heads, or everything that is wrong', (name) => {
    const graph = read(name);
    const revisions = revisionsOf(graph);
    const { heads: knownHeads = [], missing = [], duplicates = [] } = graph.defects ?? {};
    const defects = findDefects(revisions);
    expect(missingOf(defects)).toEqual(missing.map(([id, , absent]) => `${id} ${absent}`).toSorted());
    expect(defects.flatMap((defect) => (defect.kind === 'duplicate-id' ? defect.id : []))).toEqual(
      duplicates.toSorted(),
    );
    expect(defects).toHaveLength(missing.length + duplicates.length);
    if (defects.length > 0) return;
    const built = buildGraph(revisions);
    expect(idsAt(built, heads(built))).toEqual(knownHeads.toSorted());
    if (knownHeads.length < 2) return;
    expect(() => planUpgrade(built, [], ['head'])).toThrow(`asks for one head and there are ${knownHeads.length}`);
  });
});

function missingOf(defects: readonly GraphDefect[]): readonly string[] {
  return defects
    .flatMap((defect) => (defect.kind === 'missing-down-revision' ? `${defect.id} ${defect.missing}` : []))
    .toSorted();
}

test.skipIf(isPresent)(
  'the corpus of real histories is absent, so its tests are left out (set ALUDEL_CORPUS)',
  () => {},
);
