import { isAludelError, type AludelError } from '../../src/support/aludel-error.ts';

/** The AludelError that something ends with; anything else, and success, fails the test. */
export async function errorOf(run: () => unknown): Promise<AludelError> {
  try {
    await run();
  } catch (error) {
    if (isAludelError(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
