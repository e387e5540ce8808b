import { dialectOf } from '../../dialects/registry.ts';
import type { Configuration } from '../../environment/config/configuration.ts';
import { throwIfInterrupted } from '../../runtime/interruption.ts';
import { messageOf } from '../../support/aludel-error.ts';
import type { Watch } from '../invocation.ts';
import { unlessInterrupted } from '../run/stoppable.ts';

/** How long what is stopped has to end by itself before its database is removed, in milliseconds. */
const graceMs = 1000;

/**
 * Lets `use` work with the configuration on an empty scratch database of its own, which is removed whatever happens. Where that
 * fails it is a warning: the work is done, or has failed for a reason of its own, and a later scratch database sweeps it away.
 * Throws migration.interrupted when the signal is given meanwhile.
 */
export async function withScratch<T>(
  configuration: Configuration,
  { onEvent, signal }: Watch,
  use: (configuration: Configuration) => Promise<T>,
): Promise<T> {
  throwIfInterrupted(signal);
  const dialect = await dialectOf(configuration.database.dialect);
  const scratch = await dialect.schema.createScratch(configuration.database, (text) =>
    onEvent({ kind: 'warning', text }),
  );
  try {
    const { versionTable } = configuration;
    const own: Configuration = {
      ...configuration,
      database: scratch.settings,
      // In another database it would be the version table that the runs of the project write.
      versionTable: dialect.schema.schemasInside ? versionTable : { ...versionTable, schema: null },
      waitForDbMs: 0,
    };
    return await unlessInterrupted(signal, () => use(own), graceMs);
  } finally {
    await scratch.remove().catch((error: unknown) => {
      onEvent({ kind: 'warning', text: `The scratch database could not be removed: ${messageOf(error)}` });
    });
  }
}
