import type { PlanStep } from '../../planner/migration-plan.ts';
import { AludelError, isAludelError, messageOf } from '../../support/aludel-error.ts';
import { withoutFullStop } from '../../support/text.ts';
import type { RevisionBody } from '../revision-body.ts';
import { ForgottenAwait } from '../revision-session.ts';
import { leftBehind, lineInFile } from '../stack-line.ts';
import type { Refusal } from './statement-writer.ts';

/** The error of a revision that cannot be written as a script: which one, file and line, and what to do instead. */
export function scriptFailed(
  step: PlanStep,
  body: RevisionBody,
  refusal: Refusal | null,
  thrown: unknown,
  redact: (text: string) => string,
): AludelError {
  const reason = refusal?.error ?? thrown;
  const known = isAludelError(reason) ? reason : null;
  const line = lineOf(body, refusal, thrown);
  const { id, message } = step.revision;
  const title = message === '' ? id : `${id} (${message})`;
  const hint = thrown instanceof ForgottenAwait ? 'Write "await" before that call.' : known?.hint;
  return new AludelError(
    known?.code ?? 'migration.failed',
    redact(
      `The ${step.direction} of revision ${title} cannot be written as a script: ${withoutFullStop(refusal?.message ?? messageOf(thrown))}.`,
    ),
    {
      where: line === null ? body.path : `${body.path}:${line}`,
      hint: redact(
        [leftBehind(line, known), hint ?? null, 'Nothing was written.'].filter((part) => part !== null).join('\n'),
      ),
      facts: {
        revision: id,
        direction: step.direction,
        file: body.path,
        line,
        statement: refusal?.statement ?? null,
        ...known?.facts,
      },
      cause: reason,
    },
  );
}

/** 1-based line of the revision file: of the SQL statement, or of the call in the user's own code. */
function lineOf({ path }: RevisionBody, refusal: Refusal | null, thrown: unknown): number | null {
  if (refusal?.line !== undefined) return refusal.line;
  const stacks = [refusal?.caller, thrown instanceof ForgottenAwait ? thrown.caller : null, refusal?.error, thrown];
  for (const stack of stacks) {
    const line = stack instanceof Error ? lineInFile(stack, path) : null;
    if (line !== null) return line;
  }
  return null;
}
