import { randomUUID } from 'node:crypto';
import type { Connection } from '../dialects/connection.ts';
import type { Dialect } from '../dialects/dialect.ts';
import type { HeldLock } from '../dialects/lock.ts';
import { dialectOf } from '../dialects/registry.ts';
import type { Configuration } from '../environment/configuration.ts';
import { packageVersion } from '../environment/package-root.ts';
import { processOwner, systemClock } from '../environment/system.ts';
import { createJournal, type Journal } from '../runtime/journal.ts';
import type { EventSink } from '../runtime/run-event.ts';
import { createVersionStore, type VersionStore } from '../runtime/version-store.ts';
import { AludelError, isAludelError } from '../support/aludel-error.ts';
import { redact } from '../support/redact.ts';

/** A connection with what the tool keeps in the database. */
export interface Database {
  readonly dialect: Dialect;
  readonly connection: Connection;
  readonly versions: VersionStore;
  readonly journal: Journal;
}

/** Connects, lets `use` work and closes the connection, whatever happens. `read` opens the database without creating it. */
export async function withDatabase<T>(
  configuration: Configuration,
  access: 'read' | 'write',
  use: (database: Database) => Promise<T>,
): Promise<T> {
  const { database: settings, versionTable } = configuration;
  const dialect = await dialectOf(settings.dialect);
  const owner = processOwner();
  const connection = await dialect.connect(settings, {
    applicationName: `aludel ${owner}`,
    busyTimeoutMs: configuration.busyTimeoutMs,
    readOnly: access === 'read',
  });
  try {
    return await use({
      dialect,
      connection,
      versions: createVersionStore(dialect, connection, versionTable),
      journal: createJournal(dialect, connection, journalTableOf(configuration), {
        runId: randomUUID(),
        actor: owner,
        tool: `aludel ${packageVersion()}`,
        timestamp: () => new Date(systemClock.now()).toISOString(),
      }),
    });
  } catch (error) {
    throw isAludelError(error) ? error : refusedByDatabase(error, dialect, configuration);
  } finally {
    await connection.close();
  }
}

/** What a driver throws at a statement of our own, in words; anything else is a defect of ours and stays as it is. */
function refusedByDatabase(error: unknown, dialect: Dialect, configuration: Configuration): unknown {
  const { message, code, kind } = dialect.explainError(error, '');
  if (code === null) return error;
  const { display } = configuration.database;
  return new AludelError('database.failed', redactor(configuration)(`${display} refused: ${message}`), {
    where: display,
    hint: kind === 'read-only' ? 'The database is read-only; this command has to write to it.' : null,
    facts: { code },
    cause: error,
  });
}

/** Rows of the version table, read without creating anything: a database that does not exist yet has none. */
export async function readRows(configuration: Configuration): Promise<readonly string[]> {
  if (await isMissing(configuration)) return [];
  return await withDatabase(configuration, 'read', ({ versions }) => versions.read());
}

/** True when the database is known not to exist yet, as a SQLite file. */
export async function isMissing({ database }: Configuration): Promise<boolean> {
  const dialect = await dialectOf(database.dialect);
  return dialect.isMissing(database);
}

/** Takes the migration lock, makes sure that our tables exist, lets `use` work and gives the lock back. */
export async function withLock<T>(
  configuration: Configuration,
  database: Database,
  options: { readonly lockTimeoutMs?: number | undefined; readonly onEvent: EventSink },
  use: (lock: HeldLock) => Promise<T>,
): Promise<T> {
  const lock = await database.dialect.acquireLock({
    connection: database.connection,
    settings: configuration.database,
    versionTable: configuration.versionTable,
    owner: processOwner(),
    timeoutMs: options.lockTimeoutMs ?? configuration.lockTimeoutMs,
    onWait: (holder) => {
      options.onEvent({ kind: 'waiting-for-lock', holder });
    },
    clock: { now: () => systemClock.monotonic(), sleep: (ms) => systemClock.sleep(ms), random: Math.random },
  });
  options.onEvent({ kind: 'lock-obtained' });
  try {
    await database.versions.ensure();
    await database.journal.ensure();
    return await use(lock);
  } finally {
    await lock.release();
    options.onEvent({ kind: 'lock-released' });
  }
}

/** The journal stands beside the version table; a version table of another name has a journal of its own. */
function journalTableOf({ versionTable }: Configuration): { readonly schema: string | null; readonly name: string } {
  const name = versionTable.name === 'aludel_version' ? 'aludel_log' : `${versionTable.name}_aludel_log`;
  return { schema: versionTable.schema, name };
}

/** Masks the configured secrets, and whatever looks like one, in a text that will be shown or stored. */
export function redactor({ database }: Configuration): (text: string) => string {
  return (text) => redact(text, database.secrets);
}
