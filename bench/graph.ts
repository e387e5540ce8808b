import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { buildGraph } from '../src/graph/build-graph.ts';
import type { Revision } from '../src/graph/revision.ts';
import type { planUpgrade } from '../src/planner/plan-upgrade.ts';
import { median, milliseconds, printTable } from './measure.ts';
import { idOf } from './project.ts';

/** The core as users run it: bundled by esbuild, not as jiti compiles this file. */
interface Core {
  readonly buildGraph: typeof buildGraph;
  readonly planUpgrade: typeof planUpgrade;
}

const repeats = 7;

/**
 * Builds the graph and plans an upgrade from nothing to all heads, in process, for histories of several shapes. The
 * first run counts as `cold`: it is the only one a command line makes.
 */
export async function benchGraph(): Promise<void> {
  const core = await bundledCore();
  const rows = histories().map(({ shape, revisions, budgetMs }) => {
    const times = Array.from({ length: repeats }, () => timeOnce(core, revisions));
    const [cold] = times;
    return [
      shape,
      String(revisions.length),
      milliseconds(cold?.build ?? Number.NaN),
      milliseconds(cold?.plan ?? Number.NaN),
      milliseconds(median(times.map(({ build }) => build))),
      milliseconds(median(times.map(({ plan }) => plan))),
      budgetMs === null ? '' : `< ${budgetMs}`,
    ];
  });
  printTable(
    'Build the graph and plan `upgrade heads` from nothing, in process (ms)',
    ['shape', 'revisions', 'build, cold', 'plan, cold', 'build', 'plan', 'budget'],
    rows,
  );
}

function timeOnce(core: Core, revisions: readonly Revision[]): { readonly build: number; readonly plan: number } {
  const start = performance.now();
  const graph = core.buildGraph(revisions);
  const built = performance.now();
  const plan = core.planUpgrade(graph, [], ['heads']);
  const planned = performance.now();
  if (plan.steps.length !== revisions.length) throw new Error(`planned ${plan.steps.length} of ${revisions.length}`);
  return { build: built - start, plan: planned - built };
}

interface History {
  readonly shape: string;
  readonly revisions: readonly Revision[];
  /** For build and plan together, cold. */
  readonly budgetMs: number | null;
}

function histories(): readonly History[] {
  const sizes = [1_000, 10_000, 50_000];
  return [
    // First, while nothing is compiled yet: the budget is about a command that starts.
    { shape: 'diamonds', revisions: diamonds(3_000), budgetMs: 50 },
    ...sizes.map((size) => ({ shape: 'chain', revisions: chain(size), budgetMs: size === 50_000 ? 250 : null })),
    ...sizes.map((size) => ({ shape: 'diamonds', revisions: diamonds(Math.floor(size / 3)), budgetMs: null })),
    ...sizes.map((size) => ({ shape: 'wide fan', revisions: fan(size), budgetMs: null })),
    ...sizes.map((size) => ({ shape: '600 rows, cross-dependent', revisions: lanes(600, size), budgetMs: null })),
  ];
}

function chain(size: number): readonly Revision[] {
  return numbered(size).map((n) => revision(n, n === 1 ? [] : [n - 1]));
}

/** Base, then `count` times a fork of two that merges: 3 revisions each. */
function diamonds(count: number): readonly Revision[] {
  return numbered(count).flatMap((diamond) => {
    const merge = diamond * 3;
    const below = diamond === 1 ? [] : [merge - 3];
    return [revision(merge - 2, below), revision(merge - 1, below), revision(merge, [merge - 2, merge - 1])];
  });
}

/** One base with every other revision directly above it. */
function fan(size: number): readonly Revision[] {
  return numbered(size).map((n) => revision(n, n === 1 ? [] : [1]));
}

/** Lines side by side from bases of their own, each revision depending on what its neighbour line did before. */
function lanes(width: number, size: number): readonly Revision[] {
  return numbered(size).map((n) => {
    const parent = n - width;
    const neighbour = n % width === 1 ? n - 1 : parent - 1;
    return revision(n, parent > 0 ? [parent] : [], neighbour > 0 && parent > 0 ? [neighbour] : []);
  });
}

function numbered(size: number): readonly number[] {
  return Array.from({ length: size }, (_, index) => index + 1);
}

function revision(n: number, parents: readonly number[], dependsOn: readonly number[] = []): Revision {
  const id = idOf(n);
  return {
    id,
    downRevisions: parents.map(idOf),
    dependsOn: dependsOn.map(idOf),
    branchLabels: [],
    message: `step ${n}`,
    doc: `step ${n}`,
    path: `versions/${id}.ts`,
    lines: { revision: 4, downRevision: 5, branchLabels: 6, dependsOn: 7 },
  };
}

async function bundledCore(): Promise<Core> {
  const directory = mkdtempSync(join(tmpdir(), 'aludel-bench-'));
  const outfile = join(directory, 'core.cjs');
  try {
    await build({
      stdin: {
        contents: `export * from './graph/build-graph.ts'; export * from './planner/plan-upgrade.ts';`,
        resolveDir: fileURLToPath(new URL('../src', import.meta.url)),
        loader: 'ts',
      },
      bundle: true,
      platform: 'node',
      format: 'cjs',
      outfile,
    });
    return createRequire(import.meta.url)(outfile) as Core;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
