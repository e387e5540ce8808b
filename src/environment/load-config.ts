import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { DatabaseSettings } from '../dialects/connection.ts';
import { defaultFileTemplate } from '../revisions/revision-file.ts';
import { AludelError, isAludelError } from '../support/aludel-error.ts';
import { isSecretName, redact } from '../support/redact.ts';
import { byCodePoint, listed, nearest } from '../support/text.ts';
import type { AludelConfig, ConfigContext, Duration } from './config.ts';
import type { Configuration } from './configuration.ts';
import { databaseSettings, isDatabaseUrl, parseDatabaseUrl, settingsOfDialect } from './database-url.ts';
import { parseDuration } from './duration.ts';
import { describeLoadFailure, shownPlace } from './load-failure.ts';
import { loadModule } from './module-loader.ts';
import { shownPath } from './shown-path.ts';
import { validateConfig } from './validate-config.ts';

/** Where a configuration is looked for, and what the command line says about it. */
export interface ConfigRequest {
  readonly workingDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `--config`; ALUDEL_CONFIG counts when it is absent. */
  readonly configFile?: string | undefined;
  /** `-n`. */
  readonly name?: string | undefined;
  /** `-x`. */
  readonly x?: Readonly<Record<string, string>> | undefined;
  /** `--url`, which comes before everything else that names a database. */
  readonly url?: string | undefined;
  /** `--scratch`, which comes before the configuration's. */
  readonly scratch?: string | undefined;
  /** `--dialect`: the database a script is for, whatever the configuration connects to. */
  readonly dialect?: string | undefined;
  /** `--grants`, which comes before the configuration's. */
  readonly grants?: boolean | undefined;
  /** `--wait-for-db`, which comes before the configuration's. */
  readonly waitForDbMs?: number | undefined;
}

/** Names a configuration file may have; none comes before another. */
export const configFileNames: readonly string[] = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs', 'json'].map(
  (ending) => `migrate.config.${ending}`,
);

/**
 * Finds, runs and checks the configuration. Without a file the defaults serve: the database of DATABASE_URL or the SQLite
 * file `aludel.db`, and revisions in `versions/`, which must then be there.
 *
 * Throws config.not-loadable when there is no project, or when the file is missing or does not run, and config.invalid for what it says.
 */
export async function loadConfig(request: ConfigRequest): Promise<Configuration> {
  const file = findConfigFile(request);
  if (file === null) {
    if (!existsSync(resolve(request.workingDirectory, usualLocation))) throw noProject(request.workingDirectory);
    return resolveConfig({}, null, request);
  }
  const shownFile = shownPath(file, request.workingDirectory);
  const exported = await readConfigFile(file, shownFile, request);
  return resolveConfig(validateConfig(exported, shownFile), file, request);
}

/** Where revisions are unless the configuration says otherwise. */
const usualLocation = 'versions';

function noProject(directory: string): AludelError {
  return new AludelError(
    'config.not-loadable',
    `There is no project here: neither a configuration (migrate.config.ts) nor a directory ${usualLocation}.`,
    {
      where: directory,
      hint: 'Change to the directory of your project, or name its configuration with --config. A new project begins with: aludel init',
      facts: { directory },
    },
  );
}

/**
 * The configuration of a program that has none on disk; relative paths count from the working directory. `--config` of
 * the request is not looked at.
 *
 * Throws config.invalid.
 */
export function configure(config: AludelConfig, request: ConfigRequest): Configuration {
  return resolveConfig(validateConfig(config, null), null, request);
}

/**
 * The file given by `--config` or ALUDEL_CONFIG, else the `migrate.config.*` of the working directory or of the nearest
 * directory above it, up to and including the one with a package.json. Null when there is none.
 */
