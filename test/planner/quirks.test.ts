import { describe, expect, test } from 'vitest';
import { buildGraph, findDefects } from '../../src/graph/build-graph.ts';
import { resolveAbsoluteText } from '../../src/graph/resolve-target.ts';
import { idsAt } from '../../src/graph/shape.ts';
import { currentRevisions } from '../../src/planner/current-revisions.ts';
import { historyRange } from '../../src/planner/history-range.ts';
import { newRevision } from '../../src/planner/new-revision.ts';
import { planOfflineUpgrade, refuseBackwards } from '../../src/planner/offline-range.ts';
import { planDowngrade } from '../../src/planner/plan-downgrade.ts';
import { planStamp } from '../../src/planner/plan-stamp.ts';
import { planUpgrade } from '../../src/planner/plan-upgrade.ts';
import { showRevisions } from '../../src/planner/show-revisions.ts';
import type { AludelError } from '../../src/support/aludel-error.ts';
import { drawnGraph, history, revision } from '../graph/history.ts';
import { codeOf, refusalOf } from '../graph/refusal.ts';
import { changesOf, idsOf } from './drawn-plan.ts';

const line = drawnGraph('a <- b <- c');
const fork = drawnGraph('t1 <- t2 <- l1[left] <- l2', 't2 <- r1[right] <- r2');

