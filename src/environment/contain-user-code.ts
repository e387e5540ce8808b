import type { CallUserCode } from '../runtime/run-body.ts';
import { AludelError, isAludelError, messageOf } from '../support/aludel-error.ts';
import { untilSettled } from './until-settled.ts';
import { withoutExit } from './without-exit.ts';

/**
 * Does `work`, which runs a revision by what it is given to `call` it with. When `stop` rejects, the function is left behind.
 * Until `work` is done `process.exit()` throws, and an error that nobody awaits (a rejected promise, a timer that throws) fails
 * `work`: Node would end the process, with a stack trace and without the journal knowing why. Where the program
 * listens to such errors itself, Node ends nothing, and they are left to it.
 */
export async function containUserCode<T>(work: (call: CallUserCode) => Promise<T>, stop: Promise<never>): Promise<T> {
  const loose = listenForLooseErrors();
  try {
    const done = await withoutExit(() =>
      work(async (userCode) => {
        const called = (async () => {
          await userCode();
        })();
        await Promise.race([untilSettled(called, neverSettles), stop, loose.error]);
      }),
    );
    loose.check();
    return done;
  } catch (error) {
    // What the function has left running is refused by now, and nobody may be there to be told of that.
    await new Promise(setImmediate);
    throw error;
  } finally {
    loose.end();
  }
}

interface LooseErrors {
  /** Rejects with the first one. */
  readonly error: Promise<never>;
  /** Throws it, should there be one. */
  check(): void;
  end(): void;
}

/** All that listen in this process: nothing tells whose code an error comes from. */
const listening = new Set<(error: unknown) => void>();

function listenForLooseErrors(): LooseErrors {
  let first: { readonly error: unknown } | null = null;
  let reject = (_error: unknown): void => undefined;
  const error = new Promise<never>((_resolve, rejectError) => {
    reject = rejectError;
  });
  error.catch(() => {
    // It is told by the call that is under way, or by check().
  });
  const hear = (thrown: unknown): void => {
    first ??= { error: nobodyAwaited(thrown) };
    reject(first.error);
  };
  if (listening.size === 0 && process.listenerCount('uncaughtException') === 0) {
    process.on('uncaughtException', hearAll);
  }
  listening.add(hear);
  return {
    error,
    check() {
      if (first !== null) throw first.error;
    },
    end() {
      listening.delete(hear);
      if (listening.size === 0) process.off('uncaughtException', hearAll);
    },
  };
}

function hearAll(error: unknown): void {
  for (const hear of listening) hear(error);
}

function nobodyAwaited(error: unknown): AludelError {
  if (isAludelError(error)) return error;
  const told = new AludelError('migration.failed', messageOf(error), {
    hint: 'Nothing in the revision awaits what failed, so that it could go on without it: await every promise.',
    cause: error,
  });
  // The line of the revision is in the stack of what failed.
  if (error instanceof Error) told.stack = error.stack ?? '';
  return told;
}

function neverSettles(): AludelError {
  return new AludelError('migration.failed', 'The revision waits for something that can no longer happen', {
    hint: 'A promise it awaits is never resolved or rejected.',
  });
}
