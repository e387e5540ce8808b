import type { DatabaseObject } from './database-url.ts';

/** Milliseconds, or text with a unit: `500ms`, `60s`, `5m`, `1h`. */
export type Duration = number | string;

/** What may be set for each database apart. Every key is optional. */
export interface DatabaseConfig {
  /**
   * The database: a URL (`sqlite:./app.db`, `sqlite::memory:`, `postgresql://…`, `mysql://…`, `mariadb://…`) or an object
   * as knex takes it. A relative SQLite path counts from the directory of the configuration file.
   * Default: the environment variable DATABASE_URL, and without it the file `aludel.db` beside the configuration.
   */
  readonly database?: string | DatabaseObject | undefined;
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
  /** How long to wait for the migration lock; 0 tries once. Default: 60 s. */
  readonly lockTimeout?: Duration | undefined;
  /** How long a statement waits for another connection's lock on SQLite. Default: 10 s. */
  readonly busyTimeout?: Duration | undefined;
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
