import type { HalfDone } from '../../runtime/records/half-done.ts';
import { AludelError } from '../../support/aludel-error.ts';

/** migration.half-done: what was left half-done comes first; anything else would build on a state that no file describes. */
export function halfDoneFirst({ revision, direction, startedAt, actor, statements }: HalfDone): AludelError {
  const isInDoubt = [...statements.values()].some(({ state }) => state === 'in-doubt');
  return new AludelError(
    'migration.half-done',
    `The ${direction} of revision ${revision}, begun on ${startedAt} by ${actor}, is only half done.`,
    {
      hint: `${isInDoubt ? lookFirst : 'Finish it first: aludel repair --resume.'} Or say how it stands: aludel repair --mark-applied, --mark-reverted.`,
      facts: { revision, direction, started_at: startedAt, actor },
    },
  );
}

/** `--resume` alone would say that it did not take effect. */
const lookFirst =
  'Finish it first: aludel repair shows the statement that was under way. If it took effect: aludel repair --assume-done. Then: aludel repair --resume.';
