import type { Inspect } from '../operations/inspect.ts';
import type { Operation } from '../operations/operation.ts';
import type { SchemaBuilder } from '../operations/schema-builder.ts';
import type { RowValue } from '../operations/sql-value.ts';
import type { Connection, DatabaseSettings, DialectName, QueryResult, TableName } from './connection.ts';
import type { BackfillRules } from './backfill-rules.ts';
import type { Blocker } from './blocker.ts';
import type { LimitScripts, StatementLimits } from './limits.ts';
import type { HeldLock, LockRequest } from './lock.ts';
import type { MissingName } from './sql/missing-name.ts';
import type { OfflineRules } from './script/offline-rules.ts';
import type { Ask, RenderPort } from './operations/render-port.ts';
import type { SchemaRules } from './schema/schema-rules.ts';
import type { ScriptRules } from './script/script-rules.ts';
import type { SqlStatement } from './sql/sql-text.ts';
import type { Statement, StatementTraits } from './statement.ts';

/** Where in a statement the server found fault, and in what words. */
export interface ErrorExplanation {
  readonly message: string;
  /** The server's own code: SQLSTATE, errno name, SQLITE_CONSTRAINT. */
  readonly code: string | null;
  /** 0-based UTF-16 offset into the statement, when the server tells. */
  readonly offset: number | null;
  /** The server could not read the statement, so that nothing of it ran. */
  readonly unread: boolean;
  /** The table or column that is not there, when that is what it says. */
  readonly missing: MissingName | null;
  readonly kind: ErrorKind;
}

/**
 * `busy`: a lock was not obtained in time. `deadlock` and `serialisation`: the transaction lost against another one. The
 * three pass: the same transaction may succeed when it is run again. `interrupted`: a time limit, or somebody, ended it.
 * `aborted`: an earlier error ended the transaction, and somebody caught it. `denied`: the user has no right to it.
 * `missing-database`: a schema of MySQL that is not there. `outside-only`: the statement cannot run inside a transaction, which
 * its text did not show. `local-file`: it asks for a file of the client.
 */
export type ErrorKind =
  | 'missing-table'
  | 'missing-database'
  | 'busy'
  | 'deadlock'
  | 'serialisation'
  | 'interrupted'
  | 'aborted'
  | 'read-only'
  | 'denied'
  | 'outside-only'
  | 'local-file'
  | 'connection-lost'
  | 'other';

/** Everything the rest of the tool asks of a database. One object per dialect; nothing else names one. */
export interface Dialect {
  readonly name: DialectName;
  /** True when CREATE, ALTER and DROP roll back with the transaction they ran in. */
  readonly transactionalDdl: boolean;
  /** Begins the transaction of a revision; on SQLite it takes the write lock at once, so that waiting happens here only. */
  readonly beginStatement: string;

  /** True when the database is known not to exist yet and connecting would create it, as a SQLite file. */
  isMissing(settings: DatabaseSettings): boolean;
  connect(settings: DatabaseSettings, options: ConnectOptions): Promise<Connection>;
  /** True when connecting failed, with this error of the driver's, for a reason that passes: the server is not up yet. */
  mayComeUp(error: unknown): boolean;
  /** Why nothing can be written here, in words that follow "it is", such as "a standby"; null when it can. Writes nothing. */
  whyReadOnly(connection: Connection): Promise<string | null>;
  /** Waits for the migration lock of this database and version table; see lock.ts. */
  acquireLock(request: LockRequest): Promise<HeldLock>;

  /** Limits for the statements of a revision; `usualBusyTimeoutMs` is what SQLite goes back to. */
  limitScripts(limits: StatementLimits, usualBusyTimeoutMs: number): LimitScripts;
  /**
   * Sessions for which session number `waiting` waits, asked by another connection while it does; those that `error`
   * names, when it has failed. None where the server does not tell. Throws what the driver throws.
   */
  blockersOf(observer: Connection, waiting: number, error: unknown): Promise<readonly Blocker[]>;

  splitStatements(sql: string): readonly SqlStatement[];
  /** SQL without the comments and white space that mean nothing, for checksums. */
  significantText(sql: string): string;
  traitsOf(sql: string): StatementTraits;
  explainError(error: unknown, sql: string): ErrorExplanation;

