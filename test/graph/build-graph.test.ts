import { describe, expect, test } from 'vitest';
import { buildGraph, findDefects } from '../../src/graph/build-graph.ts';
import type { Revision } from '../../src/graph/revision.ts';
import type { AludelError } from '../../src/support/aludel-error.ts';
import { drawnGraph, history, revision } from './history.ts';
import { refusalOf } from './refusal.ts';

function order(...lines: readonly string[]): string {
  return drawnGraph(...lines)
    .revisions.map(({ id }) => id)
    .join(' ');
}

function kinds(revisions: readonly Revision[]): readonly string[] {
  return findDefects(revisions).map(({ kind }) => kind);
}

function refusal(revisions: readonly Revision[]): AludelError {
  return refusalOf(() => buildGraph(revisions));
}

describe('the order of a history', () => {
  test('is one whole branch after the other, ties by id', () => {
    expect(order('a <- b <- c1 <- d1 <- e <- f', 'b <- c2 <- d2 <- e')).toBe('a b c1 d1 c2 d2 e f');
    expect(order('z1 <- z2', 'a1 <- a2')).toBe('a1 a2 z1 z2');
  });

  test('puts a dependency before its dependent and late enough to keep branches whole', () => {
    expect(order('a1 <- a2 <- a3', 'b1 <- b2 <- b3', 'a2 <~ b2')).toBe('a1 a2 a3 b1 b2 b3');
    expect(order('b1 <- b2', 'a1 <- a2', 'b2 <~ a2')).toBe('a1 b1 b2 a2');
  });

  test('does not depend on the order of parents or dependencies in a file', () => {
    const drawn = history('a <- m', 'b <- m', 'c <~ m', 'd <~ m');
    const turned = drawn.map((one) => ({
      ...one,
      downRevisions: one.downRevisions.toReversed(),
      dependsOn: one.dependsOn.toReversed(),
    }));
    expect(buildGraph(turned).revisions.map(({ id }) => id)).toEqual(buildGraph(drawn).revisions.map(({ id }) => id));
  });

  test('needs no recursion for a line of 50,000 revisions', () => {
    const ids = Array.from({ length: 50_000 }, (_, at) => `r${at}`);
    const graph = buildGraph(ids.map((id, at) => revision(id, { down: at === 0 ? [] : [ids[at - 1] ?? ''] })));
    expect(graph.revisions.at(-1)?.id).toBe('r49999');
  });
});

describe('the edges of a history', () => {
  test('keep parents as written, and list needs without repeats, parents first', () => {
    const graph = buildGraph([
      revision('a', { labels: ['lib'] }),
      revision('b'),
      revision('m', { down: ['b', 'a'], deps: ['lib', 'b'] }),
    ]);
    const at = graph.positionOf.get('m') ?? -1;
    const ids = (list: readonly number[] = []): readonly string[] =>
      list.map((position) => graph.revisions[position]?.id ?? '');
    expect(ids(graph.parents[at])).toEqual(['b', 'a']);
    expect(ids(graph.needs[at])).toEqual(['b', 'a']);
    expect(ids(graph.dependents[graph.positionOf.get('a') ?? -1])).toEqual(['m']);
    expect(graph.labels.get('lib')).toBe(graph.positionOf.get('a'));
  });

  test('may be redundant: a parent or dependency that another parent implies is legal', () => {
    expect(kinds(history('a <- b <- m', 'a <- m', 'a <~ m'))).toEqual([]);
  });

  test('may repeat: a parent named twice is one parent', () => {
    const graph = buildGraph([revision('a'), revision('b', { down: ['a', 'a'] })]);
    expect(graph.parents[1]).toEqual([0]);
  });

  test('may be none at all', () => {
    expect(buildGraph([]).revisions).toEqual([]);
  });
});

