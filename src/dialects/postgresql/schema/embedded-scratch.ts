import { readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSettings } from '../../connection.ts';
import { directoryPrefix, sweepDirectories } from '../../schema/left-directories.ts';
import type { Scratch } from '../../schema/schema-rules.ts';
import { connectPostgresql } from '../driver.ts';
import { embeddedKinds, startEmbeddedServer, type EmbeddedKind, type EmbeddedServer } from './embedded-server.ts';
import { createSchemas, createScratchDatabase, serverVersion } from './scratch-database.ts';

/** The one that makes databases serves all that follow within so many milliseconds: a command needs several. */
const lingerMs = 5000;
let shared: Shared | null = null;

interface Shared {
  readonly server: EmbeddedServer;
  /** The database in whose place it is. */
  readonly display: string;
  users: number;
}

/** A scratch database on the server that was started for these settings; null when none was, or it is of no use any more. */
export async function runningScratch(settings: DatabaseSettings): Promise<Scratch | null> {
  const place = shared;
  if (place?.display !== settings.display) return null;
  try {
    return await databaseOn(place, settings);
  } catch {
    if (shared === place) shared = null;
    return null;
  }
}

/**
 * A scratch database on a server that is started for it, since there is none beside these settings for this `reason`; null
 * when no package that brings one is installed. `tell` hears once what was started.
 */
export async function embeddedScratch(
  settings: DatabaseSettings,
  reason: string,
  tell: (text: string) => void,
  kinds: readonly EmbeddedKind[] = embeddedKinds,
): Promise<Scratch | null> {
  const prefix = directoryPrefix('aludel-scratch-postgresql');
  await sweepDirectories(prefix, endServer);
  const server = await startEmbeddedServer(kinds, prefix, settings.searchPath);
  if (server === null) return null;
  try {
    for (const text of await announcement(server, settings, reason)) tell(text);
    if (!server.makesDatabases) return await wholeServer(server, settings);
    shared = { server, display: settings.display, users: 0 };
    return await databaseOn(shared, settings);
  } catch (error) {
    if (shared?.server === server) shared = null;
    server.stop();
    throw error;
  }
}

async function databaseOn(place: Shared, settings: DatabaseSettings): Promise<Scratch> {
  place.users++;
  const release = (): void => {
    place.users--;
    setTimeout(() => {
      if (place.users > 0) return;
      if (shared === place) shared = null;
      place.server.stop();
    }, lingerMs).unref();
  };
  try {
    const scratch = await createScratchDatabase(as(settings, place.server));
    return {
      settings: scratch.settings,
      remove: () => scratch.remove().finally(release),
    };
  } catch (error) {
    release();
    throw error;
  }
}

async function wholeServer(server: EmbeddedServer, settings: DatabaseSettings): Promise<Scratch> {
  const own = as(settings, server);
  const options = { applicationName: 'aludel scratch', busyTimeoutMs: 0, readOnly: false };
  const connection = await connectPostgresql({ ...own, searchPath: null }, options);
  try {
    await createSchemas(connection, own);
  } finally {
    await connection.close();
  }
  return { settings: own, remove: async () => server.stop() };
}

function as({ searchPath, secrets }: DatabaseSettings, { settings }: EmbeddedServer): DatabaseSettings {
  return { ...settings, searchPath, secrets: [...settings.secrets, ...secrets] };
}

async function announcement(
  server: EmbeddedServer,
  configured: DatabaseSettings,
  reason: string,
): Promise<readonly string[]> {
  const [own, other] = await Promise.all([serverVersion(server.settings), serverVersion(configured)]);
  const major = (version: string | null): string | undefined => version?.split('.')[0];
  return [
    `${reason.replace(/\.$/, '')}; so PostgreSQL ${own} of the package ${server.package} was started for scratch databases, and ends with this command.`,
    ...(other === null || major(other) === major(own)
      ? []
      : [
          `${configured.display} is PostgreSQL ${other}: what version ${major(own)} does otherwise may show as a difference. A server of the same version can be named with the key "scratch".`,
        ]),
  ];
}

/** One whose keeper was killed too. Where the system does not tell what is its directory, it ends when that is gone. */
async function endServer(directory: string): Promise<void> {
  try {
    const pid = Number.parseInt(await readFile(join(directory, 'postmaster.pid'), 'utf8'), 10);
    if ((await readlink(`/proc/${pid}/cwd`)) === directory) process.kill(pid, 'SIGQUIT');
  } catch {
    // It has ended, or is another user's.
  }
}
