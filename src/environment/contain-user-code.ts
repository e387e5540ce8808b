import type { CallUserCode } from '../runtime/run-body.ts';
import { lineInFile } from '../runtime/stack-line.ts';
import { AludelError, isAludelError, messageOf } from '../support/aludel-error.ts';
import { untilSettled } from './until-settled.ts';
import { withoutExit } from './without-exit.ts';

/**
 * Does `work`, which runs a revision by what it is given to `call` it with. When `stop` rejects, the function is left behind.
 * Until `work` is done `process.exit()` throws, and an error that nobody awaits (a rejected promise, a timer that throws) fails
 * `work`: Node would end the process, with a stack trace and without the journal knowing why. Where the program
 * listens to such errors itself, Node ends nothing, and they are left to it. Such an error may be of a revision that ran
 * before: the first of `paths`, the files of the run, that its stack names is the fact `from` of what is thrown.
 */
export async function containUserCode<T>(
  work: (call: CallUserCode) => Promise<T>,
  stop: Promise<never>,
  paths: readonly string[],
): Promise<T> {
  const loose = listenForLooseErrors(paths);
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

function listenForLooseErrors(paths: readonly string[]): LooseErrors {
  let first: { readonly error: unknown } | null = null;
  let reject = (_error: unknown): void => undefined;
  const error = new Promise<never>((_resolve, rejectError) => {
    reject = rejectError;
  });
  error.catch(() => {
    // It is told by the call that is under way, or by check().
  });
  const hear = (thrown: unknown): void => {
    first ??= { error: nobodyAwaited(thrown, paths) };
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

function nobodyAwaited(error: unknown, paths: readonly string[]): AludelError {
  const hint = 'Nothing in the revision awaits what failed, so that it could go on without it: await every promise.';
  const from = error instanceof Error ? placeOf(error, paths) : null;
  const known = isAludelError(error) ? error : null;
  if (known !== null && from === null) return known;
  const told = new AludelError(known?.code ?? 'migration.failed', messageOf(error), {
    where: known?.where ?? null,
    hint: known?.hint ?? hint,
    facts: { ...known?.facts, ...(from === null ? {} : { from }) },
    cause: error,
  });
  // The line of the revision is in the stack of what failed.
  if (error instanceof Error) told.stack = error.stack ?? '';
  return told;
}

function placeOf(error: Error, paths: readonly string[]): string | null {
  for (const path of paths) {
    const line = lineInFile(error, path);
    if (line !== null) return `${path}:${line}`;
  }
  return null;
}

function neverSettles(): AludelError {
  return new AludelError('migration.failed', 'The revision waits for something that can no longer happen', {
    hint: 'A promise it awaits is never resolved or rejected.',
  });
}
