import type { DatabaseSettings, TableName } from '../../dialects/connection.ts';
import type { LockKind } from '../../dialects/lock.ts';
import type { TargetFunction } from './config.ts';

/** A configuration as the commands use it: every key has a value, paths are absolute, durations are milliseconds. */
export interface Configuration {
  /** The configuration file; null when there is none. */
  readonly file: string | null;
  /** What relative paths in the configuration count from: the directory of its file, or the working directory. */
  readonly directory: string;
  /** What shown paths are relative to. */
  readonly workingDirectory: string;
  /** The database chosen with `-n`, or null. */
  readonly name: string | null;
  /** The `-x key=value` pairs of the command line. */
  readonly x: Readonly<Record<string, string>>;
  readonly database: DatabaseSettings;
  readonly versionLocations: readonly string[];
  /** True when nobody set them: a missing default location is a fresh project, a missing chosen one an error. */
  readonly hasDefaultVersionLocations: boolean;
  readonly recursiveVersionLocations: boolean;
  readonly versionTable: TableName;
  /** Directory of the user's own revision templates; null for the built-in ones. */
  readonly template: string | null;
  readonly fileTemplate: string;
  /** Language of new revision files. */
  readonly revisionFormat: 'ts' | 'sql';
  readonly truncateSlugLength: number;
  /** Null for the machine's own time zone. */
  readonly timezone: string | null;
  readonly transactionMode: 'revision' | 'all' | 'none';
  /** What to do when the file of an applied revision was edited or is missing. */
  readonly checksums: 'warn' | 'refuse' | 'ignore';
  readonly lockTimeoutMs: number;
  readonly lock: LockKind;
  readonly lockLeaseMs: number;
  readonly busyTimeoutMs: number;
  /** Of every statement of a revision that sets none of its own; null leaves what the server has, 0 is no limit. */
  readonly tableLockTimeoutMs: number | null;
  readonly statementTimeoutMs: number | null;
  /** How often a transaction that met a lock timeout, a deadlock or a serialisation failure is tried again. */
  readonly retries: number;
  /** Before the first retry. */
  readonly retryDelayMs: number;
  /** How long to wait for a database that cannot be reached yet; 0 tries once. */
  readonly waitForDbMs: number;
  /** The wanted schema: a URL, an absolute path, a command, or a function; null when none is set. */
  readonly target: string | SchemaCommand | TargetFunction | null;
  /** Directory of what `test` runs beside the revisions. */
  readonly testLocation: string;
  /** True when nobody set it: a missing default location has no files, a missing chosen one is an error. */
  readonly hasDefaultTestLocation: boolean;
  /** Whether rights are a part of schemas. */
  readonly grants: boolean;
  /** `users.email:users.mail`. */
  readonly renames: readonly string[];
  /** `table:legacy_*`; none is everything. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** A command that prints a schema as SQL. */
export interface SchemaCommand {
  /** Text is for a shell. */
  readonly command: string | readonly string[];
  /** 0 is no limit. */
  readonly timeoutMs: number;
}
