import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  rmdirSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { AludelError, messageOf } from '../support/aludel-error.ts';

/** A text on its way to a file or a stream that nobody is to see before it is complete. */
export interface SpoolFile {
  append(text: string): void;
  /**
   * Ends the writing. Each head stands before the body; it is asked for with the SHA-256 of the body in hexadecimal, and
   * once before with another one: its length must not depend on it.
   */
  finish(): void;
  /** The text in pieces. */
  read(): AsyncIterable<string>;
  /** Puts it where it belongs, in the place of whatever was there. Throws file.not-writable. */
  place(): void;
  /** Removes what is not in place. Never throws. */
  discard(): void;
}

/**
 * Begins a text with this head, which holds the checksum of what follows it. `path` is where it will be placed: it is
 * written beside that; null is for a text that will only be read. Throws file.not-writable.
 */
export function openSpool(path: string | null, headWith: (checksum: string) => string): SpoolFile {
  const temporary =
    path === null
      ? join(tmpdir(), `aludel-${randomBytes(8).toString('hex')}.sql`)
      : join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  const trying = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw notWritable(path ?? temporary, error);
    }
  };
  const hash = createHash('sha256');
  /** The topmost directory that was made for it. */
  let made: string | undefined;
  const file = trying(() => {
    if (path !== null) made = mkdirSync(dirname(path), { recursive: true });
    // A script may hold what only its reader is to see.
    return openSync(temporary, 'wx', path === null ? 0o600 : 0o666);
  });
  let isOpen = true;
  const close = (): void => {
    if (isOpen) closeSync(file);
    isOpen = false;
  };
  const put = (text: string, at: number | null): void => {
    const bytes = Buffer.from(text);
    for (let written = 0; written < bytes.length;) {
      written += writeSync(file, bytes, written, bytes.length - written, at === null ? null : at + written);
    }
  };
  const discard = (): void => {
    try {
      close();
      rmSync(temporary, { force: true });
      // Fails where something else is in it by now.
      if (made !== undefined) removeEmpty(dirname(temporary), made);
    } catch {
      // What ends the work says more than a file that is left behind.
    }
  };
  try {
    trying(() => put(headWith('0'.repeat(64)), null));
  } catch (error) {
    // Nobody has it yet who could.
    discard();
    throw error;
  }
  return {
    append(text) {
      hash.update(text);
      trying(() => put(text, null));
    },
    finish() {
      trying(() => {
        put(headWith(hash.digest('hex')), 0);
        fsyncSync(file);
      });
      close();
    },
    read() {
      const reading = openSync(temporary, 'r');
      try {
        // Whatever ends the reader, nothing is left; where an open file cannot be removed, discard() does it.
        rmSync(temporary);
      } catch {
        // Windows.
      }
      return createReadStream('', { fd: reading, encoding: 'utf8' }) as AsyncIterable<string>;
    },
    place() {
      if (path !== null) trying(() => renameSync(temporary, path));
      made = undefined;
    },
    discard,
  };
}

/** Removes empty directories from one up to another above it. */
function removeEmpty(from: string, to: string): void {
  rmdirSync(from);
  if (from !== to) removeEmpty(dirname(from), to);
}

function notWritable(path: string, cause: unknown): AludelError {
  return new AludelError('file.not-writable', `${path} cannot be written: ${messageOf(cause)}`, {
    where: path,
    facts: { path },
    cause,
  });
}
