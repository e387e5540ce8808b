import { describe, expect, test } from 'vitest';
import { currentRevisions } from '../../src/planner/current-revisions.ts';
import { branchPoints, showRevisions } from '../../src/planner/show-revisions.ts';
import { drawnGraph } from '../graph/history.ts';
import { codeOf } from '../graph/refusal.ts';

const graph = drawnGraph('a1 <- a2 <- a3', 'b1 <- b2 <- b3', 'a2 <~ b2');

function current(...rows: readonly string[]): string {
  return currentRevisions(graph, rows)
    .revisions.map(({ id }) => id)
    .join(' ');
}

describe('the current revisions', () => {
  test('are the ends of what is applied, also an end that is only implied', () => {
    expect(current()).toBe('');
    expect(current('a1', 'b1')).toBe('a1 b1');
    expect(current('b3')).toBe('a2 b3');
    expect(current('a3', 'b3')).toBe('a3 b3');
  });

  test('are at the heads when everything is applied', () => {
    expect(currentRevisions(graph, ['a3', 'b3']).isAtHeads).toBe(true);
    expect(currentRevisions(graph, ['b3']).isAtHeads).toBe(false);
    expect(currentRevisions(drawnGraph(), []).isAtHeads).toBe(true);
  });

  test('report rows that no file has beside the others', () => {
    expect(currentRevisions(graph, ['zz', 'a1', 'gone'])).toMatchObject({
      revisions: [{ id: 'a1' }],
      unknown: ['gone', 'zz'],
      isAtHeads: false,
    });
  });
});

describe('show', () => {
  const fork = drawnGraph('t <- l1[left] <- l2', 't <- r1');
  const shown = (target: string, rows: readonly string[] = []): string =>
    showRevisions(fork, rows, target)
      .map(({ id }) => id)
      .join(' ');

  test('finds revisions by name, as heads, and as what the database is at', () => {
    expect(shown('left')).toBe('l1');
    expect(shown('heads')).toBe('l2 r1');
    expect(shown('base')).toBe('');
    expect(shown('current', ['r1'])).toBe('r1');
    expect(codeOf(() => shown('current', ['gone']))).toBe('database.unknown-revision');
  });

  test('counts down from each head, or from the heads that carry a label', () => {
    expect(shown('-1')).toBe('l1 t');
    expect(shown('left@-1')).toBe('l1');
    expect(codeOf(() => shown('-9'))).toBe('target.out-of-range');
    expect(codeOf(() => shown('left+1'))).toBe('target.unknown');
  });

  test('names a revision once, also when two heads lead to it', () => {
    const twin = drawnGraph('t <- l', 't <- r');
    expect(showRevisions(twin, [], '-1').map(({ id }) => id)).toEqual(['t']);
  });
});

test('branch points are listed newest first, with their children', () => {
  const points = branchPoints(drawnGraph('a <- c2 <- d', 'a <- b1', 'c2 <- e'));
  expect(points.map(({ revision, children }) => [revision.id, children.map(({ id }) => id)])).toEqual([
    ['c2', ['d', 'e']],
    ['a', ['b1', 'c2']],
  ]);
});
