import { realpathSync } from 'node:fs';
import { AludelError, isAludelError } from '../../support/aludel-error.ts';
import { redact } from '../../support/redact.ts';
import { byCodePoint, listed } from '../../support/text.ts';
import type { ConfigContext } from './config.ts';
import type { ConfigRequest } from './config-request.ts';
import { describeLoadFailure, shownPlace } from '../modules/load-failure.ts';
import { loadModule } from '../modules/module-loader.ts';
import { shownPath } from '../shown-path.ts';
import { untilSettled } from '../until-settled.ts';
import { withoutExit } from '../without-exit.ts';

/** What the file exports by default; a function is called. Throws config.not-loadable. */
export async function readConfigFile(file: string, shownFile: string, request: ConfigRequest): Promise<unknown> {
  const context: ConfigContext = { name: request.name ?? null, x: request.x ?? {}, env: request.env };
  try {
    const loaded = await loadModule(realpathSync(file));
    if (!('default' in loaded)) throw noDefaultExport(loaded, shownFile);
    const exported: unknown = await loaded['default'];
    const config: unknown = isConfigFunction(exported)
      ? await withoutExit(() => untilSettled(Promise.resolve(exported(context)), neverAnswers))
      : exported;
    return file.endsWith('.json') ? withoutSchemaKey(config) : config;
  } catch (error) {
    if (isAludelError(error)) throw error;
    throw notLoadable(error, shownFile, request.workingDirectory);
  }
}

function neverAnswers(): Error {
  return new Error('its function waits for something that can no longer happen');
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
    hint: shownFile.endsWith('.json')
      ? 'JSON has no comments, and no comma before a closing bracket.'
      : 'The file is run in order to be read. --raiseerr shows the stack of what it threw.',
    facts: { path: shownFile, line: place?.line ?? null },
    cause: error,
  });
}
