import { AludelError } from '../support/aludel-error.ts';
import type { Connection } from './connection.ts';
import { freeing, readLease, renewal, takeLease, type LeaseRules } from './lease-table.ts';
import { pollForLock, type HeldLock, type LockHolder, type LockRequest } from './lock.ts';

/** What the lock by lease asks of a dialect. */
export interface LeaseSettings {
  readonly rules: LeaseRules;
  readonly pooled: boolean;
  readonly commit: readonly string[];
  readonly restore: readonly string[];
  /** Opens the connection of the heartbeat, within so many milliseconds. */
  readonly connect: (timeoutMs: number) => Promise<Connection>;
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

/**
 * Renews the lease on a connection of its own, since the one that works may be busy for longer than a lease lasts. A
 * renewal that gets no answer is given up, and the next one tries another connection. When several in a row came to
 * nothing for almost as long as the lease lasts, it counts as lost, before anybody else can take it. Silence alone does
 * not count: code that keeps the process from renewing may still be in time, and the fence is there when it is not.
 */
function holdLease(request: LockRequest, settings: LeaseSettings, token: number): HeldLock {
  const { rules, pooled, commit, restore, connect } = settings;
  const { clock, connection, leaseMs } = request;
  const beatMs = leaseMs / beatsPerLease;
  const patienceMs = 1.5 * beatMs;
  let renewedAt = clock.now();
  let missed = 0;
  let taken: string | null = null;
  let silent: string | null = null;
  let heart: Connection | null = null;
  let beating: Promise<void> | null = null;

  async function renew(isAwaited: () => boolean): Promise<void> {
    const askedAt = clock.now();
    const usable = heart === null || heart.lostBecause() !== null ? await connect(patienceMs) : heart;
    if (!isAwaited()) {
      // It came too late. Left open, it would keep the process alive when the run is over.
      await usable.close();
      return;
    }
    heart = usable;
    const { rowCount } = await usable.query(renewal(rules, 'heartbeat', token, leaseMs));
    if (rowCount === 0) taken ??= takenBy((await readLease(usable, rules)).owner, leaseMs);
    renewedAt = askedAt;
    missed = 0;
  }
  async function beatOnce(): Promise<void> {
    let isAwaited = true;
    try {
      await within(
        patienceMs,
        renew(() => isAwaited),
      );
    } catch {
      isAwaited = false;
      missed++;
      // The next beat tries again, on another connection: this one may never answer.
      void heart?.close().catch(() => undefined);
      heart = null;
    }
  }
  const beat = async (): Promise<void> => {
    beating ??= beatOnce().finally(() => {
      beating = null;
    });
    await beating;
  };
  const timer = setInterval(() => void beat(), beatMs);
  timer.unref();

  const lostBecause = (): string | null => {
    if (missed > 1 && clock.now() - renewedAt > leaseMs - beatMs)
      silent ??= `the migration lock was not renewed for ${leaseMs / 1000} s`;
    return taken ?? silent;
  };
  return {
    lostBecause: () => lostBecause() ?? connection.lostBecause(),
    fence: rules.changingOneRow(renewal(rules, 'work', token, leaseMs)),
    commit,
    restore,
    async loss() {
      // Whatever is known already: who has taken it says more than that it was not renewed.
      lostBecause();
      if (taken === null) await beat();
      const reason = lostBecause();
      return reason === null ? null : lockLost(request, reason);
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

/** What `work` answers, unless that takes longer; it is then left to itself. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
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
