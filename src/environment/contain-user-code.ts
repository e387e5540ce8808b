import { AludelError } from '../support/aludel-error.ts';
import { untilSettled } from './until-settled.ts';

/**
 * Calls a revision's function; when `stop` rejects, it is left behind. While it runs, `process.exit()` throws instead of ending
 * the process: an exit code of 0 would otherwise report success for a revision that never finished, and the lock would be left
 * to the operating system. A function whose promise can no longer settle fails as well.
 */
export async function containUserCode<T>(userCode: () => T, stop: Promise<never>): Promise<Awaited<T>> {
  if (contained++ === 0) {
    ownExit = Object.getOwnPropertyDescriptor(process, 'exit');
    process.exit = (code?: number | string | null) => {
      throw exitCalled(code);
    };
  }
  try {
    return await Promise.race([untilSettled(Promise.resolve(userCode()), neverSettles), stop]);
  } finally {
    if (--contained === 0 && ownExit !== undefined) Object.defineProperty(process, 'exit', ownExit);
  }
}

/** How many runs of this process have user code under way; the first puts the guard up, the last takes it down. */
let contained = 0;
let ownExit: PropertyDescriptor | undefined;

function exitCalled(code: number | string | null | undefined): AludelError {
  return new AludelError('migration.failed', `The revision called process.exit(${code ?? ''})`, {
    hint: 'A revision ends by returning, or fails by throwing an error.',
  });
}

function neverSettles(): AludelError {
  return new AludelError('migration.failed', 'The revision waits for something that can no longer happen', {
    hint: 'A promise it awaits is never resolved or rejected.',
  });
}
