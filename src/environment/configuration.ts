import type { DatabaseSettings, TableName } from '../dialects/connection.ts';

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
  readonly lockTimeoutMs: number;
  readonly busyTimeoutMs: number;
}