/** The numbers are those of Alembic's verified bugs; those that live elsewhere (Q-20: reading creates the table) are tested there. */
describe('where Alembic is wrong', () => {
  test('Q-1: the branch of a downgrade is always checked, also where it makes no difference', () => {
    expect(codeOf(() => planDowngrade(line, ['c'], 'typo@base'))).toBe('target.unknown');
    expect(codeOf(() => planDowngrade(line, ['c'], 'typo@a'))).toBe('target.unknown');
    expect(codeOf(() => planDowngrade(fork, ['l2', 'r2'], 'left@r1'))).toBe('target.not-related');
  });

  test('Q-2: a merge may name a parent that another parent implies already', () => {
    const byLine = drawnGraph('a <- b <- m', 'a <- m', 'c <- m');
    expect(changesOf(planUpgrade(byLine, ['b', 'c'], ['m']))).toEqual(['-b c>m']);
    const byDependency = drawnGraph('a <- m', 'b <- m', 'a <~ b');
    expect(changesOf(planUpgrade(byDependency, ['b'], ['m']))).toEqual(['b>m']);
  });

  test('Q-3: taking a merge back beside another row brings back no parent that the other parent implies', () => {
    const graph = drawnGraph('a <- m', 'b <- m', 'a <~ b', 'z');
    expect(planDowngrade(graph, ['m', 'z'], 'b').headsAfter).toEqual(['b', 'z']);
  });

  test('Q-4: rows that imply each other are warned about and repaired instead of blocking every upgrade', () => {
    const plan = planUpgrade(line, ['a', 'b'], ['head']);
    expect(plan.warnings).toHaveLength(1);
    expect(changesOf(plan)).toEqual(['-a b>c']);
    expect(planStamp(line, ['a', 'b'], ['heads']).headsAfter).toEqual(['c']);
  });

  test('Q-5: a stamp of several revisions keeps the one that is there already', () => {
    expect(planStamp(fork, ['l2', 'r1'], ['l2', 'r2']).headsAfter).toEqual(['l2', 'r2']);
  });

  test('Q-6: a fully upgraded database is at its heads, also when one head depends on another', () => {
    const graph = drawnGraph('x1 <- x2', 'y1 <- y2', 'x2 <~ y2');
    expect(currentRevisions(graph, ['y2']).isAtHeads).toBe(true);
  });

  test('Q-7: the plan is the same whatever the order of files, and every list has an order', () => {
    const revisions = history('a <- m', 'b <- m', 'c <~ m', 'd <~ m', 'm <- x', 'm <- y');
    const plan = planUpgrade(buildGraph(revisions), [], ['heads']);
    expect(planUpgrade(buildGraph(revisions.toReversed()), [], ['heads'])).toEqual(plan);
    expect(idsOf(plan)).toBe('a b c d m x y');
    expect(changesOf(planDowngrade(buildGraph(revisions), ['m'], 'base'))[0]).toBe('m>d +a +b +c');
  });

  test('Q-8: the open history of a branch shows it, also when other branches depend on its end', () => {
    const graph = drawnGraph('x1[x] <- x2', 'y1 <- y2', 'x2 <~ y2');
    expect(historyRange(graph, [], 'x@base:').map(({ id }) => id)).toEqual(['x2', 'x1']);
    expect(refusalOf(() => planUpgrade(graph, [], ['head'])).facts).toMatchObject({ heads: ['x2', 'y2'] });
  });

  test('Q-9: text after the number of a relative target is a syntax error', () => {
    expect(codeOf(() => planUpgrade(line, ['a'], ['+1junk']))).toBe('usage.syntax');
    expect(codeOf(() => planUpgrade(line, ['a'], ['c+1zzz']))).toBe('usage.syntax');
  });

  test('Q-10: a target that leads nowhere is refused with a code, never with a crash', () => {
    expect(codeOf(() => planUpgrade(line, [], ['head+1']))).toBe('target.out-of-range');
    expect(codeOf(() => planUpgrade(line, [], ['c-5']))).toBe('target.out-of-range');
    expect(codeOf(() => planDowngrade(fork, ['r2'], 'left@-1'))).toBe('target.out-of-range');
    expect(codeOf(() => planDowngrade(fork, ['l2', 'r2'], 't1@-1'))).toBe('target.ambiguous-current');
    expect(codeOf(() => planOfflineUpgrade(line, 'a:'))).toBe('usage.syntax');
    expect(codeOf(() => historyRange(line, [], 'a:b:c'))).toBe('usage.syntax');
    expect(historyRange(fork, ['l1', 'r1'], 'current:').map(({ id }) => id)).toEqual(['r2', 'r1', 'l2', 'l1']);
  });

  test('Q-11: rows are matched exactly, never by prefix', () => {
    const graph = drawnGraph('zzz9');
    expect(codeOf(() => planUpgrade(graph, ['zzz'], ['heads']))).toBe('database.unknown-revision');
    expect(codeOf(() => planDowngrade(graph, ['zzz'], 'base'))).toBe('database.unknown-revision');
  });

  test('Q-12: a branch is the line of the revision that declares it, however it forks and merges above', () => {
    const graph = drawnGraph('a <- b[x] <- c <- m', 'b <- d <- m');
    expect(idsAt(graph, resolveAbsoluteText(graph, 'x@a'))).toEqual(['a']);
    expect(idsOf(planUpgrade(graph, [], ['x@+2']))).toBe('a b');
  });

  test('Q-13: a revision that would overwrite or brick the history is refused before anything is written', () => {
    expect(codeOf(() => newRevision(line, { id: 'c' }))).toBe('revision.invalid');
    expect(codeOf(() => newRevision(fork, { id: 'n', parents: ['l2'], branchLabels: ['left'] }))).toBe(
      'revision.invalid',
    );
  });

  test('Q-14: an id that could not be addressed, stored or written to a file is refused', () => {
    for (const id of ['head', 'base', 'a/b', "a'b", 'x'.repeat(256)]) {
      expect(codeOf(() => newRevision(line, { id }))).toBe('revision.invalid');
    }
    expect(findDefects([revision('base'), revision('head', { down: ['base'] })])).toHaveLength(2);
  });

  test('Q-15: -N as the low end of a history counts from its high end', () => {
    expect(historyRange(line, ['b'], '-1:current').map(({ id }) => id)).toEqual(['b', 'a']);
  });

  test('Q-16: current may be both ends of a history', () => {
    expect(historyRange(line, ['b'], 'current:current').map(({ id }) => id)).toEqual(['b']);
  });

  test('Q-17: nothing is below base', () => {
    expect(codeOf(() => planDowngrade(line, ['c'], 'base-1'))).toBe('target.out-of-range');
    expect(codeOf(() => planUpgrade(line, [], ['base-1']))).toBe('target.out-of-range');
    expect(codeOf(() => showRevisions(line, [], 'base-1'))).toBe('target.unknown');
  });

  test('Q-18: counting down from several current revisions is refused, listing them', () => {
    const error = refusalOf(() => planDowngrade(fork, ['l2', 'r2'], '-1'));
    expect(error.code).toBe('target.ambiguous-current');
    expect(error.facts).toMatchObject({ target: '-1', current: ['l2', 'r2'] });
    expect(error.hint).toBe('Say which way, with one of:\n  aludel downgrade l2@-1\n  aludel downgrade r2@-1');
  });

  test('Q-19: an upgrade script whose ends are swapped is refused, with the downgrade that was meant', () => {
    const refusal = (range: string): AludelError =>
      refusalOf(() => refuseBackwards(line, range, planOfflineUpgrade(line, range)));
    const error = refusal('c:a');
    expect(error.code).toBe('usage.syntax');
    expect(error.message).toBe('The range "c:a" runs backwards: an upgrade from c to a does nothing.');
    expect(error.hint).toBe('Take it down: aludel downgrade c:a --sql');
    expect(refusal('head:base').hint).toContain('aludel downgrade head:base --sql');
    expect(() => refuseBackwards(line, 'c:c', planOfflineUpgrade(line, 'c:c'))).not.toThrow();
  });

  test('Q-21: the history of a branch shows its dependencies and hides its siblings', () => {
    const graph = drawnGraph('a1 <- a2 <- a3', 'b1[B] <- b2', 'a2 <~ b2', 'b1 <- s');
    expect(historyRange(graph, [], 'b2@base:').map(({ id }) => id)).toEqual(['b2', 'b1', 'a2', 'a1']);
  });

  test('Q-22: a history of many diamonds and cross dependencies is planned in linear time', () => {
    const rungs = Array.from({ length: 2_000 }, (_, at) => [
      revision(`l${at}`, { down: at === 0 ? [] : [`j${at - 1}`] }),
      revision(`r${at}`, { down: at === 0 ? [] : [`j${at - 1}`], deps: [`l${at}`] }),
      revision(`j${at}`, { down: [`l${at}`, `r${at}`] }),
    ]);
    expect(planUpgrade(buildGraph(rungs.flat()), [], ['head']).steps).toHaveLength(6_000);
  });

  test('Q-23: a downgrade to a revision that is applied but only implied is nothing to do', () => {
    const graph = drawnGraph('a1 <- a2', 'b1 <- b2', 'a2 <~ b2');
    expect(planDowngrade(graph, ['b2'], 'a2').steps).toEqual([]);
  });

  test('Q-24: a label that looks like a relative target is that label', () => {
    const graph = drawnGraph('a <- b[team-2] <- c', 'a <- d');
    expect(idsOf(planUpgrade(graph, [], ['team-2']))).toBe('a b');
    expect(idsOf(planUpgrade(graph, [], ['team-2@head']))).toBe('a b c');
    expect(findDefects([revision('a', { labels: ['head'] })])).toHaveLength(1);
  });
});

