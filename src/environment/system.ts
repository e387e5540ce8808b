import { hostname, userInfo } from 'node:os';
import { nodeCrypto } from './hash.ts';

/** The clock commands run by; tests pass their own. */
export interface Clock {
  /** Milliseconds since 1970 in UTC, for dates that are shown or stored. */
  now(): number;
  /** Milliseconds on a clock that never jumps, for durations. */
  monotonic(): number;
  /** Rejects when the signal is given meanwhile. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `action` after so many milliseconds; answers how to call it off. */
  after(ms: number, action: () => void): () => void;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: async (ms, signal) => {
    const { setTimeout: sleepFor } = await import('node:timers/promises');
    await sleepFor(ms, undefined, signal === undefined ? {} : { signal });
  },
  after: (ms, action) => {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
};

/** Tells of a defect in the program that uses the library, by Node's own way: on stderr, or to its `warning` listeners. */
export function warnProcess(message: string): void {
  process.emitWarning(message, 'AludelWarning');
}

/** A new revision id: 12 lower-case hexadecimal digits, 48 random bits, as Alembic's are. */
export function randomRevisionId(): string {
  return nodeCrypto().randomBytes(6).toString('hex');
}

/** Who runs the tool, as the holder of a lock and the journal name it: "ada@build-7 pid 4711". */
export function processOwner(): string {
  return `${userName()}@${hostname()} pid ${process.pid}`;
}

/** The user's name, or "uid 1000" in a container whose user has no entry in /etc/passwd. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
