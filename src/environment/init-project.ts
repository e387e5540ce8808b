import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { AludelError, messageOf } from '../support/aludel-error.ts';
import { byCodePoint, listed, nearest } from '../support/text.ts';
import { configFileNames } from './config/find-config-file.ts';
import { builtInTemplates } from './package-root.ts';
import { renderTemplate } from './render-template.ts';
import { shownPath } from './shown-path.ts';
import { createFile } from './write-file.ts';

/** A built-in project template. */
export interface ProjectTemplate {
  readonly name: string;
  /** One sentence. */
  readonly description: string;
}

/** What a project template made; paths are as shown, relative to the working directory. */
export interface InitializedProject {
  readonly template: string;
  readonly created: readonly string[];
  /** Files and directories that were there already and were left alone. */
  readonly kept: readonly string[];
  /** What is left to do by hand, one sentence each. */
  readonly advice: readonly string[];
}

/** The file beside a SQLite database that runs lock: see dialects/sqlite/lock.ts. */
const ignoredFiles = '*-aludel-lock';

const manifestSchema = v.strictObject({
  description: v.string(),
  /** Directories to make. */
  directories: v.array(v.string()),
});

type Manifest = v.InferOutput<typeof manifestSchema>;

/** The built-in templates by name. */
export function listTemplates(): readonly ProjectTemplate[] {
  return templateNames().map((name) => ({ name, description: manifestOf(name).description }));
}

/**
 * Lays out a new project: its configuration file and the directories of revisions. What exists is kept; a configuration
 * with another ending counts as one, because two are an error.
 *
 * Throws usage.invalid for an unknown template and file.not-writable.
 */
export async function initProject(
  directory: string,
  template: string,
  workingDirectory: string,
): Promise<InitializedProject> {
  const names = templateNames();
  if (!names.includes(template)) throw unknownTemplate(template, names);
  const source = join(builtInTemplates(), template);
  makeDirectory(directory, shownPath(directory, workingDirectory));
  const created: string[] = [];
  const kept: string[] = [];
  const existingConfig = configFileNames.find((name) => existsSync(join(directory, name)));
  for (const file of readdirSync(source).filter((name) => name.endsWith('.ejs') && !name.startsWith('revision.'))) {
    const name = file.slice(0, -'.ejs'.length);
    const standing = configFileNames.includes(name)
      ? existingConfig
      : existsSync(join(directory, name))
        ? name
        : undefined;
    if (standing !== undefined) {
      kept.push(shownPath(join(directory, standing), workingDirectory));
      continue;
    }
    createFile(join(directory, name), await renderTemplate(join(source, file), {}), workingDirectory);
    created.push(shownPath(join(directory, name), workingDirectory));
  }
  for (const folder of manifestOf(template).directories) {
    const path = join(directory, folder);
    const list = existsSync(path) ? kept : created;
    makeDirectory(path, shownPath(path, workingDirectory));
    list.push(shownPath(path, workingDirectory));
  }
  return { template, created, kept, advice: adviceFor(directory, workingDirectory) };
}

/** A .gitignore of the user's own is never written to. */
function adviceFor(directory: string, workingDirectory: string): readonly string[] {
  const path = join(directory, '.gitignore');
  const ignored = existsSync(path) ? readFileSync(path, 'utf8') : ignoredFiles;
  if (ignored.includes('-aludel-lock')) return [];
  return [
    `Add ${ignoredFiles} to ${shownPath(path, workingDirectory)}: such a file stands beside each SQLite database.`,
  ];
}

function makeDirectory(path: string, shown: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    const inTheWay = fileInTheWay(path);
    const reason =
      inTheWay === null ? messageOf(error) : `${inTheWay === path ? 'it' : inTheWay} is a file, not a directory.`;
    throw new AludelError('file.not-writable', `The directory ${shown} cannot be made: ${reason}`, {
      where: shown,
      hint: inTheWay === null ? null : 'Name a directory, or leave it out to begin in this one: aludel init',
      facts: { path: shown },
      cause: error,
    });
  }
}

/** The path, or what it leads through, that is there and is no directory; null when there is none. */
function fileInTheWay(path: string): string | null {
  for (let at = path; ; at = dirname(at)) {
    if (existsSync(at)) return statSync(at).isDirectory() ? null : at;
    if (at === dirname(at)) return null;
  }
}

function templateNames(): readonly string[] {
  const entries = readdirSync(builtInTemplates(), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort(byCodePoint);
}

function manifestOf(template: string): Manifest {
  return v.parse(manifestSchema, JSON.parse(readFileSync(join(builtInTemplates(), template, 'template.json'), 'utf8')));
}

function unknownTemplate(name: string, names: readonly string[]): AludelError {
  const near = nearest(name, names);
  return new AludelError('usage.invalid', `There is no template "${name}".`, {
    hint: near === null ? `There are ${listed(names)}.` : `Did you mean "${near}"?`,
    facts: { name, templates: names },
  });
}
