import { describe, expect, test } from 'vitest';
import {
  parseOfflineRange,
  planOfflineDowngrade,
  planOfflineStamp,
  planOfflineUpgrade,
} from '../../src/planner/offline-range.ts';
import type { RevisionGraph } from '../../src/graph/revision-graph.ts';
import { drawnGraph } from '../graph/history.ts';
import { codeOf, refusalOf } from '../graph/refusal.ts';
import { idsOf } from './drawn-plan.ts';

const line = drawnGraph('a <- b <- c <- d');
const fork = drawnGraph('t <- l1[left] <- l2', 't <- r1[right] <- r2');

describe('the range of a script', () => {
  test('starts from base when no start is written', () => {
    expect(parseOfflineRange(line, 'head')).toEqual({ startRows: [], end: 'head' });
    expect(parseOfflineRange(line, 'base:head')).toEqual({ startRows: [], end: 'head' });
  });

  test('may start from several rows', () => {
    expect(parseOfflineRange(fork, 'right,l2:heads')).toEqual({ startRows: ['l2', 'r1'], end: 'heads' });
    expect(idsOf(planOfflineUpgrade(fork, 'l1,r1:heads'))).toBe('l2 r2');
    expect(codeOf(() => parseOfflineRange(fork, 't,l1:heads'))).toBe('target.overlapping');
    expect(codeOf(() => parseOfflineRange(fork, 'heads:heads'))).toBe('target.multiple-heads');
    expect(() => parseOfflineRange(fork, 'head:base')).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('l2,r2:') as unknown }) as Error,
    );
  });

  test.each([':', ':head', 'a:', 'a:b:c', ''])('is malformed as %j', (range) => {
    expect(codeOf(() => planOfflineUpgrade(line, range))).toBe('usage.syntax');
  });

  test('cannot start at a relative target: there is no database to count from', () => {
    expect(codeOf(() => parseOfflineRange(line, '-1:head'))).toBe('target.unknown');
    expect(codeOf(() => parseOfflineRange(line, 'a+1:head'))).toBe('target.unknown');
  });
});

describe('a script', () => {
  test('upgrades from its start, and counts from it', () => {
    expect(idsOf(planOfflineUpgrade(line, 'a:c'))).toBe('b c');
    expect(planOfflineUpgrade(line, 'b:+2')).toMatchObject({ headsBefore: ['b'], headsAfter: ['d'] });
    expect(idsOf(planOfflineUpgrade(line, '+2'))).toBe('a b');
  });

  test('downgrades from its start, which it must have', () => {
    expect(planOfflineDowngrade(line, 'd:-2')).toMatchObject({ headsBefore: ['d'], headsAfter: ['b'] });
    expect(codeOf(() => planOfflineDowngrade(line, 'b'))).toBe('usage.syntax');
    const hint = (graph: RevisionGraph, text: string) => refusalOf(() => planOfflineDowngrade(graph, text)).hint;
    expect(hint(line, '-1')).toBe('Write where the database is, as in aludel downgrade head:-1 --sql');
    expect(hint(fork, 'base')).toContain('aludel downgrade l2,r2:base --sql');
    expect(hint(fork, '-1')).toContain('aludel downgrade l2:-1 --sql');
    expect(hint(line, 'head')).toContain('Write start:end');
    expect(codeOf(() => planOfflineDowngrade(line, 'a:c'))).toBe('target.not-related');
  });

  test('is what the commands that an error names write as well', () => {
    const merged = drawnGraph('t <- l1 <- m', 't <- r1 <- m', 'z');
    const hint = (call: () => unknown) =>
      refusalOf(call)
        .hint?.split('\n')
        .map((row) => row.trim());
    const [way, ...commands] = hint(() => planOfflineDowngrade(merged, 'm,z:-1')) ?? [];
    expect(way).toBe('Say which way, with one of:');
    expect(commands).toEqual(['aludel downgrade m,z:z@-1 --sql']);
    expect(hint(() => planOfflineDowngrade(merged, 'm:-1'))?.slice(1)).toEqual([
      'aludel downgrade m:l1 --sql',
      'aludel downgrade m:r1 --sql',
    ]);
    expect(hint(() => planOfflineUpgrade(merged, 't:+1'))?.slice(1)).toEqual([
      'aludel upgrade t:l1 --sql',
      'aludel upgrade t:r1 --sql',
    ]);
    expect(hint(() => planOfflineUpgrade(line, 'base:-1'))).toEqual(['Revisions are taken back by aludel downgrade.']);
  });

  test('stamps several ends from one start', () => {
    expect(planOfflineStamp(fork, ['t:l2', 't:r2'])).toMatchObject({ headsBefore: ['t'], headsAfter: ['l2', 'r2'] });
    expect(codeOf(() => planOfflineStamp(fork, ['t:l2', 'base:r2']))).toBe('usage.syntax');
    expect(codeOf(() => planOfflineStamp(fork, ['t'], { purge: true }))).toBe('usage.syntax');
  });
});
