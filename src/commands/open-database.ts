import type { Connection, TableName } from '../dialects/connection.ts';
import { connectWhenUp } from '../dialects/connect-when-up.ts';
import type { Dialect, ErrorKind } from '../dialects/dialect.ts';
import type { HeldLock, LockRequest } from '../dialects/lock.ts';
import { dialectOf } from '../dialects/registry.ts';
import type { Configuration } from '../environment/config/configuration.ts';
import { nodeCrypto } from '../environment/hash.ts';
import { packageVersion } from '../environment/package-root.ts';
import { processOwner, systemClock } from '../environment/system.ts';
import { throwIfInterrupted } from '../runtime/interruption.ts';
import { createJournal, type Journal } from '../runtime/records/journal.ts';
import type { EventSink } from '../runtime/run-event.ts';
import { connectionLost } from '../runtime/statement-errors.ts';
import { createVersionStore, type VersionStore } from '../runtime/records/version-store.ts';
import type { Watch } from './invocation.ts';
import { unlessInterrupted } from './run/stoppable.ts';
import { AludelError, isAludelError, messageOf } from '../support/aludel-error.ts';
import { redact } from '../support/redact.ts';
import { redactError } from '../support/redact-error.ts';

/** For connecting: nobody waits for the one who only looks. */
const observerTimeoutMs = 5000;

/** What waiting is measured by. Throws migration.interrupted from a sleep when the signal is given. */
function waitingClock(signal: AbortSignal | undefined): LockRequest['clock'] {
  return {
    now: () => systemClock.monotonic(),
    async sleep(ms) {
      throwIfInterrupted(signal);
      await systemClock.sleep(ms, signal).catch(() => throwIfInterrupted(signal));
    },
    random: Math.random,
  };
}

/** A connection with what the tool keeps in the database. */
export interface Database {
  readonly dialect: Dialect;
  readonly connection: Connection;
  readonly versions: VersionStore;
  readonly journal: Journal;
  /** Opens another connection to the same database, to ask what the first one waits for. */
  readonly observe: () => Promise<Connection>;
}

