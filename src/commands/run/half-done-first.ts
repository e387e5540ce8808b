import type { HalfDone } from '../../runtime/records/half-done.ts';
import { AludelError } from '../../support/aludel-error.ts';

/** migration.half-done: what was left half-done comes first; anything else would build on a state that no file describes. */
export function halfDoneFirst({ revision, direction, startedAt, actor }: HalfDone): AludelError {
  return new AludelError(
    'migration.half-done',
    `The ${direction} of revision ${revision}, begun on ${startedAt} by ${actor}, is only half done.`,
    {
      hint: 'Finish it first: aludel repair --resume. Or say how it stands: aludel repair --mark-applied, --mark-reverted.',
      facts: { revision, direction, started_at: startedAt, actor },
    },
  );
}
