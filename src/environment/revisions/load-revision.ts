import { resolve } from 'node:path';
import type { StatementLimits } from '../../dialects/limits.ts';
import type { Revision } from '../../graph/revision.ts';
import type { Operations } from '../../operations/operations.ts';
import { headerFromValues } from '../../revisions/header-from-values.ts';
import { readSqlHeader } from '../../revisions/read-sql-header.ts';
import type { RevisionHeader } from '../../revisions/revision-source.ts';
import { readSqlSections, type SqlSection } from '../../revisions/sql-sections.ts';
import { AludelError, messageOf } from '../../support/aludel-error.ts';
import { redact } from '../../support/redact.ts';
import { listed, nearest } from '../../support/text.ts';
import { describeLoadFailure, shownPlace } from '../modules/load-failure.ts';
import { forgetModule, loadModule, loadModuleText } from '../modules/module-loader.ts';
import { readWhole } from '../read-text.ts';
import { limitsOfModule, limitsOfSql, type LimitsReading } from './revision-limits.ts';
import { shownPath } from '../shown-path.ts';

/** `upgrade` or `downgrade` of a revision file. */
export type RevisionFunction = (op: Operations) => unknown;

/** A revision ready to run. */
export type LoadedRevision = (LoadedModule | LoadedSql) & {
  /** What it sets for its own statements; null where it sets nothing. */
  readonly limits: StatementLimits;
  /** The text of the file, for its checksum and for places in it. */
  readonly source: string;
};

interface LoadedModule {
  readonly kind: 'module';
  /** Null on a merge point that has nothing to do. */
  readonly upgrade: RevisionFunction | null;
  /** Null when the revision cannot be undone. */
  readonly downgrade: RevisionFunction | null;
}

interface LoadedSql {
  readonly kind: 'sql';
  readonly upgrade: SqlSection;
  readonly downgrade: SqlSection | null;
}

/**
 * Loads the file of a revision so that it can run. What it exports must say the same as its text did when the history was
 * read: the plan rests on that.
 *
 * Throws revision.not-loadable when the file is gone, does not run, says something else, or has no upgrade.
 */
export async function loadRevision(revision: Revision, workingDirectory: string): Promise<LoadedRevision> {
  const file = resolve(workingDirectory, revision.path);
  const source = sourceOf(file, revision);
  if (file.endsWith('.sql')) return loadSql(source, revision);
  return await loadCode(() => loadModule(file, source), source, revision, workingDirectory);
}

/** {@link loadRevision} for a revision whose file is gone, from the text it had. What it imports must still be there. */
export async function loadKeptRevision(
  revision: Revision,
  source: string,
  workingDirectory: string,
): Promise<LoadedRevision> {
  const file = resolve(workingDirectory, revision.path);
  if (file.endsWith('.sql')) return loadSql(source, revision);
  return await loadCode(() => loadModuleText(file, source), source, revision, workingDirectory);
}

/** Lets the module of a revision go that has run; see {@link forgetModule}. */
export function forgetRevision(revision: Revision, workingDirectory: string): void {
  forgetModule(resolve(workingDirectory, revision.path));
}

function sourceOf(file: string, revision: Revision): string {
  let reading: ReturnType<typeof readWhole>;
  try {
    reading = readWhole(file);
  } catch (error) {
    throw notLoadable(revision, revision.path, `its file cannot be read: ${messageOf(error)}`, error);
  }
  if (reading.kind === 'not-text') throw notLoadable(revision, revision.path, reading.reason);
  return reading.text;
}

function loadSql(source: string, revision: Revision): LoadedRevision {
  const reading = readSqlSections(source);
  if (reading.kind === 'invalid') throw notLoadable(revision, `${revision.path}:${reading.line}`, reading.reason);
  const header = readSqlHeader(source);
  requireSameHeader(revision, header.kind === 'header' ? header.header : null);
  const limits = requireLimits(revision, limitsOfSql(source));
  return { kind: 'sql', upgrade: reading.up, downgrade: reading.down, limits, source };
}

