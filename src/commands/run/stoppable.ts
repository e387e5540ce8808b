import { systemClock } from '../../environment/system.ts';
import { interruptionReason, throwIfInterrupted } from '../../runtime/interruption.ts';
import { AludelError } from '../../support/aludel-error.ts';
import { sinkOf, type Stoppable, type Watch } from '../invocation.ts';

/** Lets a command work until its signal is given. What fails then failed because of it: migration.interrupted is thrown. */
export async function stoppable<T>(options: Stoppable, work: (watch: Watch) => Promise<T>): Promise<T> {
  const { signal } = options;
  try {
    return await work({ onEvent: sinkOf(options), signal });
  } catch (error) {
    if (signal?.aborted !== true) throw error;
    throw interrupted(signal, error);
  }
}

/**
 * What `work` comes to, unless the signal is given before it ends: then migration.interrupted is thrown, and what has not
 * ended by itself within `graceMs` is left behind.
 */
export async function unlessInterrupted<T>(
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
  graceMs = 0,
): Promise<T> {
  throwIfInterrupted(signal);
  if (signal === undefined) return await work();
  let listen = (): void => undefined;
  let stopWaiting = (): void => undefined;
  const leftBehind = new Promise<null>((resolve) => {
    listen = () => {
      stopWaiting = systemClock.after(graceMs, () => resolve(null));
    };
  });
  signal.addEventListener('abort', listen, { once: true });
  try {
    const ended = await Promise.race([work().then((result) => ({ result })), leftBehind]);
    if (ended !== null && !signal.aborted) return ended.result;
  } finally {
    signal.removeEventListener('abort', listen);
    stopWaiting();
  }
  throw interrupted(signal);
}

function interrupted(signal: AbortSignal, cause?: unknown): AludelError {
  return new AludelError('migration.interrupted', `The command was ${interruptionReason(signal)}.`, {
    hint: 'Its scratch databases are removed; nothing else was touched.',
    ...(cause === undefined ? {} : { cause }),
  });
}
