import { describe, expect, test } from 'vitest';
import { newMerge, newRevision } from '../../src/planner/new-revision.ts';
import { drawnGraph } from '../graph/history.ts';
import { codeOf, refusalOf } from '../graph/refusal.ts';

const line = drawnGraph('a <- bbbb <- c[lib]');
const fork = drawnGraph('t <- l1[left] <- l2', 't <- r1[right] <- r2');

describe('a new revision', () => {
  test('stands on the head when no parent is named', () => {
    expect(newRevision(line, { id: 'n' })).toEqual({ id: 'n', downRevisions: ['c'], dependsOn: [], branchLabels: [] });
    expect(newRevision(drawnGraph(), { id: 'n' }).downRevisions).toEqual([]);
    const error = refusalOf(() => newRevision(fork, { id: 'n' }));
    expect(error.code).toBe('target.multiple-heads');
    expect(error.hint).toBe('Say which of them is its parent, as in --head l2, or join them first: aludel merge heads');
  });

  test('stands on nothing when its parent is base', () => {
    expect(newRevision(line, { id: 'n', parents: ['base'] }).downRevisions).toEqual([]);
  });

  test('needs splice to stand on a revision that has children', () => {
    const error = refusalOf(() => newRevision(line, { id: 'n', parents: ['bbbb'] }));
    expect(error.code).toBe('revision.not-a-head');
    expect(error.facts).toEqual({ parents: ['bbbb'], heads: ['c'] });
    expect(refusalOf(() => newRevision(fork, { id: 'n', parents: ['l1'] })).hint).toMatch(/^Use l2 or r2, or add/);
    expect(newRevision(line, { id: 'n', parents: ['bb'], splice: true }).downRevisions).toEqual(['bbbb']);
    expect(newRevision(line, { id: 'n', parents: ['-1'], splice: true }).downRevisions).toEqual(['bbbb']);
  });

  test('writes dependencies in full, and keeps labels as labels', () => {
    const made = newRevision(fork, { id: 'n', parents: ['left@head'], dependsOn: ['right', 'r2', 'right@r1'] });
    expect(made.dependsOn).toEqual(['right', 'r2', 'r1']);
    expect(newRevision(line, { id: 'n', dependsOn: ['bbb'] }).dependsOn).toEqual(['bbbb']);
    expect(codeOf(() => newRevision(line, { id: 'n', dependsOn: ['nope'] }))).toBe('target.unknown');
    expect(codeOf(() => newRevision(line, { id: 'n', dependsOn: ['base'] }))).toBe('revision.invalid');
  });

  test('may stand on a head that another revision depends on', () => {
    const graph = drawnGraph('x1[x] <- x2', 'y1 <- y2', 'x2 <~ y2');
    expect(newRevision(graph, { id: 'n', parents: ['x@head'] }).downRevisions).toEqual(['x2']);
  });

  test.each([
    'a-b',
    'a@b',
    'a+b',
    'a:b',
    'head',
    'base',
    '',
    'a/b',
    '../x',
    "it's",
    'a"b',
    'a b',
    'a\nb',
    '.hidden',
    'x'.repeat(256),
  ])('cannot have the id %j', (id) => {
    expect(codeOf(() => newRevision(line, { id }))).toBe('revision.invalid');
  });

  test.each(['1.2.0', '0001_restart', 'größe1', '4446e08588', 'x'.repeat(255)])('can have the id %s', (id) => {
    expect(newRevision(line, { id }).id).toBe(id);
  });

  test('cannot have an id or a label that is taken, and says where it is taken', () => {
    const twin = refusalOf(() => newRevision(line, { id: 'a' }));
    expect(twin.code).toBe('revision.invalid');
    expect(twin.message).toBe('Revision id "a" is used by 2 files (the new revision and versions/a.ts:3).');
    expect(codeOf(() => newRevision(line, { id: 'lib' }))).toBe('revision.invalid');
    for (const label of ['lib', 'a', 'n', 'head', 'team-2', 'a b']) {
      expect(codeOf(() => newRevision(line, { id: 'n', branchLabels: [label] }))).toBe('revision.invalid');
    }
    expect(newRevision(line, { id: 'n', branchLabels: ['hot-fix'] }).branchLabels).toEqual(['hot-fix']);
  });
});

describe('a merge', () => {
  test('keeps its parents in the order asked for, and the heads in order of id', () => {
    expect(newMerge(fork, { id: 'm', parents: ['r2', 'l2'] }).downRevisions).toEqual(['r2', 'l2']);
    expect(newMerge(fork, { id: 'm', parents: ['heads'] }).downRevisions).toEqual(['l2', 'r2']);
    expect(newMerge(fork, { id: 'm', parents: ['l1', 'r2'], splice: true }).downRevisions).toEqual(['l1', 'r2']);
  });

  test('of all heads joins also a head that another one depends on', () => {
    const graph = drawnGraph('x1 <- x2', 'y1 <- y2', 'x2 <~ y2');
    expect(newMerge(graph, { id: 'm', parents: ['heads'] }).downRevisions).toEqual(['x2', 'y2']);
  });

  test('needs two revisions or more, each named once', () => {
    expect(refusalOf(() => newMerge(line, { id: 'm', parents: ['heads'] })).facts).toMatchObject({
      reason: 'too-few-parents',
    });
    expect(codeOf(() => newMerge(line, { id: 'm', parents: ['base'] }))).toBe('revision.invalid');
    expect(refusalOf(() => newMerge(line, { id: 'm', parents: ['c', 'c'] })).facts).toMatchObject({
      reason: 'duplicate-parents',
    });
    expect(codeOf(() => newMerge(fork, { id: 'm', parents: ['l1', 'r2'] }))).toBe('revision.not-a-head');
  });
});
