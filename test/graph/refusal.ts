import { type AludelError, isAludelError } from '../../src/support/aludel-error.ts';

/** The error a function throws; fails the test when it throws none, or one that is not ours. */
export function refusalOf(run: () => unknown): AludelError {
  try {
    run();
  } catch (error) {
    if (isAludelError(error)) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** The code of the error a function throws. */
export function codeOf(run: () => unknown): string {
  return refusalOf(run).code;
}
