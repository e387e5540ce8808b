import { options } from '../operations/argument-rules.ts';
import { showRevisions } from '../planner/show-revisions.ts';
import { requireArguments, texts, watchedKeys } from './call-rules.ts';
import { configSource, sinkOf, type Watched } from './invocation.ts';
import { readRows } from './open-database.ts';
import { openProject, type ConfigSource, type Project } from './open-project.ts';
import { reporter } from './report-revision.ts';
import type { RevisionDetail } from './results.ts';

export interface ShowReport {
  readonly revisions: readonly RevisionDetail[];
}

const signature = { config: configSource, targets: texts, options: options<Watched>(watchedKeys) };

/** The revisions that the targets stand for; `current` asks the database. */
export async function show(
  config: ConfigSource,
  targets: readonly string[],
  options: Watched = {},
): Promise<ShowReport> {
  requireArguments('show', signature, [config, targets, options]);
  return await showIn(await openProject(config), targets, options);
}

/** {@link show} in a project that is open already. */
export async function showIn(
  { configuration, graph }: Project,
  targets: readonly string[],
  options: Watched = {},
): Promise<ShowReport> {
  const rows = targets.includes('current') ? await readRows(configuration, { onEvent: sinkOf(options) }) : [];
  const revisions = targets.flatMap((target) => showRevisions(graph, rows, target));
  return { revisions: [...new Set(revisions)].map(reporter(graph)) };
}
