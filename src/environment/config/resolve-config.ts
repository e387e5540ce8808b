import { dirname, resolve } from 'node:path';
import { defaultFileTemplate } from '../../revisions/revision-file.ts';
import { AludelError } from '../../support/aludel-error.ts';
import { listed, nearest } from '../../support/text.ts';
import { chooseDatabase } from './choose-database.ts';
import type { AludelConfig, Duration } from './config.ts';
import type { ConfigRequest } from './config-request.ts';
import type { Configuration } from './configuration.ts';
import { isDatabaseUrl } from './database-url.ts';
import { parseDuration } from '../duration.ts';

/** Where revisions are unless the configuration says otherwise. */
export const usualLocation = 'versions';

/** Fills in the defaults and makes paths absolute. Throws config.invalid and config.unsupported-database. */
export function resolveConfig(config: AludelConfig, file: string | null, request: ConfigRequest): Configuration {
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
    database: chooseDatabase(merged, Object.keys(databases ?? {}), directory, request),
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

function milliseconds<T extends number | null>(duration: Duration | undefined, otherwise: T): T | number {
  return duration === undefined ? otherwise : (parseDuration(duration) ?? otherwise);
}