  quoteIdentifier(name: string): string;
  quoteTable(table: TableName): string;
  /** A value in the text of a statement, as the driver would bind it. Throws migration.failed for what has no literal. */
  literal(value: RowValue): string;
  /**
   * The text of a statement with its bindings in it, each as the driver would bind it; the text of a number on PostgreSQL,
   * for there the place of a binding decides its type. Throws migration.failed for what has no literal.
   */
  inline(statement: Statement): string;
  /** Statements of ours that leave what the session remembers of the revision's last INSERT as it was. */
  aside(statements: readonly string[]): readonly string[];
  /** Statements of ours after which the session remembers this key as that of its last INSERT, where it can be told. */
  afterInsert(insertId: number): readonly string[];
  /** Statements that carry out this UPDATE or DELETE and fail unless it changed exactly one row. */
  changingOneRow(sql: string): readonly string[];
  /**
   * The schema in which this session finds a table of ours, or would create it: named with it, the table stays the same
   * wherever a revision takes the session. Null where the session has none.
   */
  homeOf(connection: Connection, table: TableName): Promise<string | null>;
  /** Creates the version table unless it exists. Only ever run while the migration lock is held. */
  createVersionTable(table: TableName): readonly string[];
  /** How many characters of an id a version table takes, which may be another tool's; null when there is no limit or no table. */
  idWidth(connection: Connection, table: TableName): Promise<number | null>;
  /** Creates the journal's table unless it exists. Only ever run while the migration lock is held. */
  createJournalTable(table: TableName): readonly string[];

  /**
   * What the catalogue shows of the objects a statement names, as text to compare; null when that cannot settle
   * whether the statement took effect. Asked only for statements that cannot run inside a transaction.
   */
  catalogueState(connection: Connection, sql: string): Promise<string | null>;
  /**
   * True when the catalogue shows that a statement did not take effect, whatever it showed before: what it creates is not
   * there, what it drops is. For statements of which nothing was noted before they ran, as in a script.
   */
  isSurelyUndone(connection: Connection, sql: string): Promise<boolean>;
  /** True when the ROLLBACK that ran last could not take everything back. Asked before anything else is sent. */
  rollbackKeptSome(connection: Connection): Promise<boolean>;
  /** Statements that clear away what an interrupted run of this statement left, such as an invalid index. */
  leftoversOf(connection: Connection, sql: string): Promise<readonly string[]>;
  /** Statements that bring to its end what an interrupted run of this statement began and what cannot be begun again. */
  completionOf(connection: Connection, sql: string): Promise<readonly string[]>;

  /** How rows are changed in batches; see backfill.ts. */
  readonly backfill: BackfillRules;

  /** What is known without a connection; see offline-rules.ts. */
  readonly offline: OfflineRules;

  /** Loads knex for this dialect; every statement it runs goes to `run`. */
  loadBuilder(run: BuilderRun): Promise<SchemaBuilder>;
  /**
   * The statements of a structured operation, in the order in which they must run. Throws migration.failed for what this
   * database cannot do, saying what to do instead.
   */
  render(operation: Operation, port: RenderPort): Promise<readonly Statement[]>;
  /** Answers what `op.inspect` asks. */
  inspector(ask: Ask): Inspect;

  /** How a script for the database's own client is written. */
  readonly script: ScriptRules;
  /** Schemas as data: reading them, writing them, and a place to try them; see schema-rules.ts. */
  readonly schema: SchemaRules;
}

export interface ConnectOptions {
  /** Shown by the server beside this connection, where it shows anything. */
  readonly applicationName: string;
  /** How long a statement waits for another connection's lock, in milliseconds; SQLite's busy timeout. */
  readonly busyTimeoutMs: number;
  /** Opens the database without creating it and refuses writes, for commands that only read. */
  readonly readOnly: boolean;
  /** How long connecting may take, in milliseconds; without it the driver decides. */
  readonly timeoutMs?: number;
}

/** Runs one statement that knex compiled; `builtAt` is a stack from where its query was built. */
export type BuilderRun = (statement: Statement, builtAt: Error | null) => Promise<QueryResult>;