/** What a command wants of its database. `read` opens it without creating it. */
export interface DatabaseAccess {
  readonly access: 'read' | 'write';
  /** Told while the database is waited for. */
  readonly onEvent: EventSink;
  /** Ends the waiting, and what only reads. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Connects, lets `use` work and closes the connection, whatever happens.
 * Errors leave without the secrets of the configuration, their causes too.
 */
export async function withDatabase<T>(
  configuration: Configuration,
  access: DatabaseAccess,
  use: (database: Database) => Promise<T>,
): Promise<T> {
  const work = (): Promise<T> => withConnection(configuration, access, use);
  try {
    return access.access === 'read' ? await unlessInterrupted(access.signal, work) : await work();
  } catch (error) {
    redactError(error, redactor(configuration));
    throw error;
  }
}

async function withConnection<T>(
  configuration: Configuration,
  { access, onEvent, signal }: DatabaseAccess,
  use: (database: Database) => Promise<T>,
): Promise<T> {
  const { database: settings } = configuration;
  const dialect = await dialectOf(settings.dialect);
  const owner = processOwner();
  const connection = await connectWhenUp(
    dialect,
    settings,
    {
      applicationName: `aludel ${owner}`,
      busyTimeoutMs: configuration.busyTimeoutMs,
      readOnly: access === 'read',
    },
    {
      waitMs: configuration.waitForDbMs,
      onWait: (reason) => onEvent({ kind: 'waiting-for-database', reason: redactor(configuration)(reason) }),
      clock: waitingClock(signal),
    },
  );
  if (settings.remark !== undefined) onEvent({ kind: 'warning', text: settings.remark });
  try {
    return await use(databaseOn(connection, dialect, configuration));
  } catch (error) {
    if (isAludelError(error)) throw error;
    const lost = connection.lostBecause();
    throw lost === null ? refusedByDatabase(error, dialect, configuration) : connectionLost(lost, true, error);
  } finally {
    await connection.close();
  }
}

/** What the tool keeps in the database; its tables are those that the session finds, or that their schema has. */
function storesIn(
  configuration: Configuration,
  dialect: Dialect,
  connection: Connection,
): Pick<Database, 'versions' | 'journal'> {
  return {
    versions: createVersionStore(dialect, connection, configuration.versionTable),
    journal: createJournal(dialect, connection, tableBeside(configuration, 'log'), {
      runId: nodeCrypto().randomUUID(),
      actor: processOwner(),
      tool: toolName(),
      timestamp: () => new Date(systemClock.now()).toISOString(),
      redact: redactor(configuration),
    }),
  };
}

/** What the tool keeps in the database that a connection leads to. */
export function databaseOn(connection: Connection, dialect: Dialect, configuration: Configuration): Database {
  const owner = processOwner();
  return {
    dialect,
    connection,
    ...storesIn(configuration, dialect, connection),
    observe: () =>
      dialect.connect(configuration.database, {
        applicationName: `aludel ${owner} observer`,
        busyTimeoutMs: configuration.busyTimeoutMs,
        readOnly: true,
        timeoutMs: observerTimeoutMs,
      }),
  };
}

/** The tool as the journal names it. */
export function toolName(): string {
  return `aludel ${packageVersion()}`;
}

/** What a driver throws at a statement of our own, in words; anything else is a defect of ours and stays as it is. */
function refusedByDatabase(error: unknown, dialect: Dialect, configuration: Configuration): unknown {
  const { message, code, kind } = dialect.explainError(error, '');
  if (code === null) return error;
  const { display } = configuration.database;
  return new AludelError('database.failed', redactor(configuration)(`${display} refused: ${message}`), {
    where: display,
    hint: adviceOn(kind),
    facts: { code },
    cause: error,
  });
}

function adviceOn(kind: ErrorKind): string | null {
  switch (kind) {
    case 'read-only':
      return 'The database is read-only; this command has to write to it.';
    case 'denied':
      return 'Grant this user the right, or connect as another. A migration also creates tables of its own beside the version table, and writes to them.';
    case 'missing-database':
      return 'Create it, or say with versionTableSchema of the configuration in which database the tables of aludel are to be. The user needs the right to create tables there.';
    default:
      return null;
  }
}

/** Rows of the version table, read without creating anything: a database that does not exist yet has none. */
export async function readRows(configuration: Configuration, watch: Watch): Promise<readonly string[]> {
  if (await isMissing(configuration)) return [];
  return await withDatabase(configuration, { access: 'read', ...watch }, ({ versions }) => versions.read());
}

/** True when the database is known not to exist yet, as a SQLite file. */
export async function isMissing({ database }: Configuration): Promise<boolean> {
  const dialect = await dialectOf(database.dialect);
  return dialect.isMissing(database);
}

/** A database while the migration lock of its version table is held. */
export interface LockedDatabase extends Database {
  readonly lock: HeldLock;
}

/**
 * Refuses a replica, takes the migration lock, makes sure that our tables exist, lets `use` work and gives the lock back.
 * From here on our tables are named with their schema, since a revision may take the session elsewhere.
 */
export async function withLock<T>(
  configured: Configuration,
  opened: Database,
  options: Omit<DatabaseAccess, 'access'> & { readonly lockTimeoutMs?: number | undefined },
  use: (database: LockedDatabase) => Promise<T>,
): Promise<T> {
  const { dialect, connection } = opened;
  const reason = await dialect.whyReadOnly(connection);
  if (reason !== null) throw readOnly(configured, reason);
  const { versionTable } = configured;
  const schema = await dialect.homeOf(connection, versionTable);
  const configuration = { ...configured, versionTable: { ...versionTable, schema } };
  const database = { ...opened, ...storesIn(configuration, dialect, connection) };
  const lock = await dialect.acquireLock({
    connection,
    settings: configuration.database,
    versionTable: configuration.versionTable,
    lockTable: tableBeside(configuration, 'lock'),
    kind: configuration.lock,
    leaseMs: configuration.lockLeaseMs,
    owner: processOwner(),
    timeoutMs: options.lockTimeoutMs ?? configuration.lockTimeoutMs,
    onWait: (holder) => {
      options.onEvent({ kind: 'waiting-for-lock', holder });
    },
    revisionOf: async ({ owner, since }) => {
      const [newest] = await database.journal.read({ limit: 1 });
      const wroteIt = newest?.actor === owner && (since === null || Date.parse(newest.at) >= Date.parse(since));
      return wroteIt ? newest.revision : null;
    },
    clock: waitingClock(options.signal),
  });
  try {
    options.onEvent({ kind: 'lock-obtained' });
    await database.versions.ensure();
    await database.journal.ensure();
    return await use({ ...database, lock });
  } finally {
    // What the run did stands, and what ended it counts for more. The lock goes with the connection at the latest.
    await lock.release().catch((error: unknown) => {
      if (database.connection.lostBecause() !== null) return;
      options.onEvent({
        kind: 'warning',
        text: redactor(configuration)(`The migration lock was not given back: ${messageOf(error)}.`),
      });
    });
    options.onEvent({ kind: 'lock-released' });
  }
}

function readOnly({ database: { display } }: Configuration, reason: string): AludelError {
  return new AludelError('database.read-only', `${display} is ${reason}.`, {
    where: display,
    hint: 'Nothing was begun. Migrate the primary: its replicas follow.',
    facts: { reason },
  });
}

/** Journal and lock stand beside the version table; a version table of another name has its own. */
export function tableBeside({ versionTable }: Configuration, what: 'log' | 'lock'): TableName {
  const name = versionTable.name === 'aludel_version' ? `aludel_${what}` : `${versionTable.name}_aludel_${what}`;
  return { schema: versionTable.schema, name };
}

/** Masks the configured secrets, and whatever looks like one, in a text that will be shown or stored. */
export function redactor({ database }: Configuration): (text: string) => string {
  return (text) => redact(text, database.secrets);
}
