import { describe, expect, test } from 'vitest';
import { historyRange } from '../../src/planner/history-range.ts';
import { drawnGraph } from '../graph/history.ts';
import { codeOf } from '../graph/refusal.ts';

const line = drawnGraph('a <- b <- c <- d <- e');
const fork = drawnGraph('t1 <- t2 <- l1[left] <- l2', 't2 <- r1[right] <- r2');

function onLine(range: string | null, rows: readonly string[] = []): string {
  return historyRange(line, rows, range)
    .map(({ id }) => id)
    .join(' ');
}

function onFork(range: string | null, rows: readonly string[] = []): string {
  return historyRange(fork, rows, range)
    .map(({ id }) => id)
    .join(' ');
}

describe('a history range', () => {
  test('is everything when absent or open, newest first', () => {
    for (const range of [null, ':', 'base:', ':head', 'base:heads']) expect(onLine(range)).toBe('e d c b a');
  });

  test('includes both ends', () => {
    expect(onLine('b:d')).toBe('d c b');
    expect(onLine('c:c')).toBe('c');
    expect(onLine('d:')).toBe('e d');
  });

  test('counts up from its low end and down from its high end', () => {
    expect(onLine('a:+2')).toBe('c b a');
    expect(onLine('-2:')).toBe('e d c');
    expect(onLine('-1:c')).toBe('c b');
    expect(onLine('-9:c')).toBe('c b a');
  });

  test('ends where the history ends when counting too far up', () => {
    expect(onLine('d:+9')).toBe('e d');
    expect(onLine('a:d+9')).toBe('e d c b a');
  });

  test('may start or end at what the database is at', () => {
    expect(onLine('current:', ['d'])).toBe('e d');
    expect(onLine(':current', ['b'])).toBe('b a');
    expect(onLine('-1:current', ['d'])).toBe('d c');
    expect(onFork('current:', ['l1', 'r1'])).toBe('r2 r1 l2 l1');
    expect(codeOf(() => onLine('current:', ['gone']))).toBe('database.unknown-revision');
  });

  test('on an empty database is everything above it and nothing up to it', () => {
    expect(onLine('current:')).toBe('e d c b a');
    expect(onLine(':current')).toBe('');
  });

  test('above a revision shows what descends from it, and nothing else', () => {
    expect(onFork('l1:')).toBe('l2 l1');
    expect(onFork('t2:')).toBe('r2 r1 l2 l1 t2');
  });

  test('from the base of a branch shows the branch and what it depends on', () => {
    expect(onFork('left@base:')).toBe('l2 l1 t2 t1');
    const graph = drawnGraph('a1 <- a2 <- a3', 'b1[B] <- b2', 'a2 <~ b2');
    expect(historyRange(graph, [], 'B@base:').map(({ id }) => id)).toEqual(['b2', 'b1', 'a2', 'a1']);
  });

  test('needs its low end below its high end, on one line', () => {
    for (const range of ['c:a', 'd:base']) expect(codeOf(() => onLine(range))).toBe('target.not-related');
    expect(codeOf(() => onFork('l1:r2'))).toBe('target.not-related');
  });

  test('needs exactly one colon', () => {
    for (const range of ['c', '', 'a:b:c', 'left@base']) expect(codeOf(() => onLine(range))).toBe('usage.syntax');
  });
});
