import type { Revision } from '../../graph/revision.ts';
import { messageOfDoc } from '../../revisions/doc-comment.ts';
import { headerFromValues } from '../../revisions/header-from-values.ts';
import { readModuleHeader, readModuleHeaderFromStart } from '../../revisions/read-module-header.ts';
import { readSqlHeader, readSqlHeaderFromStart } from '../../revisions/read-sql-header.ts';
import { hasCapitalEnding } from '../../revisions/revision-file.ts';
import type { HeaderReading, RevisionHeader } from '../../revisions/revision-source.ts';
import { AludelError, messageOf } from '../../support/aludel-error.ts';
import { redact } from '../../support/redact.ts';
import { counted } from '../../support/text.ts';
import { listRevisionFiles, type VersionLocations } from './list-revision-files.ts';
import { describeLoadFailure } from '../modules/load-failure.ts';
import { loadModule } from '../modules/module-loader.ts';
import { readStart, readWhole } from '../read-text.ts';
import { shownPath } from '../shown-path.ts';

/** Why a file is no revision. */
interface FileProblem {
  readonly path: string;
  readonly line: number | null;
  readonly reason: string;
  readonly code: 'history.broken' | 'history.unreadable';
}

/**
 * The revisions of a project, one for each file, in the order of locations, folders and names.
 *
 * Files are read, not run; only where a header field is an expression is that one file loaded. Everything else is
 * synchronous: reading 10,000 files through promises takes twenty times as long.
 *
 * Throws history.broken with every file that is no revision, and history.unreadable for what cannot be read at all.
 */
export async function readRevisions(config: VersionLocations): Promise<readonly Revision[]> {
  const revisions: Revision[] = [];
  const problems: FileProblem[] = [];
  for (const folder of listRevisionFiles(config)) {
    const shownFolder = shownPath(folder.path, config.workingDirectory);
    const prefix = shownFolder === '.' ? '' : `${shownFolder.replace(/\/$/, '')}/`;
    for (const name of folder.names) {
      // Not join(): for 10,000 names it takes longer than listing them.
      const file = `${folder.path}/${name}`;
      const path = prefix + name;
      const reading = hasCapitalEnding(name) ? capitalEnding(name, path) : readHeader(file, path);
      const settled = reading.kind === 'not-static' ? await headerOfModule(file, path, reading) : reading;
      if (settled.kind === 'header') revisions.push(asRevision(settled.header, path));
      else problems.push(settled.problem);
    }
  }
  if (problems.length > 0) throw unreadableFiles(problems);
  return revisions;
}

type FileReading =
  | { readonly kind: 'header'; readonly header: RevisionHeader }
  | { readonly kind: 'problem'; readonly problem: FileProblem };

type NotStatic = Extract<HeaderReading, { readonly kind: 'not-static' }>;

/** The header as the text of the file tells it. `path` is the shown one. */
function readHeader(file: string, path: string): FileReading | NotStatic {
  const isSql = file.endsWith('.sql');
  try {
    const start = readStart(file);
    if (start.kind === 'not-text') return problem(path, null, start.reason);
    const early = isSql ? readSqlHeaderFromStart(start.text) : readModuleHeaderFromStart(start.text);
    if (early.kind !== 'incomplete') return asFileReading(early, path);
    const whole = readWhole(file);
    if (whole.kind === 'not-text') return problem(path, null, whole.reason);
    return asFileReading(isSql ? readSqlHeader(whole.text) : readModuleHeader(whole.text), path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return problem(path, null, `it cannot be read: ${messageOf(error)}`, 'history.unreadable');
  }
}

function capitalEnding(name: string, path: string): FileReading {
  const at = name.lastIndexOf('.');
  const lower = `${name.slice(0, at)}${name.slice(at).toLowerCase()}`;
  return problem(path, null, `its ending has capitals, which is not read as a revision; rename it to ${lower}`);
}

function asFileReading(reading: HeaderReading, path: string): FileReading | NotStatic {
  return reading.kind === 'not-a-revision' ? problem(path, reading.line, reading.reason) : reading;
}

function problem(
  path: string,
  line: number | null,
  reason: string,
  code: FileProblem['code'] = 'history.broken',
): FileReading {
  return { kind: 'problem', problem: { path, line, reason, code } };
}

/** Runs the file and takes the fields as it exports them: the answer for fields that are expressions. */
async function headerOfModule(file: string, path: string, notStatic: NotStatic): Promise<FileReading> {
  let loaded: Readonly<Record<string, unknown>>;
  try {
    loaded = await loadModule(file);
  } catch (error) {
    const failure = describeLoadFailure(error);
    const reason = `${notStatic.reason}, so the file was run to know it, and failed: ${redact(failure.message)}`;
    return problem(path, failure.place?.path === file ? failure.place.line : notStatic.line, reason);
  }
  const { line } = notStatic;
  const lines = { revision: line, downRevision: line, branchLabels: line, dependsOn: line };
  const { revision, branch_labels, depends_on, message } = loaded;
  const doc = typeof message === 'string' ? message : '';
  const downRevision = 'down_revision' in loaded ? { down_revision: loaded['down_revision'] } : {};
  const otherNames = (): ReadonlyMap<string, number> => new Map(Object.keys(loaded).map((name) => [name, line]));
  const reading = headerFromValues({ revision, ...downRevision, branch_labels, depends_on }, doc, lines, otherNames);
  return reading.kind === 'header' ? reading : problem(path, reading.line, reading.reason);
}

/** A header as the revision of the file at this shown path. */
export function asRevision(header: RevisionHeader, path: string): Revision {
  return {
    id: header.revision,
    downRevisions: header.downRevisions,
    dependsOn: header.dependsOn,
    branchLabels: header.branchLabels,
    message: messageOfDoc(header.doc),
    doc: header.doc,
    path,
    lines: header.lines,
  };
}

function unreadableFiles(problems: readonly FileProblem[]): AludelError {
  const lines = problems.map(({ path, line, reason }) => `  ${placeOf(path, line)}: ${reason}`);
  const [first] = problems;
  // What cannot be read may be a perfect revision: only when nothing worse was found is that the error.
  const code = problems.every((one) => one.code === 'history.unreadable') ? 'history.unreadable' : 'history.broken';
  return new AludelError(
    code,
    `${counted(problems.length, 'file')} cannot be read as a revision:\n${lines.join('\n')}`,
    {
      where: problems.length === 1 && first !== undefined ? placeOf(first.path, first.line) : null,
      hint: 'A file that is no revision belongs elsewhere, or under a name that begins with "_".',
      facts: { files: problems.map(({ path, line, reason }) => ({ path, line, reason })) },
    },
  );
}

function placeOf(path: string, line: number | null): string {
  return line === null ? path : `${path}:${line}`;
}
