import { describe, expect, test } from 'vitest';
import type { RevisionGraph } from '../../src/graph/revision-graph.ts';
import { planDowngrade } from '../../src/planner/plan-downgrade.ts';
import { planUpgrade } from '../../src/planner/plan-upgrade.ts';
import { drawnGraph } from '../graph/history.ts';
import { changesOf, idsOf } from './drawn-plan.ts';

/** [rows before, command and target, revisions in order, rows after] */
type Vector = readonly [before: string, command: string, steps: string, after: string];

function run(graph: RevisionGraph, [before, command]: Vector): readonly [steps: string, after: string] {
  const rows = before.split(' ').filter((row) => row !== '');
  const [verb, target = ''] = command.split(' ');
  const plan = verb === 'upgrade' ? planUpgrade(graph, rows, [target]) : planDowngrade(graph, rows, target);
  return [idsOf(plan), plan.headsAfter.join(' ')];
}

const fork = drawnGraph('a <- b <- c1[c1br] <- d1 <- e <- f', 'b <- c2[c2br] <- d2 <- e');

const onFork: readonly Vector[] = [
  ['', 'upgrade head', 'a b c1 d1 c2 d2 e f', 'f'],
  ['f', 'downgrade base', 'f e d2 c2 d1 c1 b a', ''],
  ['d1', 'upgrade head', 'c2 d2 e f', 'f'],
  ['d1 d2', 'downgrade b', 'd2 c2 d1 c1', 'b'],
  ['d1 d2', 'downgrade c1br@base', 'd2 c2 d1 c1 b a', ''],
  ['d1 d2', 'downgrade c1br@b', 'd1 c1', 'd2'],
  ['f', 'downgrade d1', 'f e', 'd1 d2'],
  ['f', 'downgrade c1', 'f e d1', 'c1 d2'],
  ['d2', 'upgrade c1br@+1', 'c1', 'c1 d2'],
  ['d1 d2', 'downgrade c1br@-1', 'd1', 'c1 d2'],
];

const dependent = drawnGraph('a1[A] <- a2 <- a3', 'b1[B] <- b2 <- b3', 'a2 <~ b2');

const onDependent: readonly Vector[] = [
  ['', 'upgrade B@head', 'a1 a2 b1 b2 b3', 'b3'],
  ['b3', 'upgrade A@+1', 'a3', 'a3 b3'],
  ['a3 b3', 'downgrade A@-1', 'a3', 'b3'],
  ['b2', 'downgrade A@-1', 'b2 a2', 'a1 b1'],
  ['a3 b3', 'downgrade B@base', 'b3 b2 b1', 'a3'],
  ['a3 b3', 'downgrade A@base', 'b3 b2 a3 a2 a1', 'b1'],
  ['b2', 'downgrade B@-1', 'b2', 'a2 b1'],
];

describe('a fork that is merged again', () => {
  test.each(onFork)('at [%s] %s runs %s and ends at [%s]', (...vector) => {
    expect(run(fork, vector)).toEqual(vector.slice(2));
  });

  test('changes the rows by the fewest statements, up and down', () => {
    const up = planUpgrade(fork, [], ['head']);
    expect(changesOf(up)).toEqual(['+a', 'a>b', 'b>c1', 'c1>d1', '+c2', 'c2>d2', '-d1 d2>e', 'e>f']);
    expect(changesOf(planDowngrade(fork, ['f'], 'base'))).toEqual([
      'f>e',
      'e>d2 +d1',
      'd2>c2',
      '-c2',
      'd1>c1',
      'c1>b',
      'b>a',
      '-a',
    ]);
  });
});

describe('a branch that depends on another', () => {
  test.each(onDependent)('at [%s] %s runs %s and ends at [%s]', (...vector) => {
    expect(run(dependent, vector)).toEqual(vector.slice(2));
  });

  test('may need each other crosswise: a row stays implied until nothing needs it', () => {
    const graph = drawnGraph('a1 <- a2 <- a3', 'b1 <- b2', 'b1 <~ a3', 'a2 <~ b2');
    expect(run(graph, ['a3 b2', 'downgrade b1', '', ''])).toEqual(['b2', 'a3']);
  });

  test('may name a dependency twice on one line: it does not come back while a lower one needs it', () => {
    const graph = drawnGraph('a1 <- a2 <- a3', 'b1 <- b2 <- b3 <- b4', 'a3 <~ b2', 'a3 <~ b4');
    expect(run(graph, ['b4', 'downgrade b3', '', ''])).toEqual(['b4', 'b3']);
  });

  test('may be merged with what it depends on: one row comes back, whichever parent is the target', () => {
    const graph = drawnGraph('a1 <- m', 'b1 <- m', 'a1 <~ b1');
    expect(run(graph, ['m', 'downgrade a1', '', ''])).toEqual(['m', 'b1']);
    expect(run(graph, ['m', 'downgrade b1', '', ''])).toEqual(['m', 'b1']);
  });
});
