import { describe, expect, test } from 'vitest';
import { planStamp } from '../../src/planner/plan-stamp.ts';
import { drawnGraph } from '../graph/history.ts';
import { codeOf } from '../graph/refusal.ts';
import { drawnChange } from './drawn-plan.ts';

const fork = drawnGraph('t1 <- t2 <- l1[left] <- l2', 't2 <- r1[right] <- r2');

function stamped(rows: readonly string[], targets: readonly string[], purge = false): string {
  return drawnChange(planStamp(fork, rows, targets, { purge }).versionChange);
}

describe('a stamp', () => {
  test('replaces the rows that are related to its target, and keeps the others', () => {
    expect(stamped(['l2', 'r1'], ['t2'])).toBe('-l2 r1>t2');
    expect(stamped(['l2', 'r1'], ['right@head'])).toBe('r1>r2');
    expect(stamped(['r2'], ['l2'])).toBe('+l2');
  });

  test('to base, or to nothing, empties the table', () => {
    expect(stamped(['l2', 'r1'], ['base'])).toBe('-l2 -r1');
    expect(stamped(['l2', 'r1'], [])).toBe('-l2 -r1');
  });

  test('to the base of a branch removes the rows of that branch', () => {
    expect(stamped(['l2', 'r1'], ['left@base'])).toBe('-l2');
  });

  test('replaces rows that are related through depends_on', () => {
    const graph = drawnGraph('a1 <- b1 <- c1 <- d1', 'a2 <- c2', 'c1 <~ c2');
    expect(planStamp(graph, ['c2', 'd1'], ['b1']).headsAfter).toEqual(['b1']);
  });

  test('is nothing to do when the rows are there', () => {
    expect(planStamp(fork, ['l2', 'r2'], ['heads'])).toEqual({
      headsBefore: ['l2', 'r2'],
      headsAfter: ['l2', 'r2'],
      versionChange: { remove: [], update: [], insert: [] },
    });
  });

  test('stores the maximal ones of its targets, each once', () => {
    expect(stamped([], ['t1', 'l2', 'r2', 'l2'])).toBe('+l2 +r2');
  });

  test('cleans up redundant rows', () => {
    expect(stamped(['t1', 'l1'], ['l1'])).toBe('-t1');
  });

  test('needs --purge to forget rows that no file has, and resolves its targets first even then', () => {
    expect(codeOf(() => planStamp(fork, ['gone'], ['l1']))).toBe('database.unknown-revision');
    expect(stamped(['gone', 'r1'], ['l1'], true)).toBe('-gone r1>l1');
    expect(codeOf(() => planStamp(fork, ['gone'], ['nope'], { purge: true }))).toBe('target.unknown');
  });

  test('takes no relative target and no range', () => {
    expect(codeOf(() => planStamp(fork, [], ['l1+1']))).toBe('target.unknown');
    expect(codeOf(() => planStamp(fork, ['l1'], ['-1']))).toBe('target.unknown');
    expect(codeOf(() => planStamp(fork, [], ['t1:t2']))).toBe('usage.syntax');
  });
});
