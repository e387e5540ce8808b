import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { AludelError } from '../../support/aludel-error.ts';
import type { AludelConfig } from './config.ts';
import type { ConfigRequest } from './config-request.ts';
import type { Configuration } from './configuration.ts';
import { findConfigFile } from './find-config-file.ts';
import { readConfigFile } from './read-config-file.ts';
import { resolveConfig, usualLocation } from './resolve-config.ts';
import { shownPath } from '../shown-path.ts';
import { validateConfig } from './validate-config.ts';

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
