import type { ErrorExplanation } from '../dialects/dialect.ts';
import type { PlanStep } from '../planner/migration-plan.ts';
import { AludelError, isAludelError, messageOf } from '../support/aludel-error.ts';
import type { ErrorCode } from '../support/error-catalog.ts';
import { counted, withoutFullStop } from '../support/text.ts';
import type { HalfDone } from './records/half-done.ts';
import type { RevisionBody } from './revision-body.ts';
import { obstacleInWords, type Obstacle } from './retries.ts';
import { ForgottenAwait } from './revision-session.ts';
import { leftBehind, lineInFile } from './stack-line.ts';
import type { StatementFailure } from './statements/statement-attempt.ts';
import { runOutside } from './statement-errors.ts';
import type { StatementRunner } from './statements/statement-runner.ts';

/** What is known of a step that failed, before it is put into words. */
export interface FailedStep {
  readonly step: PlanStep;
  readonly body: RevisionBody;
  readonly runner: StatementRunner;
  /** What was there of it before, or of its earlier tries. */
  readonly halfDone: HalfDone | null;
  readonly thrown: unknown;
  /** What to write for a name that the database does not know; see what-was-meant.ts. */
  readonly meant: string | null;
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
  const offset = explained?.offset ?? null;
  const line = lineOf(body, failure, offset, thrown);
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
      hint: redact(
        [leftBehind(line, known), adviceOf(failed, known, explained), outcomeOf(failed)]
          .filter((part) => part !== null)
          .join('\n'),
      ),
      facts: {
        revision: step.revision.id,
        direction: step.direction,
        file: body.path,
        reason: redact(reason),
        statement: failure === null ? null : redact(failure.statement.sql),
        statement_number: failure?.number ?? null,
        offset: failure === null || offset === null ? null : shownOffset(failure.statement.sql, offset, redact),
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
        // Last, because an error in the text of a statement counts its own lines.
        line,
      },
      cause: thrown,
    },
  );
}

/**
 * What came through the runner keeps its code; statements that stay behind make any other failure a partial one. A code
 * that says that nothing was touched, such as that of SQL which cannot be read, is no longer true when a revision runs.
 */
function codeOf(known: AludelError | null, failed: FailedStep): ErrorCode {
  const code = known === null || known.exitCode === 2 ? 'migration.failed' : known.code;
  if (code !== 'migration.failed' && code !== 'migration.interrupted') return code;
  if (lastingOf(failed) > 0) return 'migration.partial';
  return failed.obstacle === null ? code : 'migration.blocked';
}

/** Statements that took effect for good, in this try or before it, or may have. */
function lastingOf(failed: FailedStep): number {
  return doneOf(failed) + failed.runner.inDoubt();
}

/** Those of them that did. */
function doneOf({ runner, halfDone, step }: FailedStep): number {
  const done = runner.lasting() - runner.inDoubt();
  if (halfDone?.revision !== step.revision.id) return done;
  const before = [...halfDone.statements.values()].filter(
    ({ state, looks }) => !looks && (state === 'done' || state === 'in-progress'),
  );
  return Math.max(done, before.length);
}

function adviceOf(failed: FailedStep, known: AludelError | null, explained: ErrorExplanation | null): string | null {
  const { thrown, obstacle } = failed;
  if (isAftermath(failed)) {
    return 'The revision caught this error and went on, but the error had ended the transaction. Put what may fail into op.knex.transaction(…): what is caught around that goes back no further.';
  }
  if (explained?.kind === 'interrupted') {
    return 'A time limit ended it, or somebody did: --statement-timeout, statementTimeout of the configuration, statement_timeout of the revision.';
  }
  if (explained?.kind === 'outside-only' && failed.runner.isInsideTransaction()) return runOutside;
  if (explained?.kind === 'local-file') {
    return 'A run sends no files. Read it in a TypeScript revision and write its rows with op.bulkInsert; or put it on the server, where the statement without LOCAL reads it.';
  }
  if (obstacle !== null) {
    return 'Run the same command again when the database is quieter; "retries", "retryDelay" and "tableLockTimeout" say how long to try.';
  }
  if (thrown instanceof Error && /^Expected \d+ bindings, saw \d+$/.test(thrown.message)) return bindingsOfKnex;
  if (known?.code === 'database.connection-lost') {
    return [tooLargeFor(failureBehind(failed)), known.hint].filter((part) => part !== null).join('\n');
  }
  return thrown instanceof ForgottenAwait
    ? 'Write "await" before that call.'
    : (known?.hint ?? (explained?.missing == null ? null : failed.meant));
}

/** MySQL 5.5 took no more than this in one message; no server of today is set to less. */
const largeStatement = 1024 * 1024;

