import { compareRevisions } from './compare-revisions.ts';
import { sinkOf, type Watched } from './invocation.ts';
import { isMissing, withDatabase } from './open-database.ts';
import { openProject, type ConfigSource } from './open-project.ts';
import type { VerifyReport } from './results.ts';

/** Compares every applied revision with its file as it is now. Reads only. */
export async function verify(config: ConfigSource, options: Watched = {}): Promise<VerifyReport> {
  const project = await openProject(config);
  const { configuration } = project;
  const revisions = (await isMissing(configuration))
    ? []
    : await withDatabase(configuration, { access: 'read', onEvent: sinkOf(options) }, async (database) =>
        compareRevisions(project, database, await database.versions.read()),
      );
  return {
    database: configuration.database.display,
    revisions,
    is_intact: !revisions.some(({ state }) => state === 'edited' || state === 'missing' || state === 'unknown'),
  };
}
