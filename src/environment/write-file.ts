import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AludelError, messageOf } from '../support/aludel-error.ts';
import { shownPath } from './shown-path.ts';

/**
 * Creates a file with this content, all of it or none: it is written beside its place under another name, flushed to
 * the disk and then linked in. Missing directories are made.
 *
 * Throws file.exists when anything has the name already, and file.not-writable, with the path as it is shown from the working
 * directory; neither leaves a trace.
 */
export function createFile(path: string, content: string, workingDirectory: string): void {
  const directory = dirname(path);
  try {
    mkdirSync(directory, { recursive: true });
  } catch (error) {
    throw notWritable(shownPath(directory, workingDirectory), error);
  }
  // The leading dot and the ending keep half-written files out of every listing of revisions.
  const temporary = join(directory, `.${basename(path)}.${process.pid}.${Date.now().toString(36)}.tmp`);
  try {
    writeThrough(temporary, content);
    placeWithoutOverwriting(temporary, path, content);
  } catch (error) {
    const shown = shownPath(path, workingDirectory);
    throw codeOf(error) === 'EEXIST' ? alreadyExists(shown, error) : notWritable(shown, error);
  } finally {
    removeIfThere(temporary);
  }
  flushDirectory(directory);
}

/** link() fails when the name is taken, where rename() would replace the file. */
function placeWithoutOverwriting(temporary: string, path: string, content: string): void {
  try {
    linkSync(temporary, path);
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(codeOf(error))) throw error;
    // File systems without hard links (FAT, some network and container mounts): exclusive creation is the best there is.
    try {
      writeThrough(path, content);
    } catch (failure) {
      if (codeOf(failure) !== 'EEXIST') removeIfThere(path);
      throw failure;
    }
  }
}

function writeThrough(path: string, content: string): void {
  const file = openSync(path, 'wx', 0o666);
  try {
    const bytes = Buffer.from(content);
    for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Makes the new name itself survive a power cut; not every platform can open a directory. */
function flushDirectory(directory: string): void {
  try {
    const handle = openSync(directory, 'r');
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch {
    // The file is complete and in place; only its durability across a power cut is left to the system.
  }
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It was never created, or is on a disk that has just become read-only.
  }
}

function alreadyExists(path: string, cause: unknown): AludelError {
  return new AludelError('file.exists', `${path} exists already; it was left as it is.`, {
    where: path,
    hint: 'Choose another name, or remove the file first.',
    facts: { path },
    cause,
  });
}

function notWritable(path: string, cause: unknown): AludelError {
  return new AludelError('file.not-writable', `${path} cannot be written: ${messageOf(cause)}`, {
    where: path,
    facts: { path, code: codeOf(cause) },
    cause,
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
