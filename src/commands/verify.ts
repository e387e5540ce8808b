import { options } from '../operations/argument-rules.ts';
import { requireArguments, watchedKeys } from './call-rules.ts';
import { compareRevisions } from './compare-revisions.ts';
import { configSource, sinkOf, type Watched } from './invocation.ts';
import { readHalfDone } from './run/half-done-report.ts';
import { isMissing, withDatabase } from './open-database.ts';
import { openProject, type ConfigSource } from './open-project.ts';
import type { VerifyReport } from './results.ts';

const signature = { config: configSource, options: options<Watched>(watchedKeys) };

/** Compares every applied revision with its file as it is now. Reads only. */
export async function verify(config: ConfigSource, options: Watched = {}): Promise<VerifyReport> {
  requireArguments('verify', signature, [config, options]);
  const project = await openProject(config);
  const { configuration } = project;
  const { revisions, half_done } = (await isMissing(configuration))
    ? { revisions: [], half_done: null }
    : await withDatabase(configuration, { access: 'read', onEvent: sinkOf(options) }, async (database) => ({
        revisions: await compareRevisions(project, database, await database.versions.read()),
        half_done: await readHalfDone(database.journal),
      }));
  return {
    database: configuration.database.display,
    revisions,
    half_done,
    is_intact: !revisions.some(({ state }) => state === 'edited' || state === 'missing' || state === 'unknown'),
  };
}
