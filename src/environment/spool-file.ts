import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  fchmodSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  rmdirSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { AludelError, messageOf } from '../support/aludel-error.ts';
import { shownPath } from './shown-path.ts';

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
  /** Puts it where it belongs: in the place of the file that was there, or into the pipe or device. Throws file.not-writable. */
  place(): void;
  /** Removes what is not in place. Never throws. */
  discard(): void;
}

/**
 * Begins a text with this head, which holds the checksum of what follows it. `path` is where it will be placed; null is for
 * a text that will only be read. A file is written beside its place and renamed. Throws file.not-writable, at once when a
 * directory is there, with the path as it is shown from the working directory.
 */
export function openSpool(
  path: string | null,
  workingDirectory: string,
  headWith: (checksum: string) => string,
): SpoolFile {
  const trying = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw notWritable(shownPath(path ?? tmpdir(), workingDirectory), error);
    }
  };
  const place = trying(() => placeOf(path));
  const temporary =
    place?.kind === 'file'
      ? join(dirname(place.path), `.${basename(place.path)}.${randomBytes(6).toString('hex')}.tmp`)
      : join(tmpdir(), `aludel-${randomBytes(8).toString('hex')}.sql`);
  const hash = createHash('sha256');
  /** The topmost directory that was made for it. */
  let made: string | undefined;
  const file = trying(() => {
    if (place?.kind === 'file') made = mkdirSync(dirname(place.path), { recursive: true });
    // A script may hold what only its reader is to see.
    const opened = openSync(temporary, 'wx', place?.kind === 'file' ? 0o666 : 0o600);
    if (place?.kind === 'file' && place.mode !== null) fchmodSync(opened, place.mode);
    return opened;
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
      trying(() => {
        if (place?.kind === 'file') renameSync(temporary, place.path);
        if (place?.kind === 'sink') copyInto(place.path, temporary);
      });
      made = undefined;
    },
    discard,
  };
}

type Place =
  /** A file, which a symbolic link may have named, and its mode when it is there. */
  | { readonly kind: 'file'; readonly path: string; readonly mode: number | null }
  /** A pipe or a device, such as /dev/null: a rename would put a file into its place. */
  | { readonly kind: 'sink'; readonly path: string };

function placeOf(path: string | null): Place | null {
  if (path === null) return null;
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return { kind: 'file', path: endOfLinks(path), mode: null };
  if (found.isDirectory()) throw new Error('it is a directory');
  return found.isFile() ? { kind: 'file', path: realpathSync(path), mode: found.mode & 0o777 } : { kind: 'sink', path };
}

/** Where a file is made when it is written to: a link to nothing is followed, as everything that opens a file does. */
function endOfLinks(path: string): string {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return path;
  return endOfLinks(resolve(realpathSync(dirname(path)), readlinkSync(path)));
}

function copyInto(path: string, from: string): void {
  const source = openSync(from, 'r');
  try {
    const sink = openSync(path, 'w');
    try {
      const bytes = Buffer.alloc(1 << 16);
      for (let read = readSync(source, bytes); read > 0; read = readSync(source, bytes)) {
        for (let written = 0; written < read;) written += writeSync(sink, bytes, written, read - written);
      }
    } finally {
      closeSync(sink);
    }
  } finally {
    closeSync(source);
  }
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
