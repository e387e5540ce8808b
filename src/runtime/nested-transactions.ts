import { AludelError } from '../support/aludel-error.ts';

/** The transactions of `op.knex.transaction()` that are open inside that of the revision, or in the place of one. */
export interface NestedTransactions {
  /** Takes note of a statement about a savepoint. */
  readonly note: (sql: string) => void;
  /** Throws migration.failed where one is open: what it did so far would be committed before its end. */
  readonly refuseToCommit: () => void;
}

export function createNestedTransactions(): NestedTransactions {
  const open = new Set<string>();
  return {
    note(sql) {
      // A savepoint of the revision's own is nobody's promise. knex names its own so (knex/lib/execution/transaction.js).
      const [, verb = '', name = ''] = /^\s*(SAVEPOINT|RELEASE|ROLLBACK)\b.*?\b(trx\d+);?\s*$/is.exec(sql) ?? [];
      if (verb.toUpperCase() === 'SAVEPOINT') open.add(name);
      else open.delete(name);
    },
    refuseToCommit() {
      if (open.size === 0) return;
      throw new AludelError(
        'migration.failed',
        'The transaction of op.knex.transaction() would be committed before its end',
        {
          hint: 'Move op.autocommit, op.backfill, or the operation that runs outside a transaction, out of op.knex.transaction().',
        },
      );
    },
  };
}
