/** One row as the driver returns it. */
export type Row = Readonly<Record<string, unknown>>;

export interface QueryResult {
  readonly rows: readonly Row[];
  /** Rows changed by a data statement, rows returned by a query; 0 for DDL. */
  readonly rowCount: number;
  /** Key the database gave to the row an INSERT made, where the driver tells. */
  readonly insertId?: number | undefined;
  /** The driver's own answer, for knex's response processing; null when the driver was not asked. */
  readonly native: unknown;
}

/**
 * The driver port: one pinned connection, never a pool, because locks, transactions and session settings belong to it.
 *
 * Errors are the driver's own; {@link Dialect.explainError} reads them.
 */
export interface Connection {
  /** Runs one statement. Placeholders are the driver's: `?`, or `$1` on PostgreSQL. */
  query(sql: string, bindings?: readonly unknown[]): Promise<QueryResult>;
  /** Runs several statements of our own text at once, without results: one round trip. Stops at the first error. */
  script(sql: string): Promise<void>;
  /**
   * Keeps statements of our own, such as BEGIN, to be sent together with whatever is asked next: they cost no round trip
   * of their own, and an error in them is that call's error. They have no answer.
   */
  sendWithNext(sql: string): void;
  /** The server's number for this session as it announced it, a pooler one of its own; null where sessions have none. */
  readonly session: number | null;
  /**
   * Cancels the statement under way, which then fails; settles when the server has been told and will meet no later
   * statement with it. Does nothing to a connection that is idle. Throws when the server cannot be told.
   */
  cancel(): Promise<void>;
  /** Why the connection can no longer be used, or null while it can. Known as soon as the driver notices. */
  lostBecause(): string | null;
  /** Safe to call on a lost connection, and twice. */
  close(): Promise<void>;
}

/** What to connect to; parsed from the configuration, opaque to everything but the dialect it names. */
export interface DatabaseSettings {
  readonly dialect: DialectName;
  /** Options for the driver, as the driver documents them. */
  readonly connection: Readonly<Record<string, unknown>>;
  /** The database as it may be shown: password and tokens masked. */
  readonly display: string;
  /** Values that may never be printed or stored. */
  readonly secrets: readonly string[];
  /** What a person should know who connects with these settings, as a warning. */
  readonly remark?: string;
  /** True for a server named as MariaDB; a server named as MySQL may be either. */
  readonly isMariaDb?: boolean;
  /** The server on which its scratch databases are made; without it the same one. */
  readonly scratch?: DatabaseSettings;
  /** PostgreSQL schemas set as search_path; null leaves the server's. */
  readonly searchPath: readonly string[] | null;
}

export type DialectName = 'sqlite' | 'postgresql' | 'mysql';

/** A table of ours, with the schema it lives in; null is the connection's default schema. */
export interface TableName {
  readonly schema: string | null;
  readonly name: string;
}
