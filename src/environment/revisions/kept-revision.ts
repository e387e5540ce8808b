import { basename, dirname, join, resolve } from 'node:path';
import type { Revision } from '../../graph/revision.ts';
import { headerFromValues } from '../../revisions/header-from-values.ts';
import { readModuleHeader } from '../../revisions/read-module-header.ts';
import { readSqlHeader } from '../../revisions/read-sql-header.ts';
import type { HeaderReading } from '../../revisions/revision-source.ts';
import { messageOf } from '../../support/aludel-error.ts';
import type { Configuration } from '../config/configuration.ts';
import { describeLoadFailure } from '../modules/load-failure.ts';
import { loadModuleText } from '../modules/module-loader.ts';
import { asRevision } from './read-revisions.ts';
import { shownPath } from '../shown-path.ts';

/** The revision that a text is, or why it is none. */
export type KeptReading =
  { readonly kind: 'revision'; readonly revision: Revision } | { readonly kind: 'problem'; readonly reason: string };

/** Reads the header of a revision whose file is gone from the text that was kept of it. `path` is where its file was. */
export async function readKeptRevision(
  path: string,
  source: string,
  configuration: Configuration,
): Promise<KeptReading> {
  const file = formerFile(path, configuration);
  const reading = path.endsWith('.sql') ? readSqlHeader(source) : readModuleHeader(source);
  const settled = reading.kind === 'not-static' ? await headerOfText(file, source, reading) : reading;
  if (settled.kind !== 'header') return { kind: 'problem', reason: settled.reason };
  return { kind: 'revision', revision: asRevision(settled.header, shownPath(file, configuration.workingDirectory)) };
}

/**
 * Where the file of a revision was, so that what it imports is found: paths in the journal count from the working
 * directory of the run that applied it, which may have been another one.
 */
function formerFile(path: string, { workingDirectory, versionLocations }: Configuration): string {
  const asWritten = resolve(workingDirectory, path);
  const [first] = versionLocations;
  return first === undefined || versionLocations.includes(dirname(asWritten))
    ? asWritten
    : join(first, basename(path.replaceAll('\\', '/')));
}

type NotStatic = Extract<HeaderReading, { readonly kind: 'not-static' }>;

async function headerOfText(
  file: string,
  source: string,
  { line, doc, reason }: NotStatic,
): Promise<Exclude<HeaderReading, NotStatic>> {
  try {
    const { revision, down_revision, branch_labels, depends_on } = await loadModuleText(file, source);
    const lines = { revision: line, downRevision: line, branchLabels: line, dependsOn: line };
    return headerFromValues({ revision, down_revision, branch_labels, depends_on }, doc, lines);
  } catch (error) {
    const failure = describeLoadFailure(error).message || messageOf(error);
    return { kind: 'not-a-revision', line, reason: `${reason}, and its text does not run: ${failure}` };
  }
}
