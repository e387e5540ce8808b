import { AludelError } from '../support/aludel-error.ts';
import type { Connection, DatabaseSettings, TableName } from './connection.ts';

/** A request for the migration lock of one database and one version table. */
export interface LockRequest {
  readonly connection: Connection;
  readonly settings: DatabaseSettings;
  readonly versionTable: TableName;
  /** Who asks, as the holder is named to those who wait: "ada@host pid 4711". */
  readonly owner: string;
  /** How long to wait, in milliseconds; 0 tries once. */
  readonly timeoutMs: number;
  /** Told who holds the lock, once at first and again when the holder changes. */
  readonly onWait: (holder: string | null) => void;
  readonly clock: { now(): number; sleep(ms: number): Promise<void>; random(): number };
}

/** The migration lock while it is held. It ends with its process or connection, never by a clock. */
export interface HeldLock {
  /** Why the lock is no longer held, or null while it is. Asked before every statement. */
  lostBecause(): string | null;
  release(): Promise<void>;
}

/**
 * Tries until the lock is held or the time is over. Polling, because a session that waits inside the server can
 * deadlock with the holder's statements. Throws database.locked, which names the holder.
 */
export async function pollForLock(
  request: LockRequest,
  lock: { readonly tryLock: () => Promise<boolean>; readonly holder: () => Promise<string | null> },
): Promise<void> {
  const { clock } = request;
  const deadline = clock.now() + request.timeoutMs;
  let told: string | null | undefined;
  for (let attempt = 0; ; attempt++) {
    if (await lock.tryLock()) return;
    const holder = await lock.holder();
    if (clock.now() >= deadline) throw lockNotObtained(request, holder);
    if (holder !== told) {
      told = holder;
      request.onWait(holder);
    }
    await clock.sleep(Math.min(pauseBeforeTry(attempt, clock.random()), deadline - clock.now()));
  }
}

/**
 * Milliseconds before the next try: 25 at first, doubling to 1,000, each shortened at random by up to half so that
 * many waiting replicas do not knock at the same instant.
 */
function pauseBeforeTry(attempt: number, random: number): number {
  const full = Math.min(1000, 25 * 2 ** Math.min(attempt, 10));
  return Math.round(full * (1 - random / 2));
}

function lockNotObtained(request: LockRequest, holder: string | null): AludelError {
  return new AludelError(
    'database.locked',
    `The migration lock of ${request.settings.display} was not obtained within ${request.timeoutMs / 1000} s; ` +
      `it is held by ${holder ?? 'another process'}.`,
    {
      where: request.settings.display,
      hint: 'Wait for that run to end, or stop it; then run the same command again. --lock-timeout waits longer.',
      facts: { holder, timeout_ms: request.timeoutMs },
    },
  );
}
