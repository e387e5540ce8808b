import { closeSync, openSync, readSync, statSync } from 'node:fs';

/** What every database file begins with (sqlite.org/fileformat.html, "The Database Header"). */
const opening = 'SQLite format 3\0';

/**
 * Why there can be no database of this name, in words that follow "it is"; null when it is one, or is not there yet. SQLite
 * itself finds out at the first statement, and calls a directory a disk error.
 */
export function whyNoDatabase(filename: string): string | null {
  try {
    const found = statSync(filename, { throwIfNoEntry: false });
    if (found?.isDirectory() === true) return 'a directory, not a database';
    // An empty file is a database without tables.
    if (found?.isFile() !== true || found.size === 0) return null;
    return beginningOf(filename, opening.length) === opening ? null : 'a file of another kind, not a database';
  } catch {
    // What may not be read: SQLite says so itself.
    return null;
  }
}

function beginningOf(filename: string, length: number): string {
  const bytes = Buffer.alloc(length);
  const file = openSync(filename, 'r');
  try {
    return bytes.toString('latin1', 0, readSync(file, bytes, 0, length, 0));
  } finally {
    closeSync(file);
  }
}
