import type { QueryResult } from '../dialects/connection.ts';
import type { Dialect } from '../dialects/dialect.ts';
import type { Unanswered } from '../dialects/operations/render-port.ts';
import type { Statement } from '../dialects/statement.ts';
import type { Backfill } from '../operations/backfill.ts';
import type { ResultRows } from '../operations/operations.ts';

/** Where a statement comes from. */
export interface StatementOrigin {
  /** A stack from the call in the user's code; null when there is none. */
  readonly caller: Error | null;
  /** 1-based line of the file, for a statement of a SQL section. */
  readonly line?: number;
  /** What becomes of a query where there is no database to ask. */
  readonly unanswered?: Unanswered;
}

/** What takes the statements of a revision, one after the other: it runs them, or writes them into a script. */
export interface RevisionRunner {
  readonly dialect: Dialect;
  /** Runs a statement whose rows nobody reads. */
  run(statement: Statement, origin: StatementOrigin): Promise<QueryResult>;
  /** Runs a statement of the revision's own, which may read the rows. */
  execute(statement: Statement, origin: StatementOrigin): Promise<ResultRows>;
  /**
   * Runs a query whose answer decides what comes next: an operation looks at the `schema` in order to be rendered, a
   * revision looks by `inspect`, and neither changes anything; or the revision reads `rows` by a query of its own.
   */
  ask(statement: Statement, about: 'schema' | 'inspect' | 'rows', origin: StatementOrigin): Promise<QueryResult>;
  /** Answers how many rows were changed, in all batches, also those of earlier runs. */
  backfill(backfill: Backfill, origin: StatementOrigin): Promise<number>;
  /** Commits what ran so far; the statements that follow run outside a transaction. */
  leaveTransaction(): Promise<void>;
  enterTransaction(): Promise<void>;
  /** No longer as soon as its COMMIT is on the way. */
  isInsideTransaction(): boolean;
}
