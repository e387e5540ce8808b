import { AludelError, isAludelError, messageOf } from '../support/aludel-error.ts';
import type { EventSink } from './run-event.ts';

/** A run's way of being stopped from outside. */
export interface Interruption {
  /** True when the run must stop. */
  isAsked(): boolean;
  /** Throws migration.interrupted when the run must stop. */
  check(): void;
  /** migration.interrupted for what a driver throws when the run must stop; any other error as it is. */
  explain(error: unknown): unknown;
  /** Rejects when the run must stop; user code that waits for something else is then left behind. */
  readonly asked: Promise<never>;
  /** Settles when the statement that was under way has been cancelled, so that the cancelling meets no later one. */
  settled(): Promise<void>;
  /** Ends the listening. */
  dispose(): void;
}

/**
 * Stops a run by a signal: no statement begins any more, and the one under way is cancelled by `cancel`. When it cannot
 * be, it runs to its end first.
 */
export function createInterruption(
  signal: AbortSignal | undefined,
  cancel: () => Promise<void>,
  onEvent: EventSink,
): Interruption {
  let cancelling: Promise<void> = Promise.resolve();
  let ask = (_error: AludelError): void => undefined;
  const asked = new Promise<never>((_resolve, reject) => {
    ask = reject;
  });
  asked.catch(() => {
    // Whoever races against it hears of it.
  });
  const stop = (): void => {
    if (signal === undefined) return;
    onEvent({ kind: 'interrupted', reason: interruptionReason(signal) });
    cancelling = cancel().catch((error: unknown) => {
      onEvent({ kind: 'warning', text: `The statement under way cannot be cancelled: ${messageOf(error)}.` });
    });
    ask(interrupted(signal));
  };
  if (signal?.aborted === true) stop();
  else signal?.addEventListener('abort', stop, { once: true });
  return {
    isAsked: () => signal?.aborted === true,
    explain: (error) => (signal?.aborted === true && !isAludelError(error) ? interrupted(signal, error) : error),
    check: () => {
      if (signal?.aborted === true) throw interrupted(signal);
    },
    asked,
    settled: () => cancelling,
    dispose: () => signal?.removeEventListener('abort', stop),
  };
}

/** Throws migration.interrupted when the signal was given before anything was changed. */
export function throwIfInterrupted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new AludelError('migration.interrupted', `The run was ${interruptionReason(signal)} before it began.`, {
    hint: 'Nothing was changed. Run the same command again.',
  });
}

/** The reason as part of a sentence: the words of whoever stopped the run. */
function interrupted(signal: AbortSignal, cause?: unknown): AludelError {
  return new AludelError('migration.interrupted', interruptionReason(signal), {
    hint: 'Run the same command again to go on.',
    ...(cause === undefined ? {} : { cause }),
  });
}

/** "interrupted by SIGTERM"; "interrupted: This operation was aborted" for a reason that is an error, as by default. */
export function interruptionReason({ reason }: AbortSignal): string {
  return typeof reason === 'string' ? `interrupted by ${reason}` : `interrupted: ${messageOf(reason)}`;
}
