import type { StatementTraits } from '../dialects/statement.ts';
import type { PlanStep } from '../planner/migration-plan.ts';
import { AludelError, messageOf } from '../support/aludel-error.ts';
import type { RecordedStatement } from './records/half-done.ts';

/** Why a statement may not run where it stands; null when it may. */
export function misplaced(traits: StatementTraits, inside: boolean): AludelError | null {
  if (traits.control !== null) {
    return new AludelError('migration.failed', 'A revision may not begin or end a transaction itself', {
      hint: 'Each revision runs in a transaction of its own. What must run outside one goes into op.autocommit(async () => …), or into a SQL section that says "-- migrate:up transaction:false".',
    });
  }
  if (traits.freesLocks) {
    return new AludelError('migration.failed', 'This statement would free the migration lock too', {
      hint: 'Free your own locks one by one, by name or key, and take back settings with RESET or SET.',
    });
  }
  if (traits.outsideTransaction && inside) {
    return new AludelError('migration.failed', 'This statement cannot run inside a transaction', {
      hint: runOutside,
    });
  }
  return null;
}

/** For a statement that cannot run inside a transaction. */
export const runOutside =
  'Put it into op.autocommit(async () => …), or into a SQL section that says "-- migrate:up transaction:false".';

export function cannotLeaveTransaction(): AludelError {
  return new AludelError('migration.failed', 'op.autocommit cannot leave a transaction that spans the whole run', {
    hint: 'Run with --transaction-mode revision.',
  });
}

/** For a revision that caught the error of such a COMMIT. */
export function couldNotLeaveTransaction(error: unknown): AludelError {
  return new AludelError('migration.failed', messageOf(error), {
    hint: 'The revision caught this error and went on, but what came before it could not be committed and is lost. op.autocommit, op.backfill and what is built concurrently commit first: let their errors through.',
    cause: error,
  });
}

export function cannotLeaveDatabase(): AludelError {
  return new AludelError('migration.failed', 'A script cannot change to another database and come back', {
    hint: 'Write the name of the database before that of the table, and leave USE out.',
  });
}

export function cannotFindJournal(): AludelError {
  return new AludelError(
    'migration.failed',
    'A script that changes search_path does not find its journal before the revision ends',
    {
      hint: 'Write the schema before each name and leave search_path alone, or say in the configuration where the journal is: versionTableSchema.',
    },
  );
}

export function ddlInsideUnit(): AludelError {
  return new AludelError('migration.failed', 'This statement would commit the transaction of op.knex.transaction()', {
    hint: 'Move it out of op.knex.transaction(): on MySQL it commits by itself.',
  });
}

export function backfillInsideUnit(): AludelError {
  return new AludelError('migration.failed', 'op.backfill cannot run inside op.knex.transaction()', {
    hint: 'Move it out: each of its batches is a transaction of its own.',
  });
}

/** For a statement that only sets something for the session. */
export function sessionIsShared(): AludelError {
  return new AludelError('migration.failed', 'Outside a transaction the session belongs to the pool, not to this run', {
    hint: 'Set it inside a transaction, where it holds until that ends; or connect to the server itself.',
  });
}

const whenReachable = 'Run the same command again once the database can be reached.';

/** A connection lost between two statements, each of which had its answer. */
export function runStopped(reason: string): AludelError {
  return new AludelError('database.connection-lost', `The run was stopped before its next statement: ${reason}`, {
    hint: whenReachable,
  });
}

/**
 * A connection lost before the database had answered. What it was asked may have taken effect, `mayLast`, unless it
 * stood in a transaction, which then was rolled back.
 */
export function connectionLost(reason: string, mayLast: boolean, cause: unknown): AludelError {
  return new AludelError('database.connection-lost', reason, {
    hint: mayLast ? `${whenReachable} It finds out whether what was under way took effect.` : whenReachable,
    facts: { may_last: mayLast },
    cause,
  });
}

export function changedBefore(
  step: PlanStep,
  number: number,
  before: RecordedStatement,
  now: string | null,
): AludelError {
  return new AludelError(
    'migration.changed',
    `Statement ${number} of the half-done revision ${step.revision.id} is not the one that ran on ${before.at}`,
    {
      hint: `It was: ${before.sql}\nIt is now: ${now ?? '(no such statement)'}\nPut the file back as it was up to this statement and run the command again, or finish by hand and say so: aludel repair.`,
      facts: { statement: number, ran: before.sql, now },
    },
  );
}

export function temporaryIsGone(step: PlanStep, number: number, before: RecordedStatement): AludelError {
  return new AludelError(
    'migration.in-doubt',
    `Revision ${step.revision.id} was interrupted after statement ${number} had made a temporary object, which is gone`,
    {
      hint: `The statement was: ${before.sql}\nFinish the revision by hand and then say so: aludel repair --mark-applied, or --mark-reverted if you undid it.`,
      facts: { statement: number, sql: before.sql },
    },
  );
}

export function answerIsLost(step: PlanStep, number: number, before: RecordedStatement): AludelError {
  return new AludelError(
    'migration.in-doubt',
    `Revision ${step.revision.id} was interrupted after statement ${number}, and the rows that it returned could not be kept`,
    {
      hint: `The statement was: ${before.sql}\nFinish the revision by hand and then say so: aludel repair --mark-applied, or --mark-reverted if you undid it.`,
      facts: { statement: number, sql: before.sql },
    },
  );
}

export function inDoubtError(step: PlanStep, number: number, before: RecordedStatement): AludelError {
  return new AludelError(
    'migration.in-doubt',
    `Did statement ${number} of revision ${step.revision.id} take effect? The run of ${before.at} ended while it was under way, and the database's catalogue cannot tell`,
    {
      hint: `The statement is: ${before.sql}\nIf it did: aludel repair --assume-done\nIf it did not: aludel repair --resume\nThen run the same command again.`,
      facts: { statement: number, sql: before.sql },
    },
  );
}
