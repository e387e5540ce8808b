/** How long statements of a revision may wait and run, in milliseconds: 0 is no limit, null leaves what the server has. */
export interface StatementLimits {
  /** For a lock on a table or a row that another session holds. */
  readonly tableLockTimeoutMs: number | null;
  readonly statementTimeoutMs: number | null;
}

/** Limits as statements of our own. */
export interface LimitScripts {
  /** Before and after the BEGIN of a transaction in which they hold. */
  readonly beforeBegin: readonly string[];
  readonly afterBegin: readonly string[];
  /** Sets them for the statements that follow, where no transaction of its own begins. */
  readonly set: readonly string[];
  /** Puts back what a new session has. */
  readonly lift: readonly string[];
  /** What this database cannot limit, as a sentence; null when it holds all limits. */
  readonly warning: string | null;
}

/** No limits but the server's own. */
export const unlimited: LimitScripts = { beforeBegin: [], afterBegin: [], set: [], lift: [], warning: null };
