import { describe, expect, test } from 'vitest';
import { planDowngrade } from '../../src/planner/plan-downgrade.ts';
import { drawnGraph } from '../graph/history.ts';
import { codeOf, refusalOf } from '../graph/refusal.ts';
import { changesOf, idsOf } from './drawn-plan.ts';

const line = drawnGraph('a <- b <- c');
const fork = drawnGraph('t1 <- t2 <- l1[left] <- l2', 't2 <- r1[right] <- r2');

describe('a downgrade', () => {
  test('to a fork takes every branch down, with a branch only that one', () => {
    expect(idsOf(planDowngrade(fork, ['l2', 'r2'], 't2'))).toBe('r2 r1 l2 l1');
    expect(idsOf(planDowngrade(fork, ['l2', 'r2'], 'left@t2'))).toBe('l2 l1');
    expect(idsOf(planDowngrade(fork, ['l2', 'r2'], 'r2@t2'))).toBe('r2 r1');
  });

  test('past a merge point restores both parents', () => {
    const graph = drawnGraph('a <- b <- m', 'a <- c <- m');
    expect(changesOf(planDowngrade(graph, ['m'], 'b'))).toEqual(['m>c +b']);
  });

  test('to the current revision, or to base with nothing applied, is nothing to do', () => {
    expect(planDowngrade(line, ['b'], 'b').steps).toEqual([]);
    expect(planDowngrade(line, [], 'base').steps).toEqual([]);
    expect(planDowngrade(fork, ['l2', 'r1'], 'r1').steps).toEqual([]);
  });

  test('to a revision that is not applied is refused', () => {
    const error = refusalOf(() => planDowngrade(line, ['b'], 'c'));
    expect(error.code).toBe('target.not-related');
    expect(error.message).toBe('Revision c is not applied, so it cannot be downgraded to.');
    expect(error.hint).toBe('The database is at b.');
  });

  test('counted from the database may end exactly at base, not below', () => {
    expect(idsOf(planDowngrade(line, ['b'], '-2'))).toBe('b a');
    expect(codeOf(() => planDowngrade(line, ['b'], '-3'))).toBe('target.out-of-range');
    expect(codeOf(() => planDowngrade(line, [], '-1'))).toBe('target.out-of-range');
    expect(codeOf(() => planDowngrade(line, ['b'], '+1'))).toBe('target.out-of-range');
  });

  test('counted on a branch stops at the fork with the other branch in place, and takes it along below', () => {
    expect(idsOf(planDowngrade(fork, ['l2', 'r2'], 'left@-2'))).toBe('l2 l1');
    expect(idsOf(planDowngrade(fork, ['l2', 'r2'], 'left@-3'))).toBe('r2 r1 l2 l1 t2');
  });

  test('counted down from a name that lands on a fork has no branch: all of them go', () => {
    expect(idsOf(planDowngrade(fork, ['l1', 'r2'], 'r2-2'))).toBe('r2 r1 l1');
    expect(idsOf(planDowngrade(fork, ['l2', 'r2'], 'right@base+2'))).toBe('r2 r1');
  });

  test('does not count through a merge point, even on a branch', () => {
    const graph = drawnGraph('a <- b[x] <- m', 'a <- c <- m');
    const error = refusalOf(() => planDowngrade(graph, ['m'], 'x@-1'));
    expect(error.code).toBe('target.ambiguous-walk');
    expect(error.facts).toMatchObject({ at: 'm', candidates: ['b', 'c'] });
  });

  test('that meets a merge point while counting shows the commands that go as far', () => {
    const graph = drawnGraph('a <- b[x] <- m <- n', 'a <- c <- m');
    const hintOf = (rows: string[], target: string): string | null =>
      refusalOf(() => planDowngrade(graph, rows, target)).hint;
    expect(hintOf(['m'], '-1')).toBe('Say which way, with one of:\n  aludel downgrade b\n  aludel downgrade c');
    expect(hintOf(['n'], '-3')).toBe('Say which way, with one of:\n  aludel downgrade a');
    expect(idsOf(planDowngrade(graph, ['m'], 'b'))).toBe('m');
    expect(idsOf(planDowngrade(graph, ['n'], 'a'))).toBe('n m c b');
  });

  test('removes a redundant row with its first step, and keeps one that is no longer redundant', () => {
    expect(changesOf(planDowngrade(line, ['a', 'b', 'c'], 'b'))).toEqual(['-a -c']);
    expect(changesOf(planDowngrade(line, ['a', 'b'], 'a'))).toEqual(['-b']);
  });
});
