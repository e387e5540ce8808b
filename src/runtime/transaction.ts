import type { Connection } from '../dialects/connection.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { joinStatements } from '../dialects/waiting-text.ts';
import type { VersionChange } from '../planner/migration-plan.ts';
import type { Journal, JournalEntry } from './journal.ts';
import type { VersionStore } from './version-store.ts';

/** What a transaction of the tool runs on. */
export interface TransactionPorts {
  readonly dialect: Dialect;
  readonly connection: Connection;
}

/** Begins a transaction. It costs no round trip: BEGIN travels with the first statement. */
export function begin({ dialect, connection }: TransactionPorts): void {
  connection.sendWithNext(dialect.beginStatement);
}

/** Ends whatever transaction is open. The error that led here matters more than one from the rollback. */
export async function rollBack(connection: Connection): Promise<void> {
  try {
    await connection.script('ROLLBACK');
  } catch {
    // The database ended the transaction with the error, or the connection is gone and did so.
  }
}

/**
 * Writes version rows and journal rows and commits them with everything else in the transaction that is open, in one
 * round trip. When it fails all of that is rolled back; throws database.version-mismatch when somebody else changed
 * the version table.
 */
export async function commitVersions(
  { connection, versions, journal }: TransactionPorts & { readonly versions: VersionStore; readonly journal: Journal },
  change: VersionChange,
  entries: readonly JournalEntry[],
): Promise<void> {
  try {
    await connection.script(joinStatements([...versions.writing(change), ...journal.insertion(entries), 'COMMIT']));
  } catch (error) {
    await rollBack(connection);
    if (connection.lostBecause() === null) await versions.expectRows(change);
    throw error;
  }
}
