import { describe, expect, test } from 'vitest';
import { parseTarget } from '../../src/graph/target.ts';
import { resolveAbsoluteText } from '../../src/graph/resolve-target.ts';
import { idsAt } from '../../src/graph/shape.ts';
import { buildGraph } from '../../src/graph/build-graph.ts';
import { drawnGraph, revision } from './history.ts';
import { codeOf, refusalOf } from './refusal.ts';

const graph = drawnGraph('t1 <- t2 <- l1[left] <- l2', 't2 <- r1[right] <- r2');

function resolved(text: string): string {
  return idsAt(graph, resolveAbsoluteText(graph, text)).join(' ');
}

describe('a target', () => {
  test('is an id, a label, head, heads or base', () => {
    expect(resolved('t2')).toBe('t2');
    expect(resolved('left')).toBe('l1');
    expect(resolved('heads')).toBe('l2 r2');
    expect(resolved('base')).toBe('');
  });

  test('may keep to a branch, named by a label or by any revision of it', () => {
    expect(resolved('left@head')).toBe('l2');
    expect(resolved('l2@head')).toBe('l2');
    expect(resolved('t2@heads')).toBe('l2 r2');
    expect(resolved('right@t1')).toBe('t1');
    expect(resolved('right@base')).toBe('');
  });

  test('says which heads there are when one was asked for', () => {
    const error = refusalOf(() => resolved('head'));
    expect(error.code).toBe('target.multiple-heads');
    expect(error.message).toBe('"head" asks for one head and there are 2: l2 and r2.');
    expect(error.hint).toContain('branch@head');
    expect(error.facts).toEqual({ target: 'head', heads: ['l2', 'r2'] });
  });

  test('is refused when it is on another branch', () => {
    expect(refusalOf(() => resolved('left@r1')).message).toBe('Revision r1 is not on the branch "left".');
  });

  test('suggests the nearest name when there is none', () => {
    const error = refusalOf(() => resolved('rigth@head'));
    expect(error.code).toBe('target.unknown');
    expect(error.hint).toBe('Did you mean "right"?');
  });

  test.each([
    ['hed', 'Did you mean "head"?'],
    ['HEAD', 'Did you mean "head"?'],
    ['left@haeds', 'Did you mean "heads"?'],
    ['bse', 'Did you mean "base"?'],
    ['lft', 'Did you mean "left"?'],
    ['head+x', 'Steps are written as a number, as in +2, -1 or head-1.'],
    ['+', 'Steps are written as a number, as in +2, -1 or head-1.'],
    ['head+1', 'Steps can be counted in targets of upgrade and downgrade only, from a name that exists.'],
    ['somewhere', 'See `aludel history` for the revisions there are.'],
  ])('that is unknown says what could be meant by %j', (text, hint) => {
    expect(refusalOf(() => resolved(text)).hint).toBe(hint);
  });

  test('has one @ at most', () => {
    const error = refusalOf(() => resolved('left@l1@head'));
    expect(error.code).toBe('target.unknown');
    expect(error.message).toBe('The target "left@l1@head" has more than one @, so it names nothing.');
  });

  test('is case sensitive, and "current" is no place to go to', () => {
    expect(codeOf(() => resolved('HEAD'))).toBe('target.unknown');
    expect(refusalOf(() => resolved('current')).hint).toBe('"current" is known to show, edit and history only.');
  });

  test.each(['', '@head', 'left@', '@', 'head@head', 'base@t1', 't1:t2'])('is malformed as %j', (text) => {
    expect(codeOf(() => parseTarget(graph, text))).toBe('usage.syntax');
  });
});

describe('a partial id', () => {
  const named = drawnGraph('a1[abranch] <- somelongername', 'd1[ebranch] <- someothername', 'abc <- abcd <- abcdef');
  const found = (text: string): string => idsAt(named, resolveAbsoluteText(named, text)).join(' ');

  test('may be a single character when it is unique', () => {
    expect(found('somel')).toBe('somelongername');
    expect(() => found('some')).toThrow('"some" is the beginning of 2 ids.');
    expect(refusalOf(() => found('s')).facts).toEqual({ name: 's', candidates: ['somelongername', 'someothername'] });
  });

  test('is completed within the branch it was asked on', () => {
    expect(found('ebranch@some')).toBe('someothername');
    expect(codeOf(() => found('abranch@someo'))).toBe('target.unknown');
  });

  test('never wins over an exact id, and never completes an id of three characters or fewer', () => {
    expect(found('abcd')).toBe('abcd');
    expect(found('abcde')).toBe('abcdef');
    expect(codeOf(() => found('a'))).toBe('target.ambiguous-name');
    expect(found('abc')).toBe('abc');
  });

  test('never completes a label', () => {
    expect(codeOf(() => found('ebra'))).toBe('target.unknown');
  });
});

describe('a relative target', () => {
  const odd = buildGraph([
    revision('1.2.0'),
    revision('b1', { down: ['1.2.0'], labels: ['release-2'] }),
    revision('größe1', { down: ['b1'] }),
  ]);

  test('counts from the database, from a name, from head or from base', () => {
    expect(parseTarget(odd, '+2')).toEqual({ kind: 'relative-to-current', text: '+2', branch: null, steps: 2 });
    expect(parseTarget(odd, 'b1@-1')).toEqual({ kind: 'relative-to-current', text: 'b1@-1', branch: 'b1', steps: -1 });
    expect(parseTarget(odd, 'head-1')).toMatchObject({ kind: 'relative-to-name', name: 'head', steps: -1 });
    expect(parseTarget(odd, 'größe1-2')).toMatchObject({ kind: 'relative-to-name', name: 'größe1', steps: -2 });
  });

  test('may start from an id with dots', () => {
    expect(parseTarget(odd, '1.2.0+1')).toMatchObject({ kind: 'relative-to-name', name: '1.2.0', steps: 1 });
  });

  test('gives way to a label that is spelled like one, and may start from that label', () => {
    expect(parseTarget(odd, 'release-2')).toMatchObject({ kind: 'absolute', name: 'release-2' });
    expect(parseTarget(odd, 'release-2-1')).toMatchObject({ kind: 'relative-to-name', name: 'release-2', steps: -1 });
    expect(parseTarget(odd, 'release-2@head')).toMatchObject({ kind: 'absolute', branch: 'release-2', name: 'head' });
  });

  test.each(['+1junk', 'b1+1junk', 'b1@+1x', 'b1+1-1'])('ends with its number: %j is malformed', (text) => {
    expect(codeOf(() => parseTarget(odd, text))).toBe('usage.syntax');
  });
});