export function findConfigFile(request: ConfigRequest): string | null {
  const { workingDirectory, env } = request;
  const given = request.configFile ?? (env['ALUDEL_CONFIG'] || undefined);
  if (given !== undefined) return givenConfigFile(resolve(workingDirectory, given), given);
  for (let directory = workingDirectory; ; directory = dirname(directory)) {
    const names = namesIn(directory);
    const found = configFileNames.filter((name) => names.has(name));
    if (found.length > 1) throw severalConfigFiles(found, shownPath(directory, workingDirectory));
    if (found[0] !== undefined) return join(directory, found[0]);
    if (names.has('package.json') || directory === dirname(directory)) return null;
  }
}

function givenConfigFile(path: string, given: string): string {
  if (existsSync(path) && statSync(path).isFile()) return path;
  const directory = dirname(path);
  const near = nearest(basename(path), namesIn(directory));
  throw new AludelError('config.not-loadable', `There is no configuration file ${given}.`, {
    where: given,
    hint: near === null ? 'Make one with: aludel init' : `Did you mean ${join(dirname(given), near)}?`,
    facts: { path },
  });
}

function namesIn(directory: string): ReadonlySet<string> {
  try {
    return new Set(readdirSync(directory));
  } catch {
    // A directory above the project that may not be listed holds no configuration of it.
    return new Set();
  }
}

function severalConfigFiles(names: readonly string[], directory: string): AludelError {
  return new AludelError(
    'config.not-loadable',
    `${listed(names)} are in one directory, and only one can be the configuration.`,
    {
      where: directory,
      hint: 'Remove all but one, or choose with --config.',
      facts: { files: names },
    },
  );
}

/** What the file exports by default; a function is called. */
async function readConfigFile(file: string, shownFile: string, request: ConfigRequest): Promise<unknown> {
  const context: ConfigContext = { name: request.name ?? null, x: request.x ?? {}, env: request.env };
  try {
    const loaded = await loadModule(realpathSync(file));
    if (!('default' in loaded)) throw noDefaultExport(loaded, shownFile);
    const exported: unknown = await loaded['default'];
    const config: unknown = isConfigFunction(exported) ? await exported(context) : exported;
    return file.endsWith('.json') ? withoutSchemaKey(config) : config;
  } catch (error) {
    if (isAludelError(error)) throw error;
    throw notLoadable(error, shownFile, request.workingDirectory);
  }
}

function isConfigFunction(value: unknown): value is (context: ConfigContext) => unknown {
  return typeof value === 'function';
}

/** Editors read "$schema" from JSON files. */
function withoutSchemaKey(config: unknown): unknown {
  if (typeof config !== 'object' || config === null || !('$schema' in config)) return config;
  const { $schema: _, ...rest } = config;
  return rest;
}

function noDefaultExport(loaded: Readonly<Record<string, unknown>>, shownFile: string): AludelError {
  const names = Object.keys(loaded).sort(byCodePoint);
  return new AludelError('config.not-loadable', `${shownFile} has no default export.`, {
    where: shownFile,
    hint: `Write: export default defineConfig({ … });${names.length === 0 ? '' : ` It exports only ${listed(names)}.`}`,
    facts: { path: shownFile, exports: names },
  });
}

function notLoadable(error: unknown, shownFile: string, workingDirectory: string): AludelError {
  const { message, place } = describeLoadFailure(error);
  const where = place === null ? shownFile : shownPlace(shownPath(place.path, workingDirectory), place);
  return new AludelError('config.not-loadable', `The configuration ${shownFile} does not load: ${redact(message)}`, {
    where,
    hint: 'The file is run in order to be read. --raiseerr shows the stack of what it threw.',
    facts: { path: shownFile, line: place?.line ?? null },
    cause: error,
  });
}

