import { describe, expect, test } from 'vitest';
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
import { drawnGraph } from './history.ts';

function labelsOf(graph: RevisionGraph): Readonly<Record<string, readonly string[]>> {
  const entries = effectiveLabels(graph).map(
    (labels, position) => [graph.revisions[position]?.id ?? '', labels] as const,
  );
  return Object.fromEntries(entries.filter(([, labels]) => labels.length > 0));
}

describe('the shape of a history', () => {
  // x2 is a head by line, but y2 needs it.
  const graph = drawnGraph('x1 <- x2', 'y1 <- y2', 'x2 <~ y2', 'x1 <~ z1');

  test('has heads by line and effective heads', () => {
    expect(idsAt(graph, heads(graph))).toEqual(['x2', 'y2', 'z1']);
    expect(idsAt(graph, effectiveHeads(graph))).toEqual(['y2', 'z1']);
  });

  test('has bases by line and real bases', () => {
    expect(idsAt(graph, positionsWhere(graph, isBase))).toEqual(['x1', 'y1', 'z1']);
    expect(idsAt(graph, positionsWhere(graph, isRealBase))).toEqual(['x1', 'y1']);
  });

  test('counts branch and merge points by line only', () => {
    const forked = drawnGraph('a <- b <- m', 'a <- c <- m', 'b <~ d');
    expect(idsAt(forked, positionsWhere(forked, isBranchPoint))).toEqual(['a']);
    expect(idsAt(forked, positionsWhere(forked, isMergePoint))).toEqual(['m']);
  });
});

describe('a branch label', () => {
  test('reaches what is above it, and what is below it down to the fork', () => {
    const graph = drawnGraph('t1 <- t2 <- l1 <- l2[late] <- l3', 't2 <- r1');
    expect(labelsOf(graph)).toEqual({ l1: ['late'], l2: ['late'], l3: ['late'] });
  });

  test('reaches the base of a line that never forks, and passes through merges upwards', () => {
    expect(labelsOf(drawnGraph('a <- b[x] <- c'))).toEqual({ a: ['x'], b: ['x'], c: ['x'] });
    expect(labelsOf(drawnGraph('a <- b[x] <- m', 'a <- c <- m'))).toEqual({ b: ['x'], m: ['x'] });
  });

  test('does not reach down where there is a fork above its revision', () => {
    expect(labelsOf(drawnGraph('a <- b[x] <- c', 'b <- d'))).toEqual({ b: ['x'], c: ['x'], d: ['x'] });
  });

  test('shares a revision with other labels in code point order', () => {
    expect(labelsOf(drawnGraph('a[two,one] <- b[three]'))).toEqual({
      a: ['one', 'three', 'two'],
      b: ['one', 'three', 'two'],
    });
  });
});
