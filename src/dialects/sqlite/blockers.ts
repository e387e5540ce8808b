import type { Blocker } from '../blocker.ts';

/** SQLite knows that a file is locked, and not by whom. */
export function blockersOf(): Promise<readonly Blocker[]> {
  return Promise.resolve([]);
}
