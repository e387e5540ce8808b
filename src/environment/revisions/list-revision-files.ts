import { readdirSync, realpathSync, statSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { isRevisionFile } from '../../revisions/revision-file.ts';
import { AludelError, messageOf } from '../../support/aludel-error.ts';
import { byCodePoint } from '../../support/text.ts';
import type { Configuration } from '../config/configuration.ts';
import { shownPath } from '../shown-path.ts';

/** Where revision files are looked for. */
export type VersionLocations = Pick<
  Configuration,
  'versionLocations' | 'hasDefaultVersionLocations' | 'recursiveVersionLocations' | 'workingDirectory'
>;

/** A directory with the revision files in it. */
export interface RevisionFolder {
  readonly path: string;
  /** Names in code point order. */
  readonly names: readonly string[];
}

/**
 * The revision files of all version locations, folder by folder. A file that two locations or two links lead to is there
 * once; links that lead in a circle are followed once. A name that begins with `_` is a helper, not a revision; folders
 * that begin with a dot, and node_modules, are not entered.
 *
 * A missing default location is a fresh project without revisions; every other one throws history.unreadable.
 */
export function listRevisionFiles(config: VersionLocations): readonly RevisionFolder[] {
  const folders: RevisionFolder[] = [];
  const seenFolders = new Set<string>();
  const seenLinks = new Set<string>();
  const visit = (path: string, isLocation: boolean): void => {
    const entries = entriesOf(path, isLocation, config);
    if (entries === null) return;
    const real = realpathSync(path);
    if (seenFolders.has(real)) return;
    seenFolders.add(real);
    const names: string[] = [];
    const inner: string[] = [];
    for (const entry of entries) {
      const kind = kindOf(entry, path);
      if (kind === 'file' && isRevisionFile(entry.name) && !entry.name.startsWith('_')) {
        if (!entry.isSymbolicLink() || isNew(realpathSync(join(path, entry.name)), seenLinks)) names.push(entry.name);
      } else if (kind === 'directory' && config.recursiveVersionLocations && mayBeEntered(entry.name)) {
        inner.push(entry.name);
      }
    }
    folders.push({ path, names: names.sort(byCodePoint) });
    for (const name of inner.sort(byCodePoint)) visit(join(path, name), false);
  };
  for (const location of config.versionLocations) visit(location, true);
  return seenLinks.size === 0 ? folders : withoutLinkedTwice(folders, seenLinks);
}

/** A link to a file that is listed itself is dropped: the file keeps its own name. */
function withoutLinkedTwice(
  folders: readonly RevisionFolder[],
  linked: ReadonlySet<string>,
): readonly RevisionFolder[] {
  const plain = new Set<string>();
  for (const { path, names } of folders) {
    const real = realpathSync(path);
    for (const name of names) {
      const file = join(real, name);
      if (linked.has(file)) plain.add(file);
    }
  }
  return folders.map(({ path, names }) => ({
    path,
    names: names.filter((name) => {
      const target = realpathSync(join(path, name));
      return !plain.has(target) || target === join(realpathSync(path), name);
    }),
  }));
}

function isNew(path: string, seen: Set<string>): boolean {
  if (seen.has(path)) return false;
  seen.add(path);
  return true;
}

function mayBeEntered(name: string): boolean {
  return !name.startsWith('.') && name !== 'node_modules';
}

function kindOf(entry: Dirent, folder: string): 'file' | 'directory' | 'other' {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'directory';
  if (!entry.isSymbolicLink()) return 'other';
  const path = join(folder, entry.name);
  try {
    const target = statSync(path);
    return target.isDirectory() ? 'directory' : target.isFile() ? 'file' : 'other';
  } catch (error) {
    // A link to nothing in the place of a revision is a revision that is lost, not one that was never there.
    if (isRevisionFile(entry.name)) throw unreadable(path, `leads nowhere: ${messageOf(error)}`, error);
    return 'other';
  }
}

function entriesOf(path: string, isLocation: boolean, config: VersionLocations): readonly Dirent[] | null {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (isMissing && config.hasDefaultVersionLocations) return null;
    const shown = shownPath(path, config.workingDirectory);
    if (isMissing && isLocation) {
      throw new AludelError('history.unreadable', `The version location ${shown} does not exist.`, {
        where: shown,
        hint: `Make the directory, or correct versionLocations in the configuration. A new project begins with: aludel init`,
        facts: { path: shown },
        cause: error,
      });
    }
    throw unreadable(shown, `cannot be listed: ${messageOf(error)}`, error);
  }
}

function unreadable(shown: string, reason: string, cause: unknown): AludelError {
  return new AludelError('history.unreadable', `${shown} ${reason}`, { where: shown, facts: { path: shown }, cause });
}
