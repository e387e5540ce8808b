import { planUpgrade } from '../../planner/plan-upgrade.ts';
import type { Snapshot } from '../../schema/snapshot.ts';
import type { Configuration } from '../../environment/config/configuration.ts';
import { AludelError, isAludelError } from '../../support/aludel-error.ts';
import { withDatabase, type Database } from '../open-database.ts';
import type { Project } from '../open-project.ts';
import { readSchema } from './read-schema.ts';
import { runMigration } from '../run/run-migration.ts';
import { withScratch } from './with-scratch.ts';
import type { Watch } from '../invocation.ts';

/** The schema that an empty database has after `upgrade` to these targets, from a scratch database. */
export async function schemaAt(project: Project, targets: readonly string[], watch: Watch): Promise<Snapshot> {
  return await databaseAt(project, targets, watch, ({ connection, dialect }, configuration) =>
    readSchema(connection, dialect, configuration),
  );
}

/** Lets `use` look at the scratch database of {@link schemaAt}, which is removed whatever happens. */
export async function databaseAt<T>(
  project: Project,
  targets: readonly string[],
  watch: Watch,
  use: (database: Database, configuration: Configuration) => Promise<T>,
): Promise<T> {
  return await withScratch(project.configuration, watch, async (configuration) => {
    await runMigration({ ...project, configuration }, (graph, rows) => planUpgrade(graph, rows, targets), {
      withGone: false,
      ...(watch.signal === undefined ? {} : { signal: watch.signal }),
    }).catch((error: unknown) => {
      throw ofReplay(error);
    });
    return await withDatabase(configuration, { access: 'read', ...watch }, (database) => use(database, configuration));
  });
}

/** What a revision does to a scratch database, it does not do to anybody's own: half-done or rolled back is the same there. */
function ofReplay(error: unknown): unknown {
  if (!isAludelError(error) || !error.code.startsWith('migration.')) return error;
  return new AludelError('migration.failed', error.message, {
    where: error.where,
    hint: 'It was replayed on a scratch database, which is removed; yours was not touched. Every revision has to run on an empty database.',
    facts: error.facts,
    cause: error,
  });
}
