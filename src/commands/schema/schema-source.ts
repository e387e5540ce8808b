import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { dialectOf } from '../../dialects/registry.ts';
import { isDatabaseUrl, parseDatabaseUrl } from '../../environment/config/database-url.ts';
import type { Configuration } from '../../environment/config/configuration.ts';
import { declaredRenames } from '../../environment/models/declared-renames.ts';
import { readModels } from '../../environment/models/read-models.ts';
import { readSchemaFiles } from '../../environment/read-schema-files.ts';
import type { Snapshot } from '../../schema/snapshot.ts';
import { AludelError } from '../../support/aludel-error.ts';
import { buildModels } from './build-models.ts';
import type { WantedSchema } from './compare-schemas.ts';
import { isMissing, withDatabase } from '../open-database.ts';
import { openProject, type ConfigSource } from '../open-project.ts';
import { readSchema } from './read-schema.ts';
import { runSqlFiles } from './run-sql-files.ts';
import { schemaAt } from './schema-at.ts';
import { withScratch } from './with-scratch.ts';
import type { Watch } from '../invocation.ts';

/**
 * The schema that a source has: `database` is the configured one, `revisions` and `revision:ID` are what the revisions
 * make, a URL is that database, anything else a file or a directory of SQL or of models. Throws usage.invalid for what is
 * none.
 */
export async function schemaOf(
  source: string,
  config: ConfigSource,
  configuration: Configuration,
  watch: Watch,
): Promise<WantedSchema> {
  const revision = /^revision:(.+)$/.exec(source)?.[1];
  if (source === 'revisions' || revision !== undefined) {
    return undeclared(await schemaAt(await openProject(config), [revision ?? 'heads'], watch));
  }
  if (source === 'database') return undeclared(await schemaOfDatabase(configuration, watch));
  const path = resolve(configuration.workingDirectory, source);
  if (existsSync(path)) return await schemaOfFiles(path, configuration, watch);
  if (isDatabaseUrl(source)) {
    const database = parseDatabaseUrl(source, configuration.workingDirectory);
    const other = { ...configuration, database };
    // The configured one may not be there yet. One that is only compared with is a mistake then.
    if (database.connection['filename'] !== ':memory:' && (await isMissing(other))) throw noDatabase(database.display);
    return undeclared(await schemaOfDatabase(other, watch));
  }
  throw new AludelError('usage.invalid', `"${source}" is no schema: there is no such file or directory.`, {
    where: source,
    hint: 'Give a database URL, a file or a directory of SQL or of models, "database", "revisions" or "revision:ID".',
    facts: { source },
  });
}

function noDatabase(display: string): AludelError {
  return new AludelError('database.unreachable', `There is no database ${display}: it has no file.`, {
    where: display,
    hint: 'Check the path. Nothing was created there.',
  });
}

/** The schema of the configured database; a SQLite file that is not there yet has none. */
export async function schemaOfDatabase(configuration: Configuration, watch: Watch): Promise<Snapshot> {
  if (await isMissing(configuration)) {
    return { dialect: configuration.database.dialect, objects: [], unread: [] };
  }
  return await withDatabase(configuration, { access: 'read', ...watch }, ({ connection, dialect }) =>
    readSchema(connection, dialect, configuration),
  );
}

/** A schema that says nothing of what its parts were called. */
export function undeclared(schema: Snapshot): WantedSchema {
  return { schema, renames: [] };
}

async function schemaOfFiles(path: string, configuration: Configuration, watch: Watch): Promise<WantedSchema> {
  const { kind, files } = readSchemaFiles(path, configuration.workingDirectory);
  const models = kind === 'models' ? await readModels(files) : [];
  return await withScratch(configuration, watch, async (scratch) => {
    if (kind === 'sql') await runSqlFiles(files, await dialectOf(scratch.database.dialect), scratch);
    else {
      await withDatabase(scratch, { access: 'write', ...watch }, ({ connection, dialect }) =>
        buildModels(models, connection, dialect),
      );
    }
    return { schema: await schemaOfDatabase(scratch, watch), renames: declaredRenames(models) };
  });
}
