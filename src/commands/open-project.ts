import type { AludelConfig } from '../environment/config.ts';
import type { Configuration } from '../environment/configuration.ts';
import { configure, loadConfig } from '../environment/load-config.ts';
import { readRevisions } from '../environment/read-revisions.ts';
import { buildGraph } from '../graph/build-graph.ts';
import type { RevisionGraph } from '../graph/revision-graph.ts';
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

/** `-x key=value`; an argument without `=` is a key with an empty value, as in Alembic. */
function pairsOf(x: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    x.map((pair) => {
      const at = pair.indexOf('=');
      return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}
