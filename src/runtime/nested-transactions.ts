import { AludelError } from '../support/aludel-error.ts';

const verbs = ['SAVEPOINT', 'RELEASE', 'ROLLBACK'] as const;

/** A statement about a savepoint. */
interface SavepointStatement {
  readonly verb: (typeof verbs)[number];
  readonly name: string;
}

/** What a statement does with which savepoint; null where that is written in another way than knex writes it. */
export function savepointIn(sql: string): SavepointStatement | null {
  const [, first, name] = /^\s*(\w+)\b.*?(\S+)\s*$/s.exec(sql) ?? [];
  const verb = verbs.find((one) => one === first?.toUpperCase());
  return verb === undefined || name === undefined ? null : { verb, name };
}

/** The transactions of `op.knex.transaction()` that are open inside that of the revision, or in the place of one. */
export interface NestedTransactions {
  readonly note: (statement: SavepointStatement) => void;
  /** Throws migration.failed where one is open: what it did so far would be committed before its end. */
  readonly refuseToCommit: () => void;
}

export function createNestedTransactions(): NestedTransactions {
  const open = new Set<string>();
  return {
    note({ verb, name }) {
      if (verb !== 'SAVEPOINT') open.delete(name);
      // A savepoint of the revision's own is nobody's promise. knex names its own so (knex/lib/execution/transaction.js).
      else if (/^trx\d+$/.test(name)) open.add(name);
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
