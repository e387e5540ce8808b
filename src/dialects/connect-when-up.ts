import { isAludelError, messageOf } from '../support/aludel-error.ts';
import { backOff } from '../support/back-off.ts';
import type { Connection, DatabaseSettings } from './connection.ts';
import type { ConnectOptions, Dialect } from './dialect.ts';
import type { LockRequest } from './lock.ts';

/** How long to go on connecting to a database that is not there yet. */
export interface Patience {
  /** In milliseconds; 0 tries once. */
  readonly waitMs: number;
  /** Told why there is no connection yet, at first and again when the reason changes. */
  readonly onWait: (reason: string) => void;
  readonly clock: LockRequest['clock'];
}

/** A server that begins to answer is tried again soon; one that does not costs little. In milliseconds. */
const pauses = { first: 100, longest: 1000 };

/** No single try outlasts this, so that a network that swallows packets does not use up the time. In milliseconds. */
const longestTryMs = 5000;

/**
 * Connects; while the server cannot be reached or is starting up, tries again until the time is over. What no waiting
 * mends (a wrong password, no such database, TLS refused) fails at once. Throws database.unreachable.
 */
export async function connectWhenUp(
  dialect: Dialect,
  settings: DatabaseSettings,
  options: Omit<ConnectOptions, 'timeoutMs'>,
  { waitMs, onWait, clock }: Patience,
): Promise<Connection> {
  const deadline = clock.now() + waitMs;
  let told: string | null = null;
  for (let attempt = 0; ; attempt++) {
    const left = deadline - clock.now();
    try {
      const limit = waitMs === 0 ? {} : { timeoutMs: Math.min(longestTryMs, Math.max(left, pauses.longest)) };
      return await dialect.connect(settings, { ...options, ...limit });
    } catch (error) {
      const cause = isAludelError(error) ? error.cause : error;
      if (clock.now() >= deadline || !dialect.mayComeUp(cause)) throw error;
      const reason = messageOf(error);
      if (reason !== told) onWait(reason);
      told = reason;
      await clock.sleep(Math.min(backOff(attempt, pauses, clock.random()), Math.max(0, deadline - clock.now())));
    }
  }
}
