import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AludelError, isAludelError, messageOf } from '../../support/aludel-error.ts';
import type { Connection } from '../connection.ts';
import { pollForLock, sessionLock, type HeldLock, type LockHolder, type LockRequest } from '../lock.ts';
import { connectSqlite, filenameOf } from './driver.ts';

/**
 * The migration lock of a SQLite file: an open write transaction on a second, tiny database beside it,
 * `<file>-aludel-lock`. The operating system drops its file lock when the process dies, however it dies, so nothing
 * ever has to be cleared by hand; a lock row, a lock file or an expiry time would outlive its owner.
 *
 * 1. Begin a write transaction, write who we are, commit.
 * 2. Begin a write transaction again and look: if the name is still ours, the lock is held for as long as that
 *    transaction stays open. Others cannot begin theirs, but can read the name of the holder.
 *
 * One lock serves all version tables of a file: SQLite has one writer at a time anyway.
 */
export async function acquireSqliteLock(request: LockRequest): Promise<HeldLock> {
  const filename = filenameOf(request.settings);
  if (filename === ':memory:' || filename === '') return alreadyAlone;

  const path = `${await canonical(filename)}-aludel-lock`;
  const lockDatabase = await connectSqlite(
    { ...request.settings, connection: { filename: path }, display: `sqlite:${path}` },
    { applicationName: '', busyTimeoutMs: 0, readOnly: false },
  );
  try {
    await pollForLock(request, {
      tryLock: () => tryLock(lockDatabase, request.owner),
      holder: () => holderOf(lockDatabase),
    });
  } catch (error) {
    await lockDatabase.close();
    throw isAludelError(error) ? error : cannotLock(request, path, error);
  }
  return sessionLock({
    lostBecause: () => lockDatabase.lostBecause(),
    restore: [],
    release: () => lockDatabase.close(),
  });
}

const alreadyAlone = sessionLock({ lostBecause: () => null, restore: [], release: () => Promise.resolve() });

async function tryLock(lockDatabase: Connection, owner: string): Promise<boolean> {
  const since = new Date().toISOString();
  try {
    // The file holds nothing worth surviving a power cut: no journal file, no waiting for the disk. A script that holds the
    // lock lets nobody read the file, and fails this already.
    await lockDatabase.script('PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;');
    await lockDatabase.query('BEGIN IMMEDIATE');
    await lockDatabase.query(
      'CREATE TABLE IF NOT EXISTS lock_holder (only INTEGER PRIMARY KEY CHECK (only = 1), owner TEXT, since TEXT)',
    );
    await lockDatabase.query('INSERT OR REPLACE INTO lock_holder VALUES (1, ?, ?)', [owner, since]);
    await lockDatabase.query('COMMIT');
    await lockDatabase.query('BEGIN IMMEDIATE');
    const holder = await holderOf(lockDatabase);
    if (holder?.owner === owner && holder.since === since) return true;
  } catch (error) {
    if (!isBusy(error)) throw error;
  }
  await lockDatabase.query('ROLLBACK').catch(() => {
    // No transaction was open: BEGIN itself was refused.
  });
  return false;
}

/** What the holder left, or null when it cannot be read just now. */
async function holderOf(lockDatabase: Connection): Promise<LockHolder | null> {
  try {
    const { rows } = await lockDatabase.query('SELECT owner, since FROM lock_holder');
    const { owner, since } = rows[0] ?? {};
    return typeof owner === 'string' && typeof since === 'string' ? { owner, since, session: null } : null;
  } catch {
    return null;
  }
}

function cannotLock({ settings }: LockRequest, path: string, cause: unknown): AludelError {
  return new AludelError(
    'database.failed',
    `The migration lock of ${settings.display} cannot be taken: ${messageOf(cause)}.`,
    {
      where: path,
      hint: 'The file beside the database must be writable for everyone who migrates it.',
      cause,
    },
  );
}

function isBusy(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return code === 'SQLITE_BUSY' || code === 'SQLITE_LOCKED';
}

/** The same file has one lock, whatever path or link leads to it. */
async function canonical(filename: string): Promise<string> {
  try {
    return await realpath(filename);
  } catch {
    return join(await realpath(dirname(filename)), basename(filename));
  }
}
