import type { AludelError } from '../support/aludel-error.ts';

/** The line of the first stack frame in this file. Frames hold absolute paths or file URLs, so the names are compared. */
export function lineInFile(error: Error, path: string): number | null {
  const name = path.split(/[\\/]/).at(-1) ?? path;
  for (const frame of (error.stack ?? '').split('\n')) {
    const found = /(?:^|[\\/( ])([^\\/()]+?)(?:\?[^:]*)?:(\d+):\d+\)?$/.exec(frame);
    if (found?.[1] !== undefined && decoded(found[1]) === name) return Number(found[2]);
  }
  return null;
}

/** What to say of an error that the failed revision has no line of: code of one before it that nobody awaited. */
export function leftBehind(line: number | null, error: AludelError | null): string | null {
  const from = error?.facts['from'];
  if (line !== null || typeof from !== 'string') return null;
  return `What failed is at ${from}: it was still running when that revision had ended.`;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
