import { options } from '../operations/argument-rules.ts';
import type { OptionsOf } from '../operations/check-arguments.ts';
import { milliseconds, requireArguments, watchedKeys } from './call-rules.ts';
import { configSource, sinkOf, type Watched } from './invocation.ts';
import { withDatabase, withLock } from './open-database.ts';
import { openConfiguration, type ConfigSource } from './open-project.ts';

const signature = {
  config: configSource,
  options: options<OptionsOf<typeof ensureVersion>>({ ...watchedKeys, lockTimeoutMs: milliseconds }),
};

/** Creates the version table and the journal where they are missing. */
export async function ensureVersion(
  config: ConfigSource,
  options: Watched & { readonly lockTimeoutMs?: number } = {},
): Promise<{ readonly database: string; readonly version_table: string }> {
  requireArguments('ensureVersion', signature, [config, options]);
  const configuration = await openConfiguration(config);
  const { schema, name } = configuration.versionTable;
  const { lockTimeoutMs } = options;
  const onEvent = sinkOf(options);
  await withDatabase(configuration, { access: 'write', onEvent }, (database) =>
    withLock(configuration, database, { lockTimeoutMs, onEvent }, () => Promise.resolve()),
  );
  return { database: configuration.database.display, version_table: schema === null ? name : `${schema}.${name}` };
}