describe('a broken history', () => {
  test('names the file, the line and the nearest id for a parent that no file has', () => {
    const { code, message, facts } = refusal([revision('ae1027'), revision('5b2c41', { down: ['ae1026'] })]);
    expect(code).toBe('history.broken');
    expect(message).toBe(
      'Revision 5b2c41 names down_revision "ae1026", which is in no file (versions/5b2c41.ts:4). Did you mean "ae1027"?',
    );
    expect(facts).toEqual({
      defects: [
        {
          kind: 'missing-down-revision',
          id: '5b2c41',
          missing: 'ae1026',
          suggestion: 'ae1027',
          places: ['versions/5b2c41.ts:4'],
        },
      ],
    });
  });

  test('suggests the whole id for a partial one, which files may not hold', () => {
    expect(refusal([revision('abcdef'), revision('b1', { deps: ['abcd'] })]).message).toContain(
      'Did you mean "abcdef"?',
    );
  });

  test('names both files of an id that is used twice', () => {
    const twins = [revision('a', {}, 'versions/two.ts'), revision('a', {}, 'versions/one.ts')];
    expect(refusal(twins).message).toBe(
      'Revision id "a" is used by 2 files (versions/one.ts:3 and versions/two.ts:3).',
    );
  });

  test('judges every file of an id that is used twice, and no ring that hangs on which one is meant', () => {
    const twins = [revision('a', {}, 'versions/one.ts'), revision('a', { down: ['b', 'gone'] }, 'versions/two.ts')];
    expect(kinds([...twins, revision('b', { down: ['a'] })])).toEqual(['duplicate-id', 'missing-down-revision']);
  });

  test('prints each cycle once, as the ring itself and not what hangs on it', () => {
    const { message } = refusal(history('below <- a <- b <- c <- a', 'c <- above'));
    expect(message).toBe(
      'Revisions form a cycle by down_revision: a -> c -> b -> a ' +
        '(versions/a.ts:4, versions/c.ts:4 and versions/b.ts:4).',
    );
  });

  test('tells a cycle by down_revision from one that goes through depends_on', () => {
    expect(kinds(history('a <- b <- c <- a'))).toEqual(['cycle']);
    expect(kinds(history('a <- b <- c', 'c <~ a'))).toEqual(['dependency-cycle']);
    expect(kinds(history('a <~ b <~ a', 'x <- y <- x'))).toEqual(['cycle', 'dependency-cycle']);
  });

  test('notices a cycle between a healthy line below and a head above', () => {
    expect(kinds(history('a <- b <- c <- d <- b', 'd <- e'))).toEqual(['cycle']);
  });

  test('names a revision that is its own parent or its own dependency, by id or by label', () => {
    expect(kinds([revision('a', { down: ['a'] })])).toEqual(['self-loop']);
    expect(kinds([revision('a', { deps: ['a'] })])).toEqual(['dependency-self-loop']);
    expect(kinds([revision('a', { deps: ['lib'], labels: ['lib'] })])).toEqual(['dependency-self-loop']);
  });

  test('names every place of a label that is declared twice or is an id', () => {
    const revisions = [
      revision('a', { labels: ['x'] }),
      revision('b', { labels: ['x'] }),
      revision('c', { labels: ['b'] }),
    ];
    expect(findDefects(revisions)).toEqual([
      { kind: 'label-is-id', label: 'b', id: 'c', places: ['versions/c.ts:5', 'versions/b.ts:3'] },
      { kind: 'duplicate-label', label: 'x', ids: ['a', 'b'], places: ['versions/a.ts:5', 'versions/b.ts:5'] },
    ]);
  });

  test.each(['a@b', 'a-b', 'a+b', 'a:b', '', ' a', 'a\n', 'a\tb', 'head', 'heads', 'base', 'current'])(
    'refuses the id %j',
    (id) => {
      expect(kinds([revision(id)])).toEqual(['illegal-id']);
    },
  );

  test.each(['1.2.0', 'a.b_1', '#8/8', 'rev 10', "it's", 'größe1', 'ревизия3', '改訂04', '4446e08588', 'HEAD'])(
    'accepts the id %j, which real histories have',
    (id) => {
      expect(kinds([revision(id)])).toEqual([]);
    },
  );

  test('accepts a dash in a label but none of the other characters of targets', () => {
    const labelled = (label: string): readonly string[] => kinds([revision('a', { labels: [label] })]);
    expect(labelled('hot-fix')).toEqual([]);
    expect(labelled('release-2')).toEqual([]);
    expect(['a@b', 'a+b', 'a:b', '', 'base'].map(labelled).flat()).toEqual(
      Array.from({ length: 5 }, () => 'illegal-label'),
    );
  });

  test('reports every defect at once', () => {
    const revisions = [
      revision('a', { down: ['gone'] }),
      revision('a', {}, 'versions/copy.ts'),
      revision('b-c', { deps: ['nothing'] }),
      revision('s', { down: ['s'] }),
      ...history('x <- y <- x'),
    ];
    expect(kinds(revisions)).toEqual([
      'illegal-id',
      'duplicate-id',
      'missing-down-revision',
      'missing-dependency',
      'self-loop',
      'cycle',
    ]);
    expect(refusal(revisions).message).toContain('The revision files have 6 defects:\n  Revision id "b-c"');
  });

  test('reports the same whatever the order of the files', () => {
    const revisions = [revision('b', { down: ['x'] }), revision('a', { down: ['y'] }), ...history('p <- q <- p')];
    expect(findDefects(revisions.toReversed())).toEqual(findDefects(revisions));
  });
});
