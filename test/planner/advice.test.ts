import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildGraph } from '../../src/graph/build-graph.ts';
import { planDowngrade } from '../../src/planner/plan-downgrade.ts';
import { planUpgrade } from '../../src/planner/plan-upgrade.ts';
import { isAludelError } from '../../src/support/aludel-error.ts';
import { histories } from '../arbitraries/histories.ts';
import { drawnGraph } from '../graph/history.ts';
import { refusalOf } from '../graph/refusal.ts';

/** The commands that the error of a call names; none when it succeeds. */
function commandsOf(call: () => unknown): readonly (readonly string[])[] {
  try {
    call();
    return [];
  } catch (error) {
    if (!isAludelError(error)) throw error;
    return [...(error.hint ?? '').matchAll(/aludel (\S+) (\S+)/g)].map(([, command = '', target = '']) => [
      command,
      target.replace(/[.`]$/, ''),
    ]);
  }
}

test('every command that an error of counting names can be planned', () => {
  let named = 0;
  const drawn = fc.record({
    revisions: histories,
    applied: fc.array(fc.nat(), { maxLength: 3 }),
    name: fc.nat(),
    steps: fc.integer({ min: 1, max: 6 }),
    form: fc.constantFrom('', 'at', 'from'),
  });
  fc.assert(
    fc.property(drawn, ({ revisions, applied, name, steps, form }) => {
      const graph = buildGraph(revisions);
      const idAt = (draw: number): string => revisions[draw % revisions.length]?.id ?? '';
      const rows = applied.reduce<readonly string[]>((at, draw) => planUpgrade(graph, at, [idAt(draw)]).headsAfter, []);
      const start = form === '' ? '' : form === 'at' ? `${idAt(name)}@` : idAt(name);
      for (const call of [
        () => planDowngrade(graph, rows, `${start}-${steps}`),
        () => planDowngrade(graph, rows, `${start}+${steps}`),
        () => planUpgrade(graph, rows, [`${start}+${steps}`]),
        () => planUpgrade(graph, rows, [`${start}-${steps}`]),
      ]) {
        for (const [command, target = ''] of commandsOf(call)) {
          named++;
          if (command === 'downgrade') planDowngrade(graph, rows, target);
          else if (command === 'upgrade') planUpgrade(graph, rows, [target]);
          else expect(command).toBe('merge');
        }
      }
    }),
    { numRuns: 500 },
  );
  expect(named).toBeGreaterThan(500);
});

const uneven = drawnGraph('a <- m', 'x <- y <- z <- m');

test('a way that is too short is not offered, and where all are, it is said', () => {
  expect(refusalOf(() => planDowngrade(uneven, ['m'], '-3')).hint).toBe(
    'Say which way, with one of:\n  aludel downgrade x',
  );
  expect(refusalOf(() => planDowngrade(uneven, ['m'], '-5'))).toMatchObject({
    code: 'target.ambiguous-walk',
    hint: 'No way is as long as that. Use base to go all the way.',
  });
});

test('beside another branch, only the one that was counted on is offered to be taken down', () => {
  const graph = drawnGraph('a <- m', 'b <- m', 'other');
  expect(refusalOf(() => planDowngrade(graph, ['m', 'other'], 'm@-2')).hint).toBe(
    'Say which way, with one of:\n  aludel downgrade m@base',
  );
});

test('at a fork, an upgrade names the revisions that are so many steps away', () => {
  const graph = drawnGraph('a <- b <- c', 'b <- d <- e', 'b <- f <- g');
  expect(refusalOf(() => planUpgrade(graph, ['a'], ['+3'])).hint).toBe(
    'Say which way, with one of:\n  aludel upgrade e\n  aludel upgrade g',
  );
});
