/**
 * Calls code of the user's during which `process.exit()` throws instead of ending the process: an exit code of 0 would
 * otherwise report success for a command that never finished, and the lock would be left to the operating system.
 */
export async function withoutExit<T>(userCode: () => T): Promise<Awaited<T>> {
  if (underWay++ === 0) {
    ownExit = Object.getOwnPropertyDescriptor(process, 'exit');
    process.exit = (code?: number | string | null) => {
      throw exitCalled(code);
    };
  }
  try {
    return await userCode();
  } finally {
    if (--underWay === 0 && ownExit !== undefined) Object.defineProperty(process, 'exit', ownExit);
  }
}

/** How many calls of this process are under way; the first puts the guard up, the last takes it down. */
let underWay = 0;
let ownExit: PropertyDescriptor | undefined;

function exitCalled(code: number | string | null | undefined): Error {
  return new Error(`process.exit(${code ?? ''}) was called: return instead, or throw an error`);
}
