import type { Knex } from 'knex';
import type { DatabaseObject } from './database-url.ts';

/** Milliseconds, or text with a unit: `500ms`, `60s`, `5m`, `1h`. */
export type Duration = number | string;

/** Builds the wanted schema in an empty database, with knex. */
export type TargetFunction = (knex: Knex) => unknown;

/** Prints the wanted schema as SQL of the configured database, such as the export of an ORM. */
export interface TargetCommand {
  /** As a shell runs it, or the program with its arguments. It runs in the directory of the configuration file. */
  readonly command: string | readonly string[];
  /** How long it may take; 0 is no limit. Default: 5 minutes. */
  readonly timeout?: Duration | undefined;
}

/** What may be set for each database apart. Every key is optional. */
export interface DatabaseConfig {
  /**
   * The database: a URL (`sqlite:./app.db`, `sqlite::memory:`, `postgresql://…`, `mysql://…`, `mariadb://…`) or an object
   * as knex takes it. A relative SQLite path counts from the directory of the configuration file.
   * Default: the environment variable DATABASE_URL, and without it the file `aludel.db` beside the configuration.
   */
  readonly database?: string | DatabaseObject | undefined;
  /**
   * The server on which scratch databases are made, in the same forms, for users who may not create databases where the
   * database is. Default: the environment variable ALUDEL_SCRATCH_URL, and without it the server of the database.
   */
  readonly scratch?: string | DatabaseObject | undefined;
  /** Directories of revision files, relative to the configuration file; new files go to the first. Default: `['versions']`. */
  readonly versionLocations?: readonly string[] | undefined;
  /** Looks for revision files in sub-directories too. Default: false. */
  readonly recursiveVersionLocations?: boolean | undefined;
  /** Name of the version table. Default: `aludel_version`. A database of Alembic's is taken over with `alembic_version`. */
  readonly versionTable?: string | undefined;
  /** Schema of the version table; null, the default, is the connection's own. */
  readonly versionTableSchema?: string | null | undefined;
  /** Directory with `revision.ts.ejs` and `revision.sql.ejs` to use instead of the built-in ones. Default: the built-in ones. */
  readonly template?: string | undefined;
  /**
   * Name of new files without the ending, with the tokens {rev} {slug} {year} {month} {day} {hour} {minute} {second}
   * {epoch}, or as Alembic writes them: `%(rev)s`. Default: `{rev}_{slug}`.
   */
  readonly fileTemplate?: string | undefined;
  /** Language of new revision files. Default: `ts`. */
  readonly revisionFormat?: 'ts' | 'sql' | undefined;
  /** Longest slug in a file name, in characters. Default: 40. */
  readonly truncateSlugLength?: number | undefined;
  /** IANA time zone of dates in file names and comments, such as `UTC`. Default: the machine's own. */
  readonly timezone?: string | undefined;
  /** One transaction per revision, one for the whole run, or none. Default: `revision`. */
  readonly transactionMode?: 'revision' | 'all' | 'none' | undefined;
  /**
   * What `upgrade` and `downgrade` do when the file of an applied revision was edited or is missing: `warn`, `refuse` to
   * run, or `ignore` it. Comments, white space and line ends do not count as edits. Default: `warn`.
   */
  readonly checksums?: 'warn' | 'refuse' | 'ignore' | undefined;
  /** How long to wait for the migration lock; 0 tries once. Default: 60 s. */
  readonly lockTimeout?: Duration | undefined;
  /**
   * What holds the migration lock: the database session of the run, or a lease in a table, for poolers and clusters where
   * sessions do not hold. `auto` asks the server. SQLite always locks by a file. Default: `auto`.
   */
  readonly lock?: 'auto' | 'session' | 'lease' | undefined;
  /** How long a lease outlives a run that died or was stopped; at least 1 s. Default: 30 s. */
  readonly lockLease?: Duration | undefined;
  /** How long a statement waits for another connection's lock on SQLite. Default: 10 s. */
  readonly busyTimeout?: Duration | undefined;
  /**
   * How long a statement of a revision waits for a lock on a table or a row, by the server's clock; 0 waits for ever. A
   * revision may set its own as `lock_timeout`. Not the migration lock: that is `lockTimeout`. Default: the server's own.
   */
  readonly tableLockTimeout?: Duration | undefined;
  /** How long a statement of a revision may take; 0 is no limit. A revision may set its own as `statement_timeout`. Default: the server's own. */
  readonly statementTimeout?: Duration | undefined;
  /** How often a transaction is tried again after a lock timeout, a deadlock or a serialisation failure. Default: 3. */
  readonly retries?: number | undefined;
  /** The pause before the first of them; each one after is twice as long, up to 30 s. Default: 500 ms. */
  readonly retryDelay?: Duration | undefined;
  /** How long to wait for a database that cannot be reached yet. Default: 0, not at all. */
  readonly waitForDb?: Duration | undefined;
  /**
   * The schema that the database is to have, for `check` and `revision --autogenerate`: a file or a directory of SQL or of
   * models in YAML, relative to the configuration file; the URL of a database; a command that prints it as SQL; or a
   * function that builds it with knex. Default: none.
   */
  readonly target?: string | TargetCommand | TargetFunction | undefined;
  /**
   * Directory of what `test` runs beside the revisions, relative to the configuration file.
   * Default: that of the first version location with `-test` behind it, `versions-test`.
   */
  readonly testLocation?: string | undefined;
  /** Whether rights (GRANT) are a part of schemas that are compared, printed and generated. Default: false. */
  readonly grants?: boolean | undefined;
  /**
   * What has another name in the target: `users:people`, `users.email:users.mail`. One whose old name is not there, or no
   * longer, is passed over, so that they can stay. Default: none.
   */
  readonly renames?: readonly string[] | undefined;
  /** What is compared, and nothing else: `table:shop_*`, `*:shop.*`, `users`. Default: everything. */
  readonly include?: readonly string[] | undefined;
  /** What is not compared: it is never created, altered or dropped. Default: none. */
  readonly exclude?: readonly string[] | undefined;
}

/** The configuration of a project, the default export of `migrate.config.ts`. */
export interface AludelConfig extends DatabaseConfig {
  /** Several databases, chosen by `-n name`. What one does not set, it takes from the top level. Default: none. */
  readonly databases?: Readonly<Record<string, DatabaseConfig>> | undefined;
}

/** What a configuration that is a function receives. */
export interface ConfigContext {
  /** The database chosen with `-n`, or null. */
  readonly name: string | null;
  /** The `-x key=value` pairs of the command line. */
  readonly x: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What a configuration file may export: the configuration, or a function that returns it. */
export type ConfigExport = AludelConfig | ((context: ConfigContext) => AludelConfig | Promise<AludelConfig>);

/** Gives an editor the types of the configuration; returns what it is given. */
export function defineConfig<Config extends ConfigExport>(config: Config): Config {
  return config;
}
