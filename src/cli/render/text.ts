import type { BranchReport, RevisionDetail, RevisionReport } from '../../commands/results.ts';
import type { Palette } from './palette.ts';
import { printable, printableLines } from './printable.ts';

/** Which parts of a short line a command shows; those of Alembic's commands are in {@link lineOf}. */
interface LineParts {
  readonly parents?: boolean;
  readonly labels?: boolean;
  readonly current?: boolean;
  readonly points?: boolean;
  readonly message?: boolean;
}

/** The parts that Alembic's commands show, so that scripts written for it keep reading our output. */
export const lineOf = {
  heads: { labels: true },
  current: { points: true },
  history: { parents: true, labels: true, current: true, points: true, message: true },
  branches: { labels: true, points: true },
  branchesVerbose: { labels: true, points: true, message: true },
} as const satisfies Record<string, LineParts>;

/** `<parents> (<deps>) -> <rev> (<labels>) (head) (current) (branchpoint) (mergepoint), <message>`. */
export function shortLine(revision: RevisionReport, parts: LineParts, palette: Palette): string {
  let line = '';
  if (parts.parents) {
    line += parentsOf(revision, palette);
    if (revision.depends_on.length > 0) line += ` (${ids(revision.depends_on, palette)})`;
    line += ' -> ';
  }
  line += palette.revision(printable(revision.revision));
  if (parts.labels && revision.branch_labels.length > 0) line += ` (${labels(revision.branch_labels, palette)})`;
  if (revision.is_effective_head_only_by_line) line += palette.mark(' (effective head)');
  else if (revision.is_head) line += palette.mark(' (head)');
  if (parts.current && revision.is_current) line += palette.current(' (current)');
  if (parts.points && revision.is_branch_point) line += palette.mark(' (branchpoint)');
  if (parts.points && revision.is_merge_point) line += palette.mark(' (mergepoint)');
  if (parts.message && revision.message !== '') line += `, ${printable(revision.message)}`;
  return line;
}

/** The lines of a block of `show` and `-v`; the last one is empty, which sets blocks apart. */
export function verboseBlock(revision: RevisionDetail, palette: Palette): string[] {
  const marks = [
    revision.is_head ? palette.mark(' (head)') : '',
    revision.is_branch_point ? palette.mark(' (branchpoint)') : '',
    revision.is_merge_point ? palette.mark(' (mergepoint)') : '',
    revision.is_current ? palette.current(' (current)') : '',
  ];
  const doc = printableLines(revision.doc).trim();
  return [
    `Rev: ${palette.revision(printable(revision.revision))}${marks.join('')}`,
    `${revision.is_merge_point ? 'Merges' : 'Parent'}: ${parentsOf(revision, palette)}`,
    ...(revision.depends_on.length > 0 ? [`Also depends on: ${ids(revision.depends_on, palette)}`] : []),
    ...(revision.is_branch_point ? [`Branches into: ${ids(revision.children, palette)}`] : []),
    ...(revision.branch_labels.length > 0 ? [`Branch names: ${labels(revision.branch_labels, palette)}`] : []),
    `Path: ${printable(revision.path)}`,
    '',
    ...(doc === '' ? [] : [...doc.split('\n').map((line) => `    ${line}`.trimEnd()), '']),
  ];
}

/** A branch point with one line for each child, set apart by an empty line. */
export function branchText(branch: BranchReport, verbose: boolean, palette: Palette): string[] {
  const indent = ' '.repeat(printable(branch.revision.revision).length);
  const parts = verbose ? lineOf.branchesVerbose : lineOf.branches;
  const first = verbose
    ? verboseBlock(branch.revision, palette)
    : [shortLine(branch.revision, lineOf.branches, palette)];
  return [...first, ...branch.children.map((child) => `${indent} -> ${shortLine(child, parts, palette)}`), ''];
}

/** Rows of the version table as words: "base" when there are none. */
export function rowsText(rows: readonly string[], palette: Palette): string {
  return rows.length === 0 ? 'base' : ids(rows, palette);
}

function parentsOf(revision: RevisionReport, palette: Palette): string {
  return revision.down_revision.length === 0 ? '<base>' : ids(revision.down_revision, palette);
}

function ids(list: readonly string[], palette: Palette): string {
  const [first = ''] = list;
  // Nearly every list has one id, and a history may have 10,000 of them.
  return list.length === 1
    ? palette.revision(printable(first))
    : list.map((id) => palette.revision(printable(id))).join(', ');
}

function labels(list: readonly string[], palette: Palette): string {
  return list.map((label) => palette.label(printable(label))).join(', ');
}
