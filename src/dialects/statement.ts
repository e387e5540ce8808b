/** One statement ready for the driver. */
export interface Statement {
  /** Without a terminator. */
  readonly sql: string;
  readonly bindings: readonly unknown[];
  /**
   * Runs outside the revision's transaction and is committed by itself, so that the locks it takes end with it. The
   * statements of an operation that do not say so run in that transaction, where there is one.
   */
  readonly alone?: boolean;
}

/** What the runner must know of a statement before it runs it. */
export interface StatementTraits {
  /** Begins, ends or nests a transaction: the runner's business, refused in a revision. */
  readonly control: 'begin' | 'commit' | 'rollback' | 'savepoint' | null;
  /** The server refuses it, or ignores it, inside a transaction. */
  readonly outsideTransaction: boolean;
  /** Commits whatever transaction is open, as MySQL's DDL does. */
  readonly implicitCommit: boolean;
  /** A query, by its first word. */
  readonly query: boolean;
  /** Changes only the session (SET, USE, PRAGMA): lost with the connection, so it runs again in a new one. */
  readonly session: boolean;
  /** Frees every lock of the session, ours too. */
  readonly freesLocks: boolean;
  /** LOCK TABLES of MySQL, after which a session may use nothing else, our tables neither; and its end. */
  readonly locksTables: boolean;
  /** Makes a temporary object, which ends with the connection. */
  readonly temporary: boolean;
  /** Running it twice is the same as running it once (VACUUM, ANALYZE, REFRESH): never in doubt. */
  readonly repeatable: boolean;
}