async function loadCode(
  load: () => Promise<Readonly<Record<string, unknown>>>,
  source: string,
  revision: Revision,
  workingDirectory: string,
): Promise<LoadedRevision> {
  let loaded: Readonly<Record<string, unknown>>;
  try {
    loaded = await load();
  } catch (error) {
    const { message, place } = describeLoadFailure(error);
    const where = place === null ? revision.path : shownPlace(shownPath(place.path, workingDirectory), place);
    throw notLoadable(revision, where, redact(message), error);
  }
  const { down_revision, branch_labels, depends_on } = loaded;
  const reading = headerFromValues(
    { revision: loaded['revision'], down_revision, branch_labels, depends_on },
    '',
    revision.lines,
  );
  requireSameHeader(revision, reading.kind === 'header' ? reading.header : null);
  const upgrade = functionOf(loaded, 'upgrade', revision);
  if (upgrade === null && revision.downRevisions.length < 2) throw withoutUpgrade(loaded, revision);
  const limits = requireLimits(revision, limitsOfModule(loaded, source));
  return { kind: 'module', upgrade, downgrade: functionOf(loaded, 'downgrade', revision), limits, source };
}

function requireLimits(revision: Revision, reading: LimitsReading): StatementLimits {
  if (reading.kind === 'limits') return reading.limits;
  const where = reading.line === null ? revision.path : `${revision.path}:${reading.line}`;
  throw notLoadable(revision, where, reading.reason);
}

function functionOf(
  loaded: Readonly<Record<string, unknown>>,
  name: 'upgrade' | 'downgrade',
  revision: Revision,
): RevisionFunction | null {
  const value = loaded[name];
  if (value === undefined || value === null) return null;
  if (isRevisionFunction(value)) return value;
  throw notLoadable(revision, revision.path, `${name} must be a function; it is of type ${typeof value}`);
}

function isRevisionFunction(value: unknown): value is RevisionFunction {
  return typeof value === 'function';
}

/** A misspelt upgrade would be applied without doing anything, and would count as applied. */
function withoutUpgrade(loaded: Readonly<Record<string, unknown>>, revision: Revision): AludelError {
  const functions = Object.keys(loaded).filter((name) => typeof loaded[name] === 'function' && name !== 'default');
  const near = nearest(
    'upgrade',
    functions.filter((name) => name !== 'downgrade'),
  );
  const reason = functions.length === 0 ? 'it exports no upgrade' : `it exports no upgrade, only ${listed(functions)}`;
  return notLoadable(revision, revision.path, near === null ? reason : `${reason}; did you mean upgrade by ${near}?`);
}

/** Compares what the plan was made from with what the file says now. */
function requireSameHeader(revision: Revision, now: RevisionHeader | null): void {
  const differences =
    now === null
      ? [`revision ${JSON.stringify(revision.id)} then, none now`]
      : [
          difference('revision', revision.lines.revision, [revision.id], [now.revision]),
          difference('down_revision', revision.lines.downRevision, revision.downRevisions, now.downRevisions),
          difference('depends_on', revision.lines.dependsOn, revision.dependsOn, now.dependsOn),
          difference('branch_labels', revision.lines.branchLabels, revision.branchLabels, now.branchLabels),
        ].filter((text) => text !== null);
  if (differences.length === 0) return;
  throw new AludelError(
    'revision.not-loadable',
    `Revision ${revision.id} says something else when it is loaded than its text did when the history was read: ${listed(differences)}.`,
    {
      where: `${revision.path}:${revision.lines.revision}`,
      hint: 'The file may have changed meanwhile: run the command again. Otherwise write the header fields as plain literals.',
      facts: { revision: revision.id, path: revision.path, differences },
    },
  );
}

function difference(field: string, line: number, read: readonly string[], now: readonly string[]): string | null {
  if (read.length === now.length && read.every((id, i) => id === now[i])) return null;
  return `${field} (line ${line}) ${JSON.stringify(read)} then, ${JSON.stringify(now)} now`;
}

function notLoadable(revision: Revision, where: string, reason: string, cause?: unknown): AludelError {
  return new AludelError('revision.not-loadable', `Revision ${revision.id} does not load: ${reason}`, {
    where,
    hint: 'Nothing was run.',
    facts: { revision: revision.id, path: revision.path },
    ...(cause === undefined ? {} : { cause }),
  });
}