/** A server ends the connection when a message is larger than it takes, without a word. */
function tooLargeFor(failure: StatementFailure | null): string | null {
  if (failure === null) return null;
  const { sql, bindings } = failure.statement;
  const lengths = bindings.map((value) =>
    typeof value === 'string' || value instanceof Uint8Array ? value.length : 0,
  );
  const size = lengths.reduce((sum, length) => sum + length, sql.length);
  if (size < largeStatement) return null;
  return `The statement had ${Math.round(size / largeStatement)} MiB: more than the server takes at once (max_allowed_packet of MySQL) ends the connection each time. Cut it into several.`;
}

/** knex counts the question marks of raw SQL wherever they stand. */
const bindingsOfKnex = String.raw`Give each ? of the raw SQL its binding, and write \\? for one that is no placeholder.`;

/** What is left of the step; null when only the next run can tell. */
function outcomeOf(failed: FailedStep): string | null {
  const { thrown, wholeRun, completed } = failed;
  if (isAludelError(thrown) && (thrown.facts['may_last'] === true || thrown.code === 'migration.in-doubt')) return null;
  const stays = whatStays(doneOf(failed), isAludelError(thrown) && thrown.code === 'migration.interrupted');
  const doubt = whatIsInDoubt(failed.runner.inDoubt());
  if (stays !== null || doubt !== null) return [stays, doubt].filter((part) => part !== null).join('\n');
  if (wholeRun) return 'The whole run was rolled back: the database is as it was.';
  const last = completed.at(-1);
  if (mayLeaveRemains(failed)) {
    const remains = 'What it had begun may be left, such as an invalid index: the same command clears it away.';
    return last === undefined ? remains : `${remains} The revisions before it stay applied, the last one was ${last}.`;
  }
  return last === undefined
    ? 'It was rolled back: the database is as it was.'
    : `It was rolled back; the revisions before it stay applied, the last one was ${last}.`;
}

/** What is built concurrently is no transaction; whoever held it up until its time was over keeps it from being cleared away. */
function mayLeaveRemains(failed: FailedStep): boolean {
  const failure = failureBehind(failed);
  if (failure === null || failed.runner.isInsideTransaction()) return false;
  const isHeldUp = ['interrupted', 'busy', 'deadlock'].includes(failure.explained.kind);
  return isHeldUp && /\bconcurrently\b/i.test(failure.statement.sql);
}

function whatStays(done: number, isInterrupted: boolean): string | null {
  if (done === 0) return null;
  if (isInterrupted) {
    const verb = done === 1 ? 'has' : 'have';
    return `${counted(done, 'statement')} of it ${verb} taken effect and will not run again; a backfill goes on behind its last batch.`;
  }
  return (
    `${counted(done, 'statement')} of it took effect and cannot be rolled back; the journal knows which. ` +
    'Fix the rest and run the same command again: it goes on from there.'
  );
}

function whatIsInDoubt(count: number): string | null {
  if (count === 0) return null;
  return (
    `${counted(count, 'statement')} of it may have taken effect before it failed. ` +
    'Where the catalogue cannot tell, the next run stops there: then "aludel repair --assume-done" says that it did, "aludel repair --resume" that it did not.'
  );
}

/** The statement failure that this error is or was caused by; null when the revision threw on its own account. */
function failureBehind(failed: FailedStep): StatementFailure | null {
  const failure = failed.runner.lastFailure();
  if (failure === null || isAftermath(failed)) return failure;
  return causesOf(failed.thrown).includes(failure.error) ? failure : null;
}

/** True when this error only says that another one ended the transaction before. */
function isAftermath({ runner, thrown }: FailedStep): boolean {
  return causesOf(thrown).some((error) => runner.dialect.explainError(error, '').kind === 'aborted');
}

/** The error and what caused it; no chain is followed for longer. */
function causesOf(thrown: unknown): readonly unknown[] {
  const chain = [thrown];
  for (
    let error = thrown;
    error instanceof Error && error.cause !== undefined && chain.length < 8;
    error = error.cause
  ) {
    chain.push(error.cause);
  }
  return chain;
}

/** The same place in the text as it is shown; null when it lies in what is masked. */
function shownOffset(sql: string, offset: number, redact: (text: string) => string): number | null {
  const before = redact(sql.slice(0, offset));
  return redact(sql).startsWith(before) ? before.length : null;
}

/** 1-based line of the revision file: of the place in the SQL statement, or of the call in the user's own code. */
function lineOf(
  body: RevisionBody,
  failure: StatementFailure | null,
  offset: number | null,
  thrown: unknown,
): number | null {
  if (failure?.line !== undefined) {
    return failure.line + failure.statement.sql.slice(0, offset ?? 0).split('\n').length - 1;
  }
  const stacks = [failure?.caller, thrown instanceof ForgottenAwait ? thrown.caller : null, thrown];
  for (const stack of stacks) {
    const line = stack instanceof Error ? lineInFile(stack, body.path) : null;
    if (line !== null) return line;
  }
  return null;
}
