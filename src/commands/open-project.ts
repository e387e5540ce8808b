import type { AludelConfig } from '../environment/config/config.ts';
import type { Configuration } from '../environment/config/configuration.ts';
import { configure, loadConfig } from '../environment/config/load-config.ts';
import { readRevisions } from '../environment/revisions/read-revisions.ts';
import { buildGraph } from '../graph/build-graph.ts';
import type { RevisionGraph } from '../graph/revision-graph.ts';
import { AludelError } from '../support/aludel-error.ts';
import type { ConfigLocation } from './invocation.ts';

/** What every command begins with: the configuration and the checked history. */
export interface Project {
  readonly configuration: Configuration;
  readonly graph: RevisionGraph;
}

/** A configuration itself, or where to find one. */
export type ConfigSource = AludelConfig | ConfigLocation;

export async function openConfiguration(source: ConfigSource): Promise<Configuration> {
  const env = process.env;
  if (!isLocation(source)) return configure(source, { workingDirectory: process.cwd(), env });
  return await loadConfig({
    workingDirectory: source.cwd ?? process.cwd(),
    env,
    configFile: source.file,
    name: source.name,
    url: source.url,
    scratch: source.scratch,
    grants: source.grants,
    dialect: source.dialect,
    x: pairsOf(source.x ?? []),
    waitForDbMs: source.waitForDbMs,
  });
}

/** Reads the revision files without running them. Throws history.broken and history.unreadable. */
export async function openProject(source: ConfigSource): Promise<Project> {
  const configuration = await openConfiguration(source);
  return { configuration, graph: buildGraph(await readRevisions(configuration)) };
}

function isLocation(source: ConfigSource): source is ConfigLocation {
  return 'kind' in source && source.kind === 'config-location';
}

/** `-x key=value`. Throws usage.invalid for anything else. */
function pairsOf(x: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    x.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw noPair(pair);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

function noPair(pair: string): AludelError {
  const key = pair.replace(/^=/, '') || 'key';
  return new AludelError('usage.invalid', `-x takes key=value, and "${pair}" is none.`, {
    where: `-x ${pair}`,
    hint: `Write -x ${key}=… ; "-x ${key}=" gives it an empty value.`,
    facts: { given: pair },
  });
}
