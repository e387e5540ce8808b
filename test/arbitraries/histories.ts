import * as fc from 'fast-check';
import type { Revision } from '../../src/graph/revision.ts';
import { revision } from '../graph/history.ts';

/** What a random revision is made of; parents and dependencies are drawn from the revisions before it. */
interface Seed {
  readonly parents: readonly number[];
  readonly dependencies: readonly number[];
  readonly isBase: boolean;
  readonly hasLabel: boolean;
  readonly dependsByLabel: boolean;
}

const seed: fc.Arbitrary<Seed> = fc.record({
  // One parent is the rule, several are a merge; small numbers stay near, so that lines grow long.
  parents: fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 3 }),
  dependencies: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(fc.nat(), { maxLength: 3 }) },
  ),
  isBase: fc.boolean(),
  hasLabel: fc.integer({ min: 0, max: 4 }).map((drawn) => drawn === 0),
  dependsByLabel: fc.boolean(),
});

/**
 * Random sound histories of 1 to 40 revisions with branches, merges, several bases, depends_on by id and by label,
 * and redundant edges (a parent or dependency that another one implies). Ids are in no order of age.
 */
export const histories: fc.Arbitrary<readonly Revision[]> = fc
  .record({
    seeds: fc.array(seed, { minLength: 1, maxLength: 40, size: 'max' }),
    shift: fc.nat({ max: 996 }),
    bases: fc.integer({ min: 2, max: 12 }),
  })
  .map(({ seeds, shift, bases }) => {
    const ids = seeds.map((_, at) => `r${((at * 389 + shift) % 997).toString().padStart(3, '0')}`);
    const labels = seeds.map((one, at) => (one.hasLabel ? `label${at}` : null));
    return seeds.map((one, at) => {
      const isBase = at === 0 || (one.isBase && at % bases === 0);
      const down = isBase ? [] : one.parents.flatMap((back) => ids[Math.max(0, at - 1 - back)] ?? []);
      const deps = one.dependencies.flatMap((draw) => {
        const target = at === 0 ? -1 : draw % at;
        return (one.dependsByLabel ? labels[target] : null) ?? ids[target] ?? [];
      });
      const label = labels[at];
      return revision(ids[at] ?? '', {
        down: [...new Set(down)],
        deps: [...new Set(deps)],
        labels: typeof label === 'string' ? [label] : [],
      });
    });
  });

/** A history and one of its revisions. */
export const historiesWithRevision: fc.Arbitrary<{ readonly revisions: readonly Revision[]; readonly chosen: string }> =
  fc
    .tuple(histories, fc.nat())
    .map(([revisions, draw]) => ({ revisions, chosen: revisions[draw % revisions.length]?.id ?? '' }));
