import type { ErrorExplanation } from '../dialects/dialect.ts';
import type { PlanStep } from '../planner/migration-plan.ts';
import { AludelError, isAludelError, messageOf } from '../support/aludel-error.ts';
import type { ErrorCode } from '../support/error-catalog.ts';
import { counted } from '../support/text.ts';
import type { RevisionBody } from './revision-body.ts';
import { obstacleInWords, type Obstacle } from './retries.ts';
import { ForgottenAwait } from './revision-session.ts';
import type { StatementFailure } from './statement-attempt.ts';
import type { StatementRunner } from './statement-runner.ts';

/** What is known of a step that failed, before it is put into words. */
export interface FailedStep {
  readonly step: PlanStep;
  readonly body: RevisionBody;
  readonly runner: StatementRunner;
  readonly thrown: unknown;
  /** What ended the last of its tries, when that passes by itself; else null. */
  readonly obstacle: Obstacle | null;
  /** One transaction spanned the whole run, so that nothing of it is left. */
  readonly wholeRun: boolean;
  /** Ids of the revisions this run finished before. */
  readonly completed: readonly string[];
  readonly redact: (text: string) => string;
}

/** The error of a failed revision: which one, file and line, the statement and the database's own words. */
export function stepFailed(failed: FailedStep): AludelError {
  const { step, body, thrown, obstacle, redact } = failed;
  const failure = failureBehind(failed);
  const known = isAludelError(thrown) ? thrown : null;
  const explained = known === null ? (failure?.explained ?? null) : null;
  const line = lineOf(body, failure, thrown);
  const title = step.revision.message === '' ? step.revision.id : `${step.revision.id} (${step.revision.message})`;
  const reason = withoutFullStop(
    obstacle === null ? (explained?.message ?? messageOf(thrown)) : obstacleInWords(obstacle),
  );
  const tries = obstacle === null || obstacle.failures === 1 ? '' : ` ${obstacle.failures} times`;
  return new AludelError(
    codeOf(known, failed),
    redact(`Revision ${title} failed${tries} in its ${step.direction}: ${reason}.`),
    {
      where: line === null ? body.path : `${body.path}:${line}`,
      hint: redact([adviceOf(failed, known, explained), outcomeOf(failed)].filter((part) => part !== null).join('\n')),
      facts: {
        revision: step.revision.id,
        direction: step.direction,
        file: body.path,
        line,
        statement: failure === null ? null : redact(failure.statement.sql),
        statement_number: failure?.number ?? null,
        offset: explained?.offset ?? null,
        database_code: explained?.code ?? null,
        ...(obstacle === null
          ? {}
          : {
              tries: obstacle.failures,
              blockers: obstacle.blockers.map((one) => ({
                ...one,
                query: one.query === null ? null : redact(one.query),
              })),
            }),
        completed: failed.completed,
        ...known?.facts,
      },
      cause: thrown,
    },
  );
}

/** What came through the runner keeps its code; statements that stay behind make any other failure a partial one. */
function codeOf(known: AludelError | null, { runner, obstacle }: FailedStep): ErrorCode {
  const isPlain = known === null || known.code === 'migration.failed' || known.code === 'migration.interrupted';
  if (!isPlain) return known.code;
  if (runner.lasting() > 0) return 'migration.partial';
  return obstacle === null ? (known?.code ?? 'migration.failed') : 'migration.blocked';
}

function adviceOf(
  { thrown, obstacle }: FailedStep,
  known: AludelError | null,
  explained: ErrorExplanation | null,
): string | null {
  if (explained?.kind === 'interrupted') {
    return 'A time limit ended it, or somebody did: statementTimeout of the configuration, statement_timeout of the revision.';
  }
  if (obstacle !== null) {
    return 'Run the same command again when the database is quieter; "retries", "retryDelay" and "tableLockTimeout" say how long to try.';
  }
  return thrown instanceof ForgottenAwait ? 'Write "await" before that call.' : (known?.hint ?? null);
}

/** What is left of the step; null when only the next run can tell. */
function outcomeOf({ runner, thrown, wholeRun, completed }: FailedStep): string | null {
  if (isAludelError(thrown) && thrown.facts['may_last'] === true) return null;
  if (runner.lasting() > 0) {
    return (
      `${counted(runner.lasting(), 'statement')} of it took effect and cannot be rolled back; the journal knows which. ` +
      'Fix the rest and run the same command again: it goes on from there.'
    );
  }
  if (wholeRun) return 'The whole run was rolled back: the database is as it was.';
  const last = completed.at(-1);
  return last === undefined
    ? 'It was rolled back: the database is as it was.'
    : `It was rolled back; the revisions before it stay applied, the last one was ${last}.`;
}

/** The statement failure that this error is or was caused by; null when the revision threw on its own account. */
function failureBehind({ runner, thrown }: FailedStep): StatementFailure | null {
  const failure = runner.lastFailure();
  if (failure === null) return null;
  for (let error = thrown, depth = 0; depth < 8; error = causeOf(error), depth++) {
    if (error === failure.error) return failure;
  }
  return null;
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : null;
}

/** 1-based line of the revision file: of the SQL statement, or of the call in the user's own code. */
function lineOf(body: RevisionBody, failure: StatementFailure | null, thrown: unknown): number | null {
  if (failure?.line !== undefined) return failure.line;
  const stacks = [failure?.caller, thrown instanceof ForgottenAwait ? thrown.caller : null, thrown];
  for (const stack of stacks) {
    const line = stack instanceof Error ? lineInFile(stack, body.path) : null;
    if (line !== null) return line;
  }
  return null;
}

/** The line of the first stack frame in this file. Frames hold absolute paths or file URLs, so the names are compared. */
function lineInFile(error: Error, path: string): number | null {
  const name = path.split(/[\\/]/).at(-1) ?? path;
  for (const frame of (error.stack ?? '').split('\n')) {
    const found = /(?:^|[\\/( ])([^\\/()]+?)(?:\?[^:]*)?:(\d+):\d+\)?$/.exec(frame);
    if (found?.[1] !== undefined && decoded(found[1]) === name) return Number(found[2]);
  }
  return null;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function withoutFullStop(sentence: string): string {
  return sentence.endsWith('.') ? sentence.slice(0, -1) : sentence;
}
