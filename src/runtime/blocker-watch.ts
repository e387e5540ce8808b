import type { Blocker } from '../dialects/blocker.ts';
import type { Connection } from '../dialects/connection.ts';
import type { Dialect } from '../dialects/dialect.ts';

/**
 * Finds out for whom a statement waits. The server tells only while it waits, and the connection of the run is the one
 * that waits: another one asks, opened when a statement takes long for the first time.
 */
export interface BlockerWatch {
  /** Runs a statement and calls `told` while it waits for others, once for each set of them. */
  during<T>(work: () => Promise<T>, firstLookMs: number, told: (blockers: readonly Blocker[]) => void): Promise<T>;
  /** For whom the statement that has failed with this error waited; none when nobody could tell. */
  behind(error: unknown): Promise<readonly Blocker[]>;
  /** Never throws. */
  close(): Promise<void>;
}

export interface BlockerWatchPorts {
  readonly dialect: Dialect;
  /** Null where a session has no number of its own, or a pooler hides it: then nothing is asked. */
  readonly session: number | null;
  /** A connection to the same database. */
  readonly observe: () => Promise<Connection>;
  /** Calls `action` after so many milliseconds; answers how to call it off. */
  readonly after: (ms: number, action: () => void) => () => void;
}

/** Between two looks, in milliseconds: what holds a lock for a minute need not be asked about more often. */
const pauseBetweenLooks = 2000;

export function createBlockerWatch({ dialect, session, observe, after }: BlockerWatchPorts): BlockerWatch {
  let observer: Promise<Connection> | null = null;
  /** Nobody has to know for whom we wait: where asking fails once, it is not tried again. */
  let mayAsk = session !== null;
  let seen: readonly Blocker[] = [];
  let look: Promise<void> = Promise.resolve();

  async function ask(error: unknown): Promise<readonly Blocker[]> {
    if (!mayAsk || session === null) return [];
    try {
      observer ??= observe();
      return await dialect.blockersOf(await observer, session, error);
    } catch {
      mayAsk = false;
      return [];
    }
  }

  return {
    async during(work, firstLookMs, told) {
      if (!mayAsk) return await work();
      let state: 'at work' | 'done' | 'failed' = 'at work';
      seen = [];
      const lookAgain = (): void => {
        look = ask(null).then((blockers) => {
          // An answer that was under way when the statement failed still counts.
          if (state === 'done') return;
          const isNews = blockers.length > 0 && namesOf(blockers) !== namesOf(seen);
          if (isNews) seen = blockers;
          if (state === 'failed') return;
          if (isNews) told(blockers);
          callOff = after(pauseBetweenLooks, lookAgain);
        });
      };
      let callOff = after(firstLookMs, lookAgain);
      try {
        const result = await work();
        state = 'done';
        seen = [];
        return result;
      } catch (error) {
        state = 'failed';
        throw error;
      } finally {
        callOff();
      }
    },
    async behind(error) {
      await look;
      return seen.length > 0 ? seen : await ask(error);
    },
    async close() {
      mayAsk = false;
      await look;
      try {
        await (await observer)?.close();
      } catch {
        // It never came to be, or is gone.
      }
    },
  };
}

function namesOf(blockers: readonly Blocker[]): string {
  return blockers.map(({ session }) => session).join();
}
