import { AludelError } from '../../support/aludel-error.ts';

const instead =
  'Write it so that nothing has to be asked (ifExists, INSERT … SELECT, UPDATE … WHERE), or leave it out of scripts: if (!op.offline) …';

const elsewhere =
  'Write the statement with op.execute, and this operation only where there is a database: if (!op.offline) …';

/** A query whose answer the revision wants. `sql` is masked. */
export function queryNeedsDatabase(sql: string): AludelError {
  return new AludelError('offline.needs-database', `A script has no database to ask: ${sql}`, { hint: instead });
}

/** What a statement answered, read by the revision. `sql` is masked. */
export function answerNeedsDatabase(sql: string): AludelError {
  return new AludelError(
    'offline.needs-database',
    `The statement is in the script, but what it answers is not known when the script is written: ${sql}`,
    { hint: instead },
  );
}

/** What an operation has to know of the schema, and nothing tells it here. `sql` is masked. */
export function operationNeedsDatabase(sql: string, hint = elsewhere): AludelError {
  return new AludelError(
    'offline.needs-database',
    `This operation has to look at the database before it knows its statements: ${sql}`,
    { hint },
  );
}
