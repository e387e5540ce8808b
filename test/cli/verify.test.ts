import { expect, test } from 'vitest';
import type { VerifiedRevision } from '../../src/commands/results.ts';
import { plain } from '../../src/cli/render/palette.ts';
import { verifyText } from '../../src/cli/render/verify.ts';

function lastLineFor(...states: readonly VerifiedRevision['state'][]): string | undefined {
  const revisions = states.map((state, index) => ({
    revision: `r${index}`,
    state,
    path: `versions/r${index}.ts`,
    applied_at: null,
    applied_by: null,
  }));
  const is_intact = !states.includes('edited');
  return verifyText({ database: 'sqlite:./app.db', revisions, half_done: null, is_intact }, plain).split('\n').at(-1);
}

test('files that were only reformatted do not count as different', () => {
  expect(lastLineFor('reformatted', 'unchanged')).toBe(
    '2 applied revisions in sqlite:./app.db, each means what its file means now; 1 reformatted.',
  );
  expect(lastLineFor('reformatted', 'edited', 'unchanged')).toBe('1 of 3 applied revisions in sqlite:./app.db differ.');
});

test('revisions of which the journal knows nothing are not said to be as their files', () => {
  const reason = 'cannot be compared: the journal does not say what was applied.';
  expect(lastLineFor('unrecorded', 'unrecorded')).toBe(`2 applied revisions in sqlite:./app.db ${reason}`);
  expect(lastLineFor('unchanged', 'unrecorded')).toBe(`1 more revision ${reason}`);
});
