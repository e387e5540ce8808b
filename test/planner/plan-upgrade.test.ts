import { describe, expect, test } from 'vitest';
import { planUpgrade } from '../../src/planner/plan-upgrade.ts';
import { drawnGraph } from '../graph/history.ts';
import { codeOf, refusalOf } from '../graph/refusal.ts';
import { changesOf, idsOf } from './drawn-plan.ts';

const line = drawnGraph('a <- b <- c');
const fork = drawnGraph('t <- l1[left] <- l2', 't <- r1[right] <- r2');

describe('an upgrade', () => {
  test('to what is applied already, or to base, is nothing to do and no error', () => {
    for (const target of ['a', 'base', 'head']) expect(planUpgrade(line, ['c'], [target]).steps).toEqual([]);
    expect(planUpgrade(line, ['b'], ['base']).headsAfter).toEqual(['b']);
  });

  test('leaves other branches alone', () => {
    expect(planUpgrade(fork, ['r1'], ['l1'])).toMatchObject({ headsBefore: ['r1'], headsAfter: ['l1', 'r1'] });
  });

  test('takes several targets, of which two may be the same', () => {
    expect(idsOf(planUpgrade(fork, ['t'], ['r1', 'left', 'l1']))).toBe('l1 r1');
  });

  test('refuses targets of which one is below another', () => {
    const error = refusalOf(() => planUpgrade(fork, [], ['l2', 'l1']));
    expect(error.code).toBe('target.overlapping');
    expect(error.facts).toMatchObject({ lower: 'l1', upper: 'l2' });
  });

  test('to the heads of a branch may name heads that imply each other', () => {
    const graph = drawnGraph('a[x] <- b', 'a <- c', 'b <~ c');
    expect(idsOf(planUpgrade(graph, [], ['x@heads']))).toBe('a b c');
  });

  test('counted from the database needs one current revision, or a branch', () => {
    expect(idsOf(planUpgrade(line, ['a'], ['+2']))).toBe('b c');
    expect(idsOf(planUpgrade(fork, ['l1', 'r1'], ['left@+1']))).toBe('l2');
    const error = refusalOf(() => planUpgrade(fork, ['l1', 'r1'], ['+1']));
    expect(error.code).toBe('target.ambiguous-current');
    expect(error.hint).toBe('Say which way, with one of:\n  aludel upgrade l1@+1\n  aludel upgrade r1@+1');
  });

  test('counted from the database starts at base when nothing is applied', () => {
    expect(idsOf(planUpgrade(line, [], ['+1']))).toBe('a');
    expect(idsOf(planUpgrade(fork, [], ['right@+2']))).toBe('t r1');
  });

  test('of any size is refused at a fork above which the history is shorter', () => {
    const error = refusalOf(() => planUpgrade(fork, ['t'], ['+99999999999999999999']));
    expect(error.code).toBe('target.ambiguous-walk');
    expect(error.hint).toBe('No way is as long as that. Use heads to go all the way.');
  });

  test('does not guess at a fork, and says which branches there are', () => {
    const error = refusalOf(() => planUpgrade(fork, ['t'], ['+1']));
    expect(error.code).toBe('target.ambiguous-walk');
    expect(error.facts).toMatchObject({ target: '+1', at: 't', candidates: ['l1', 'r1'] });
  });

  test('cannot count past the end, nor down', () => {
    expect(codeOf(() => planUpgrade(line, ['c'], ['+1']))).toBe('target.out-of-range');
    expect(codeOf(() => planUpgrade(line, [], ['b+9']))).toBe('target.out-of-range');
    expect(codeOf(() => planUpgrade(line, ['c'], ['-1']))).toBe('target.out-of-range');
    expect(codeOf(() => planUpgrade(line, [], ['a-1']))).toBe('target.out-of-range');
    expect(codeOf(() => planUpgrade(line, [], [`+${'9'.repeat(30)}`]))).toBe('target.out-of-range');
  });
});

describe('the rows an upgrade starts from', () => {
  test('are refused by name when no file has them, whatever the target', () => {
    const error = refusalOf(() => planUpgrade(line, ['b', 'gone', 'zz'], ['no-such']));
    expect(error.code).toBe('database.unknown-revision');
    expect(error.facts).toEqual({ unknown: ['gone', 'zz'] });
    expect(error.message).toBe('The database is at revisions gone and zz, and no file has them.');
  });

  test('may hold a redundant one: the plan works, warns, and removes it with the first step', () => {
    const plan = planUpgrade(line, ['a', 'b'], ['head']);
    expect(plan.warnings).toEqual([
      'The version table holds a, which is implied by another row. The next step that runs removes what is redundant.',
    ]);
    expect(changesOf(plan)).toEqual(['-a b>c']);
    expect(plan).toMatchObject({ headsBefore: ['a', 'b'], headsAfter: ['c'] });
  });

  test('may hold one twice: it is one row, with a warning', () => {
    expect(planUpgrade(line, ['b', 'b'], ['head']).warnings).toEqual(['The version table holds b more than once.']);
  });

  test('may be merged many at once', () => {
    const parents = Array.from({ length: 5 }, (_, at) => `p${at}`);
    const graph = drawnGraph(...parents.map((parent) => `${parent} <- m`));
    expect(changesOf(planUpgrade(graph, parents, ['m']))).toEqual(['-p0 -p1 -p2 -p3 p4>m']);
  });
});
