import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSettings } from '../../connection.ts';
import { directoryPrefix, sweepDirectories } from '../../schema/left-directories.ts';
import type { Scratch } from '../../schema/schema-rules.ts';
import { noScratch } from '../../schema/scratch-name.ts';

/** A file in a directory of its own among the temporary ones, with the number of this process in its name. */
export async function createScratch(settings: DatabaseSettings): Promise<Scratch> {
  try {
    const prefix = directoryPrefix('aludel-scratch');
    await sweepDirectories(prefix);
    const directory = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
    const filename = join(directory, 'scratch.db');
    // What only reads opens no file that is not there.
    await writeFile(filename, '');
    return {
      settings: { ...settings, connection: { ...settings.connection, filename } },
      remove: () => rm(directory, { recursive: true, force: true }),
    };
  } catch (error) {
    throw noScratch(settings, error, 'Make room for temporary files, or name another directory for them in TMPDIR.');
  }
}