/** Fills in the defaults and makes paths absolute. Throws config.invalid and config.unsupported-database. */
function resolveConfig(config: AludelConfig, file: string | null, request: ConfigRequest): Configuration {
  const { workingDirectory } = request;
  const directory = file === null ? workingDirectory : dirname(file);
  const { databases, ...topLevel } = config;
  const chosen = request.name === undefined ? {} : chosenDatabase(databases ?? {}, request.name);
  const merged = { ...topLevel, ...withoutUndefined(chosen) };
  const locations = merged.versionLocations ?? [usualLocation];
  return {
    file,
    directory,
    workingDirectory,
    name: request.name ?? null,
    x: request.x ?? {},
    database: withScratchServer(
      withSecretsOf(request, databaseOfDialect(merged, Object.keys(databases ?? {}), directory, request)),
      merged,
      directory,
      request,
    ),
    versionLocations: locations.map((location) => resolve(directory, location)),
    hasDefaultVersionLocations: merged.versionLocations === undefined,
    recursiveVersionLocations: merged.recursiveVersionLocations ?? false,
    versionTable: { schema: merged.versionTableSchema ?? null, name: merged.versionTable ?? 'aludel_version' },
    template: merged.template === undefined ? null : resolve(directory, merged.template),
    fileTemplate: merged.fileTemplate ?? defaultFileTemplate,
    revisionFormat: merged.revisionFormat ?? 'ts',
    truncateSlugLength: merged.truncateSlugLength ?? 40,
    timezone: merged.timezone ?? null,
    transactionMode: merged.transactionMode ?? 'revision',
    checksums: merged.checksums ?? 'warn',
    lockTimeoutMs: milliseconds(merged.lockTimeout, 60_000),
    lock: merged.lock ?? 'auto',
    lockLeaseMs: milliseconds(merged.lockLease, 30_000),
    busyTimeoutMs: milliseconds(merged.busyTimeout, 10_000),
    tableLockTimeoutMs: milliseconds(merged.tableLockTimeout, null),
    statementTimeoutMs: milliseconds(merged.statementTimeout, null),
    retries: merged.retries ?? 3,
    retryDelayMs: milliseconds(merged.retryDelay, 500),
    waitForDbMs: request.waitForDbMs ?? milliseconds(merged.waitForDb, 0),
    target: targetOf(merged.target, directory),
    testLocation: testLocationOf(merged, directory),
    hasDefaultTestLocation: merged.testLocation === undefined,
    grants: request.grants ?? merged.grants ?? false,
    renames: merged.renames ?? [],
    include: merged.include ?? [],
    exclude: merged.exclude ?? [],
  };
}

/** How long the command of a target may take unless the configuration says otherwise: exports load whole applications. */
const commandTimeoutMs = 5 * 60_000;

/** Beside the revisions unless it is said, so that several databases with revisions of their own have tests of their own. */
function testLocationOf({ testLocation, versionLocations }: AludelConfig, directory: string): string {
  if (testLocation !== undefined) return resolve(directory, testLocation);
  return `${resolve(directory, versionLocations?.[0] ?? usualLocation)}-test`;
}

/** A path counts from the configuration, as the others do; what has a scheme is a database. */
function targetOf(target: AludelConfig['target'], directory: string): Configuration['target'] {
  if (typeof target === 'object') {
    return { command: target.command, timeoutMs: milliseconds(target.timeout, commandTimeoutMs) };
  }
  if (typeof target !== 'string') return target ?? null;
  return isDatabaseUrl(target) ? target : resolve(directory, target);
}

function chosenDatabase(databases: NonNullable<AludelConfig['databases']>, name: string): AludelConfig {
  const chosen = Object.hasOwn(databases, name) ? databases[name] : undefined;
  if (chosen !== undefined) return chosen;
  const names = Object.keys(databases);
  const near = nearest(name, names);
  throw new AludelError('config.invalid', `The configuration has no database named "${name}".`, {
    hint:
      names.length === 0
        ? 'Add it under "databases", or leave out -n.'
        : near === null
          ? `There ${names.length === 1 ? 'is' : 'are'} ${listed(names)}.`
          : `Did you mean "${near}"?`,
    facts: { name, databases: names },
  });
}

/** A key that is set to undefined, such as an unset environment variable, does not hide the one at the top level. */
function withoutUndefined(config: AludelConfig): AludelConfig {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined));
}

