import { existsSync } from 'node:fs';
import { dialectOf } from '../../dialects/registry.ts';
import type { TargetFunction } from '../../environment/config/config.ts';
import type { Configuration, SchemaCommand } from '../../environment/config/configuration.ts';
import { isDatabaseUrl } from '../../environment/config/database-url.ts';
import { outputOfCommand, shownCommand } from '../../environment/run-command.ts';
import { shownPath } from '../../environment/shown-path.ts';
import { withoutExit } from '../../environment/without-exit.ts';
import { AludelError, messageOf } from '../../support/aludel-error.ts';
import type { WantedSchema } from './compare-schemas.ts';
import type { ConfigSource } from '../open-project.ts';
import { runSqlFiles } from './run-sql-files.ts';
import { schemaOf, schemaOfDatabase, undeclared } from './schema-source.ts';
import { unlessInterrupted } from '../run/stoppable.ts';
import { withScratch } from './with-scratch.ts';
import type { Watch } from '../invocation.ts';

type Target = NonNullable<Configuration['target']>;

/** What the configuration says of the schema that is wanted; nothing is built. Throws schema.no-target and config.invalid. */
export function targetOf(configuration: Configuration): Target {
  const { target } = configuration;
  if (target === null) throw noTarget(configuration);
  if (typeof target === 'string' && !isDatabaseUrl(target) && !existsSync(target))
    throw notThere(target, configuration);
  return target;
}

/** The schema of a target. Throws schema.unreadable for one that cannot be built. */
export async function targetSchema(
  target: Target,
  config: ConfigSource,
  configuration: Configuration,
  watch: Watch,
): Promise<WantedSchema> {
  const wanted = await schemaOfTarget(target, config, configuration, watch);
  if (wanted.schema.objects.length === 0) throw emptyTarget(configuration);
  return wanted;
}

async function schemaOfTarget(
  target: Target,
  config: ConfigSource,
  configuration: Configuration,
  watch: Watch,
): Promise<WantedSchema> {
  if (typeof target === 'string') return await schemaOf(target, config, configuration, watch);
  if (typeof target === 'object') return await schemaOfCommand(target, configuration, watch);
  return await withScratch(configuration, watch, async (scratch) => {
    await build(target, scratch, watch.signal);
    return undeclared(await schemaOfDatabase(scratch, watch));
  });
}

async function schemaOfCommand(
  target: SchemaCommand,
  configuration: Configuration,
  watch: Watch,
): Promise<WantedSchema> {
  const { directory, database } = configuration;
  const { secrets } = database;
  const text = await unlessInterrupted(watch.signal, () => outputOfCommand(target, directory, secrets, watch.signal));
  return await withScratch(configuration, watch, async (scratch) => {
    const output = { path: `the output of "${shownCommand(target, secrets)}"`, text };
    await runSqlFiles([output], await dialectOf(scratch.database.dialect), scratch);
    return undeclared(await schemaOfDatabase(scratch, watch));
  });
}

/** Every statement that knex makes runs on one connection. */
async function build(
  target: TargetFunction,
  { database, busyTimeoutMs }: Configuration,
  signal: AbortSignal | undefined,
): Promise<void> {
  const dialect = await dialectOf(database.dialect);
  const connection = await dialect.connect(database, { applicationName: 'aludel', busyTimeoutMs, readOnly: false });
  // What cannot be cancelled is left behind with its database.
  const cancel = (): void => void connection.cancel().catch(() => undefined);
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    await dialect.schema.prepare(connection);
    const { knex } = await dialect.loadBuilder(({ sql, bindings }) => connection.query(sql, bindings));
    await withoutExit(() => target(knex));
  } catch (error) {
    if (error instanceof AludelError) throw error;
    throw new AludelError(
      'schema.unreadable',
      `The function "target" of the configuration failed: ${messageOf(error)}`,
      {
        hint: 'It runs on an empty database. Await everything it builds, or return it.',
        cause: error,
      },
    );
  } finally {
    signal?.removeEventListener('abort', cancel);
    await connection.close();
  }
}

/** A path to the wrong place, or a promise that nobody waited for, would else take every table down. */
function emptyTarget({ file }: Configuration): AludelError {
  return new AludelError('schema.unreadable', 'The target holds nothing, which would mean no table at all.', {
    where: file,
    hint: 'A function has to await or return everything it builds; a file or a database may be the wrong one.',
  });
}

function notThere(path: string, { file, workingDirectory }: Configuration): AludelError {
  const shown = shownPath(path, workingDirectory);
  return new AludelError('config.invalid', `The key "target" names ${shown}: there is no such file or directory.`, {
    where: file,
    hint: 'Paths are from the directory of the configuration. Give a file or a directory of SQL or of models, or a database URL.',
    facts: { key: 'target', path: shown },
  });
}

function noTarget({ file }: Configuration): AludelError {
  return new AludelError('schema.no-target', 'The configuration says nothing of the schema that is wanted.', {
    where: file,
    hint: "Set target to a file or a directory (target: 'schema.sql'), a database URL, { command: '…' }, or a function that builds it with knex.",
  });
}
