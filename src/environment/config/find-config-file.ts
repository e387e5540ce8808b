import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { AludelError } from '../../support/aludel-error.ts';
import { listed, nearest } from '../../support/text.ts';
import type { ConfigRequest } from './config-request.ts';
import { shownPath } from '../shown-path.ts';

/** Names a configuration file may have; none comes before another. */
export const configFileNames: readonly string[] = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs', 'json'].map(
  (ending) => `migrate.config.${ending}`,
);

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
  const found = existsSync(path) ? statSync(path) : null;
  if (found?.isFile() === true) return path;
  if (found?.isDirectory() === true) throw directoryGiven(path, given);
  const directory = dirname(path);
  const near = nearest(basename(path), namesIn(directory));
  throw new AludelError('config.not-loadable', `There is no configuration file ${given}.`, {
    where: given,
    hint: near === null ? 'Make one with: aludel init' : `Did you mean ${join(dirname(given), near)}?`,
    facts: { path },
  });
}

function directoryGiven(path: string, given: string): AludelError {
  const names = namesIn(path);
  const inside = configFileNames.find((name) => names.has(name));
  return new AludelError('config.not-loadable', `${given} is a directory, and no configuration file.`, {
    where: given,
    hint: inside === undefined ? 'Name a file.' : `Name the file in it: ${join(given, inside)}`,
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
