import { AludelError } from '../support/aludel-error.ts';
import { backOff } from '../support/back-off.ts';
import type { Connection, DatabaseSettings, TableName } from './connection.ts';

/**
 * How the lock is held: by the database session that works, or by a lease in a table for where sessions do not hold. `auto`
 * asks the server.
 */
export type LockKind = 'auto' | 'session' | 'lease';

/** A request for the migration lock of one database and one version table. */
export interface LockRequest {
  readonly connection: Connection;
  readonly settings: DatabaseSettings;
  readonly versionTable: TableName;
  /** What the lock keeps in the database: a lease, and on MySQL the name of a holder. Created when it is needed. */
  readonly lockTable: TableName;
  readonly kind: LockKind;
  /** How long a lease outlives a holder that renews it no more, in milliseconds. */
  readonly leaseMs: number;
  /** Who asks, as the holder is named to those who wait: "ada@host pid 4711". */
  readonly owner: string;
  /** How long to wait, in milliseconds; 0 tries once. */
  readonly timeoutMs: number;
  /** Told who holds the lock, once at first and again when the holder changes. */
  readonly onWait: (holder: string | null) => void;
  /** The revision that a holder was at when it last wrote about one; null when it has written nothing. */
  readonly revisionOf: (holder: LockHolder) => Promise<string | null>;
  readonly clock: { now(): number; sleep(ms: number): Promise<void>; random(): number };
}

/** Who has the lock, as far as the database knows. */
export interface LockHolder {
  /** "ada@host pid 4711"; null for a session that does not say. */
  readonly owner: string | null;
  /** ISO 8601 in UTC, by the clock of the server where there is one. */
  readonly since: string | null;
  /** Its connection, as the server's administrator finds it: "server process 4711 of database user ada". */
  readonly session: string | null;
}

/** The migration lock while it is held. */
export interface HeldLock {
  /** Why the lock is no longer held, or null while nothing is known against it. Asked before every statement. */
  lostBecause(): string | null;
  /**
   * Statements that fail unless the lock is still held. At the start of a transaction they also keep it until that
   * transaction ends. None where the lock ends with its connection, which takes the transaction along.
   */
  readonly fence: readonly string[];
  /** Statements that end a transaction. Behind a pooler they take back what it has set for the session. */
  readonly commit: readonly string[];
  /**
   * Statements that put the session back as it was when the lock was taken: its role, search_path, current database and
   * whatever else a revision may set. They leave the transaction that is open as it is.
   */
  readonly restore: readonly string[];
  /** Asked after a failure, with no transaction open: the database.lock-lost behind it, or null. */
  loss(): Promise<AludelError | null>;
  /** True behind a pooler, where what is set for the session outside a transaction would meet another client. */
  readonly pooled: boolean;
  release(): Promise<void>;
}

/** A lock that ends with a connection, and with it whatever that connection was doing. */
export function sessionLock(lock: Pick<HeldLock, 'lostBecause' | 'restore' | 'release'>): HeldLock {
  return { ...lock, fence: [], commit: ['COMMIT'], loss: () => Promise.resolve(null), pooled: false };
}

/**
 * Tries until the lock is held or the time is over. Polling, because a session that waits inside the server can
 * deadlock with the holder's statements. Throws database.locked, which names the holder.
 */
export async function pollForLock(
  request: LockRequest,
  lock: { readonly tryLock: () => Promise<boolean>; readonly holder: () => Promise<LockHolder | null> },
): Promise<void> {
  const { clock } = request;
  const deadline = clock.now() + request.timeoutMs;
  let told: string | null | undefined;
  for (let attempt = 0; ; attempt++) {
    if (await lock.tryLock()) return;
    const holder = await lock.holder();
    const isOver = clock.now() >= deadline;
    const name = holder === null ? null : nameOf(holder, null);
    if (isOver || name !== told) {
      const described = holder === null ? null : nameOf(holder, await request.revisionOf(holder));
      if (isOver) throw lockNotObtained(request, described);
      told = name;
      request.onWait(described);
    }
    const pause = backOff(attempt, { first: 25, longest: 1000 }, clock.random());
    await clock.sleep(Math.min(pause, deadline - clock.now()));
  }
}

/** "ada@host pid 4711, since 2026-11-21T07:40:55Z, at revision b1 (server process 4711 of database user ada)" */
function nameOf({ owner, since, session }: LockHolder, revision: string | null): string {
  const facts = [
    owner ?? session ?? 'another process',
    ...(since === null ? [] : [`since ${since}`]),
    ...(revision === null ? [] : [`at revision ${revision}`]),
  ];
  return facts.join(', ') + (owner === null || session === null ? '' : ` (${session})`);
}

function lockNotObtained(request: LockRequest, holder: string | null): AludelError {
  const within = request.timeoutMs === 0 ? '' : ` within ${request.timeoutMs / 1000} s`;
  return new AludelError(
    'database.locked',
    `The migration lock of ${request.settings.display} was not obtained${within}; ` +
      `it is held by ${holder ?? 'another process'}.`,
    {
      where: request.settings.display,
      hint: 'Wait for that run to end, or stop it; then run the same command again. --lock-timeout waits longer.',
      facts: { holder, timeout_ms: request.timeoutMs },
    },
  );
}