/** Secrets that come another way: PGPASSWORD is read by pg itself, and `-x password=…` may end in a statement. */
function withSecretsOf({ env, x = {} }: ConfigRequest, settings: DatabaseSettings): DatabaseSettings {
  const given = Object.entries({ ...x, PGPASSWORD: env['PGPASSWORD'] });
  const secrets = given.flatMap(([name, value]) => (isSecretName(name) && value ? [value] : []));
  return secrets.length === 0 ? settings : { ...settings, secrets: [...settings.secrets, ...secrets] };
}

/**
 * The database with the server of its scratch databases. One of another kind is an error where somebody said that the two
 * belong together; else it is for other databases than the one that the command line chose.
 */
function withScratchServer(
  database: DatabaseSettings,
  config: AludelConfig,
  directory: string,
  { scratch: given, url, dialect, env, workingDirectory }: ConfigRequest,
): DatabaseSettings {
  const fromEnvironment = env['ALUDEL_SCRATCH_URL'];
  const scratch =
    given !== undefined
      ? parseDatabaseUrl(given, workingDirectory)
      : config.scratch !== undefined
        ? databaseSettings(config.scratch, directory)
        : fromEnvironment
          ? parseDatabaseUrl(fromEnvironment, workingDirectory)
          : null;
  if (scratch === null) return database;
  const belongs = given !== undefined || (config.scratch !== undefined && url === undefined && dialect === undefined);
  if (scratch.dialect === database.dialect && scratch.dialect !== 'sqlite')
    return { ...database, secrets: [...database.secrets, ...scratch.secrets], scratch };
  if (!belongs) return database;
  throw new AludelError(
    'config.invalid',
    `Scratch databases of ${database.display} cannot be made on ${scratch.display}, which is ${scratch.dialect}.`,
    {
      where: given === undefined ? 'scratch' : `--scratch ${scratch.display}`,
      hint:
        database.dialect === 'sqlite'
          ? 'On SQLite they are temporary files, and nothing has to be said.'
          : `Name a server of ${database.dialect}. Where there are several databases, the key belongs to each of them.`,
      facts: { database: database.dialect, scratch: scratch.dialect },
    },
  );
}

/** The chosen database as one of the dialect asked for: where it is none, its name and secrets are all that is left of it. */
function databaseOfDialect(
  config: AludelConfig,
  names: readonly string[],
  directory: string,
  request: ConfigRequest,
): DatabaseSettings {
  if (request.dialect === undefined) return chooseDatabase(config, names, directory, request);
  const asked = settingsOfDialect(request.dialect);
  if (request.url === undefined && config.database === undefined && !request.env['DATABASE_URL']) return asked;
  const chosen = chooseDatabase(config, names, directory, request);
  return chosen.dialect === asked.dialect
    ? { ...chosen, isMariaDb: asked.isMariaDb ?? chosen.isMariaDb ?? false }
    : { ...asked, secrets: chosen.secrets };
}

function chooseDatabase(
  config: AludelConfig,
  names: readonly string[],
  directory: string,
  request: ConfigRequest,
): DatabaseSettings {
  if (request.url !== undefined) return parseDatabaseUrl(request.url, request.workingDirectory);
  if (config.database !== undefined) return databaseSettings(config.database, directory);
  if (names.length > 0 && request.name === undefined) {
    throw new AludelError('config.invalid', 'The configuration has several databases, and none was chosen.', {
      hint: `Choose one with -n: ${listed(names, 'or')}.`,
      facts: { databases: names },
    });
  }
  const fromEnvironment = request.env['DATABASE_URL'];
  if (fromEnvironment) return parseDatabaseUrl(fromEnvironment, request.workingDirectory);
  return parseDatabaseUrl('sqlite:./aludel.db', directory);
}

function milliseconds<T extends number | null>(duration: Duration | undefined, otherwise: T): T | number {
  return duration === undefined ? otherwise : (parseDuration(duration) ?? otherwise);
}