describe('where the reference has other quirks', () => {
  test('no steps is no distance: +0 and rev+0 are the place itself', () => {
    expect(planUpgrade(line, ['a'], ['+0']).steps).toEqual([]);
    expect(idsOf(planUpgrade(line, ['a'], ['b+0']))).toBe('b');
    expect(planDowngrade(line, ['b'], '-0').steps).toEqual([]);
  });

  test('a downgrade takes every branch above its target when the branch is named from below', () => {
    expect(idsOf(planDowngrade(fork, ['l2', 'r2'], 't1@t2'))).toBe('r2 r1 l2 l1');
  });

  test('a downgrade to the head of a branch finds that head', () => {
    expect(planDowngrade(fork, ['l2', 'r2'], 'left@head').steps).toEqual([]);
  });

  test('a counted downgrade does not take several branches down where the branch does not tell them apart', () => {
    expect(codeOf(() => planDowngrade(fork, ['l2', 'r2'], 't1@base+2'))).toBe('target.not-related');
  });

  test('an open history that ends at an empty database is empty', () => {
    expect(historyRange(line, [], ':current')).toEqual([]);
  });

  test('a low end that is reached only through depends_on is refused', () => {
    const graph = drawnGraph('x1 <- x2', 'y1 <- y2', 'x1 <~ y1');
    expect(codeOf(() => historyRange(graph, [], 'x1:y2'))).toBe('target.not-related');
  });
});
