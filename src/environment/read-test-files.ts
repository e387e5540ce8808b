import { readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import type { Revision } from '../graph/revision.ts';
import { AludelError, messageOf } from '../support/aludel-error.ts';
import { redact } from '../support/redact.ts';
import { byCodePoint, counted, listed, nearest } from '../support/text.ts';
import type { Configuration } from './config/configuration.ts';
import { describeLoadFailure, shownPlace } from './modules/load-failure.ts';
import type { RevisionFunction } from './revisions/load-revision.ts';
import { hasCapitalEnding } from '../revisions/revision-file.ts';
import { loadModule } from './modules/module-loader.ts';
import { shownPath } from './shown-path.ts';

/** What is kept beside a revision for `aludel test`. Null where the file does not have it. */
export interface TestFile {
  /** As it is shown. */
  readonly path: string;
  /** The text of the file. */
  readonly source: string;
  /** Puts rows in before the revision is applied. */
  readonly before: RevisionFunction | null;
  /** Looks at the rows after it was applied. */
  readonly after: RevisionFunction | null;
  /** Looks at the rows after it was taken down. */
  readonly afterDowngrade: RevisionFunction | null;
  /** Tables, with or without their schema, whose rows the revision does not bring back on its way down. */
  readonly loses: readonly string[];
}

const hookNames = ['before', 'after', 'afterDowngrade'] as const;
const exportNames = [...hookNames, 'loses'];

/**
 * The test files of these revisions, by revision: `<id>.ts`, or the name of the revision's own file, with any ending that a module has.
 * Names that begin with `_` or a dot are helpers. A missing default location has none.
 *
 * Throws test.invalid-file for every file that does not load, says something else, or is of no revision.
 */
export async function readTestFiles(
  revisions: readonly Revision[],
  configuration: Configuration,
): Promise<ReadonlyMap<string, TestFile>> {
  const { testLocation, workingDirectory } = configuration;
  const files = new Map<string, TestFile>();
  const problems: string[] = [];
  const owners = ownersByName(revisions);
  for (const name of namesIn(configuration)) {
    const path = shownPath(join(testLocation, name), workingDirectory);
    const id = owners.get(stem(name));
    try {
      if (hasCapitalEnding(name)) throw new Error('its ending has capitals, which is not read as a module; rename it');
      if (id === undefined) throw new Error(noRevision(stem(name), owners));
      const other = files.get(id);
      if (other !== undefined) throw new Error(`revision ${id} has ${other.path} already`);
      files.set(id, await loadTestFile(join(testLocation, name), path, workingDirectory));
    } catch (error) {
      problems.push(`  ${path}: ${redact(messageOf(error))}`);
    }
  }
  if (problems.length === 0) return files;
  throw invalidFiles(`${counted(problems.length, 'test file')} cannot be used:\n${problems.join('\n')}`, testLocation);
}

function namesIn(configuration: Configuration): readonly string[] {
  const { testLocation, hasDefaultTestLocation, workingDirectory } = configuration;
  try {
    return readdirSync(testLocation)
      .filter((name) => /^[^_.].*(?<!\.d)\.[cm]?[jt]s$/i.test(name))
      .toSorted(byCodePoint);
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (isMissing && hasDefaultTestLocation) return [];
    const shown = shownPath(testLocation, workingDirectory);
    throw invalidFiles(`The test location ${shown} cannot be listed: ${messageOf(error)}`, shown);
  }
}

function stem(name: string): string {
  return basename(name, extname(name));
}

/** Ids count before names of files. */
function ownersByName(revisions: readonly Revision[]): ReadonlyMap<string, string> {
  return new Map([
    ...revisions.map(({ id, path }) => [stem(path), id] as const),
    ...revisions.map(({ id }) => [id, id] as const),
  ]);
}

function noRevision(name: string, owners: ReadonlyMap<string, string>): string {
  const near = nearest(name, owners.keys());
  return `no revision is called ${name}${near === null ? '' : `; did you mean ${near}?`}`;
}

async function loadTestFile(file: string, path: string, workingDirectory: string): Promise<TestFile> {
  const source = readFileSync(file, 'utf8');
  let loaded: Readonly<Record<string, unknown>>;
  try {
    loaded = await loadModule(file, source);
  } catch (error) {
    const { message, place } = describeLoadFailure(error);
    const where = place === null ? '' : ` (${shownPlace(shownPath(place.path, workingDirectory), place)})`;
    throw new Error(`${message}${where}`, { cause: error });
  }
  // A misspelt hook would never run, and its revision would pass.
  const unknown = Object.keys(loaded).filter((name) => name !== 'default' && !exportNames.includes(name));
  if (unknown.length > 0) throw new Error(`it exports ${listed(unknown)}; known are ${listed(exportNames)}`);
  const [before, after, afterDowngrade] = hookNames.map((name) => hookOf(loaded, name));
  return {
    path,
    source,
    before: before ?? null,
    after: after ?? null,
    afterDowngrade: afterDowngrade ?? null,
    loses: tablesOf(loaded['loses']),
  };
}

function hookOf(loaded: Readonly<Record<string, unknown>>, name: string): RevisionFunction | null {
  const value = loaded[name];
  if (value === undefined || value === null) return null;
  if (isHook(value)) return value;
  throw new Error(`${name} must be a function; it is of type ${typeof value}`);
}

function isHook(value: unknown): value is RevisionFunction {
  return typeof value === 'function';
}

function tablesOf(value: unknown): readonly string[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((name) => typeof name === 'string')) return value;
  throw new Error("loses must be a list of tables, such as ['users']");
}

function invalidFiles(message: string, where: string): AludelError {
  return new AludelError('test.invalid-file', message, {
    where,
    hint: 'Nothing was run. A file that is none belongs elsewhere, or under a name that begins with "_".',
  });
}
