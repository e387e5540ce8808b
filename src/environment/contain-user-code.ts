import { AludelError } from '../support/aludel-error.ts';

/**
 * Calls a revision's function. While it runs, `process.exit()` throws instead of ending the process: an exit code of 0
 * would otherwise report success for a revision that never finished, and the lock would be left to the operating system.
 */
export async function containUserCode<T>(userCode: () => T): Promise<Awaited<T>> {
  const exit = process.exit.bind(process);
  process.exit = (code?: number | string | null) => {
    throw exitCalled(code);
  };
  try {
    return await userCode();
  } finally {
    process.exit = exit;
  }
}

function exitCalled(code: number | string | null | undefined): AludelError {
  return new AludelError('migration.failed', `The revision called process.exit(${code ?? ''})`, {
    hint: 'A revision ends by returning, or fails by throwing an error.',
  });
}
