import { AludelError } from '../support/aludel-error.ts';
import type { Connection } from './connection.ts';
import { freeing, readLease, renewal, takeLease, type LeaseRules } from './lease-table.ts';
import { pollForLock, type HeldLock, type LockHolder, type LockRequest } from './lock.ts';

/** What the lock by lease asks of a dialect. */
export interface LeaseSettings {
  readonly rules: LeaseRules;
  readonly pooled: boolean;
  readonly commit: readonly string[];
  /** Opens the connection of the heartbeat. */
  readonly connect: () => Promise<Connection>;
  /** Asked inside the transaction that takes the lease: whether no session holds the lock instead. */
  readonly isAlone: () => Promise<boolean>;
  /** The session that holds the lock when nobody has the lease. */
  readonly sessionHolder: () => Promise<LockHolder | null>;
}

/**
 * The migration lock by lease, for where a session does not hold one: behind a pooler, which gives the session to
 * others between transactions, and in a cluster, where each node has locks of its own.
 *
 * Nothing frees it when the holder dies, so it expires: whoever waits takes it over when it has not been renewed in
 * time. A holder that was only stopped may come back after that. It is kept from writing by the fence, with which each
 * of its transactions begins.
 */
export async function acquireLease(request: LockRequest, settings: LeaseSettings): Promise<HeldLock> {
  const { connection, leaseMs, owner } = request;
  const { rules } = settings;
  let token: number | null = null;
  await pollForLock(request, {
    tryLock: async () => {
      token = await takeLease(connection, rules, { owner, leaseMs, isAlone: settings.isAlone });
      return token !== null;
    },
    holder: async () => (await leaseHolder(connection, rules)) ?? (await settings.sessionHolder()),
  });
  return holdLease(request, settings, token ?? 0);
}

/** Who has the lease, or has let it expire. */
export async function leaseHolder(connection: Connection, rules: LeaseRules): Promise<LockHolder | null> {
  const { state, owner, since } = await readLease(connection, rules);
  return state === 'free' ? null : { owner, since, session: state === 'held' ? 'by lease' : 'its lease has expired' };
}

/**
 * For a run that holds the lock by its session: true unless somebody has the lease. One that has expired is taken from its
 * holder, who could otherwise come back and write.
 */
export async function takeFromExpired(connection: Connection, rules: LeaseRules): Promise<boolean> {
  if ((await readLease(connection, rules)).state === 'free') return true;
  const taker = { owner: null, leaseMs: null, isAlone: () => Promise.resolve(true) };
  return (await takeLease(connection, rules, taker)) !== null;
}

/** Renewals in the time of one lease: several may fail to come through. */
const beatsPerLease = 6;

/** Renews the lease on a connection of its own, since the one that works may be busy for longer than a lease lasts. */
function holdLease(request: LockRequest, settings: LeaseSettings, token: number): HeldLock {
  const { rules, pooled, commit, connect } = settings;
  const { connection, leaseMs } = request;
  let taken: string | null = null;
  let heart: Connection | null = null;
  let beating: Promise<void> | null = null;

  async function beatOnce(): Promise<void> {
    try {
      if (heart === null || heart.lostBecause() !== null) heart = await connect();
      const { rowCount } = await heart.query(renewal(rules, 'heartbeat', token, leaseMs));
      if (rowCount === 0) taken ??= takenBy((await readLease(heart, rules)).owner, leaseMs);
    } catch {
      // The next beat tries again. Should none come through, the fence finds out what became of the lease.
    }
  }
  const beat = async (): Promise<void> => {
    beating ??= beatOnce().finally(() => {
      beating = null;
    });
    await beating;
  };
  const timer = setInterval(() => void beat(), leaseMs / beatsPerLease);
  timer.unref();

  return {
    lostBecause: () => taken ?? connection.lostBecause(),
    fence: rules.changingOneRow(renewal(rules, 'work', token, leaseMs)),
    commit,
    async loss() {
      if (taken === null) await beat();
      return taken === null ? null : lockLost(request, taken);
    },
    pooled,
    async release() {
      clearInterval(timer);
      await beating;
      try {
        const usable = connection.lostBecause() === null ? connection : heart;
        if (taken === null) await usable?.query(freeing(rules, token));
      } catch {
        // It expires by itself.
      }
      await heart?.close();
    },
  };
}

function takenBy(owner: string | null, leaseMs: number): string {
  return (
    `the migration lock was taken over${owner === null ? '' : ` by ${owner}`}, ` +
    `because this process had not renewed its lease for ${leaseMs / 1000} s`
  );
}

function lockLost({ settings }: LockRequest, reason: string): AludelError {
  return new AludelError('database.lock-lost', `${settings.display}: ${reason}.`, {
    where: settings.display,
    hint: 'This run has changed nothing since then. Run the same command again; lockLease allows a longer silence.',
  });
}
