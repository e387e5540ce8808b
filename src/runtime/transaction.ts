import type { Connection } from '../dialects/connection.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { unlimited, type LimitScripts } from '../dialects/limits.ts';
import type { HeldLock } from '../dialects/lock.ts';
import { joinStatements } from '../dialects/waiting-text.ts';
import type { VersionChange } from '../planner/migration-plan.ts';
import type { JournalEntry } from './records/journal-entry.ts';
import type { Journal } from './records/journal.ts';
import type { VersionStore } from './records/version-store.ts';

/** What a transaction of the tool runs on. */
export interface TransactionPorts {
  readonly dialect: Dialect;
  readonly connection: Connection;
  readonly lock: HeldLock;
}

/**
 * Begins a transaction that fails unless the lock is still held. It costs no round trip: BEGIN travels with the first
 * statement. `limits` hold within it, until they are lifted.
 */
export function begin({ dialect, connection, lock }: TransactionPorts, limits: LimitScripts = unlimited): void {
  const { beforeBegin, afterBegin } = limits;
  for (const sql of [...beforeBegin, dialect.beginStatement, ...lock.fence, ...afterBegin])
    connection.sendWithNext(sql);
}

/**
 * Sets the limits of a revision, with what is sent next, until they are lifted. Never behind a pooler, unless a
 * transaction is open: the next client would get them with the session.
 */
export function limit({ connection }: Pick<TransactionPorts, 'connection'>, limits: LimitScripts): void {
  for (const sql of limits.set) connection.sendWithNext(sql);
}

/** Takes the limits of a revision off again, with what is sent next: they are not for statements of our own. */
export function lift({ connection }: Pick<TransactionPorts, 'connection'>, limits: LimitScripts): void {
  for (const sql of limits.lift) connection.sendWithNext(sql);
}

/**
 * Puts the session back as it was before a revision ran, with what is sent next: that is our own, or another revision's.
 */
export function restore({ connection, lock }: Pick<TransactionPorts, 'connection' | 'lock'>): void {
  for (const sql of lock.restore) connection.sendWithNext(sql);
}

/** Ends whatever transaction is open. The error that led here matters more than one from the rollback. */
export async function rollBack(connection: Connection): Promise<void> {
  try {
    await connection.script('ROLLBACK');
  } catch {
    // The database ended the transaction with the error, or the connection is gone and did so.
  }
}

/** Appends rows to the journal where no transaction is open; never for a run that has lost the lock. */
export async function record(
  ports: TransactionPorts & { readonly journal: Journal },
  entries: readonly JournalEntry[],
): Promise<void> {
  const { connection, dialect, journal, lock } = ports;
  if (lock.fence.length === 0) {
    await journal.append(entries);
    return;
  }
  begin(ports);
  try {
    await connection.script(joinStatements([...dialect.aside(journal.insertion(entries)), ...lock.commit]));
    journal.inserted();
  } catch (error) {
    await rollBack(connection);
    throw error;
  }
}

/**
 * Writes version rows and journal rows and commits them with everything else in the transaction that is open, in one
 * round trip. When it fails all of that is rolled back; throws database.version-mismatch when somebody else changed
 * the version table, and database.lock-lost when somebody else has the lock.
 */
export async function commitVersions(
  {
    connection,
    lock,
    versions,
    journal,
  }: TransactionPorts & { readonly versions: VersionStore; readonly journal: Journal },
  change: VersionChange,
  entries: readonly JournalEntry[],
): Promise<void> {
  try {
    await connection.script(
      joinStatements([...versions.writing(change), ...journal.insertion(entries), ...lock.commit]),
    );
    journal.inserted();
  } catch (error) {
    await rollBack(connection);
    const lost = await lock.loss();
    if (lost !== null) throw lost;
    if (connection.lostBecause() === null) await versions.expectRows(change);
    throw error;
  }
}
