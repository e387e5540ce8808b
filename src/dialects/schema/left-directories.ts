import { createHash } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * What directories of this kind begin with here, up to the number of their process: containers, and machines, may share
 * temporary files, and what is a dead process in one is a live one in the other.
 */
export function directoryPrefix(kind: string): string {
  let namespace = '';
  try {
    namespace = readlinkSync('/proc/self/ns/pid');
  } catch {
    // Only Linux has them.
  }
  const place = createHash('sha256').update(`${hostname()} ${namespace}`).digest('hex').slice(0, 8);
  return `${kind}-${place}-`;
}

/**
 * Removes the temporary directories that dead processes left: those with this {@link directoryPrefix}, a process number and a
 * dash. `before` ends what still works in one. A number may be given to another process: then its directory stays a while longer.
 */
export async function sweepDirectories(
  prefix: string,
  before: (directory: string) => Promise<void> = async () => undefined,
): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const owner = name.startsWith(prefix) ? /^(\d+)-/.exec(name.slice(prefix.length))?.[1] : undefined;
    if (owner === undefined || isAlive(Number(owner))) continue;
    const directory = join(tmpdir(), name);
    await before(directory);
    // Another user's leftovers are that user's to sweep.
    await rm(directory, { recursive: true, force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
