import { docCommentText, isCodeTag } from './doc-comment.ts';
import { headerFromValues } from './header-from-values.ts';
import { lineCounter } from './line-counter.ts';
import type { HeaderReading } from './revision-source.ts';

// One complete statement after the other from the first character on, so that nothing can stand unseen before or
// between them. The value of a field is null or a text without escapes.
// A comment goes to the end of its line: a shorter match would give the engine a choice, and time to try them all.
const blank = String.raw`\s*(?://.*(?:[\n\r\u2028\u2029]\s*|$))*`;
const importStatement = String.raw`import (?:type )?(?:[\w$]+|\{[\w$\s,]*\}|\* as [\w$]+) from (?:'[^'\\\n\r]*'|"[^"\\\n\r]*");`;
const value = String.raw`(?:null|'([^'\\\n\r]+)'|"([^"\\\n\r]+)");`;
const field = (name: string): string => String.raw`(export const ${name}(?:: [\w |[\]]+)? = ${value}${blank})`;
const plainHeader = new RegExp(
  String.raw`^(\uFEFF?\s*(/\*\*(?![*/])[^*]*\*+(?:[^*/][^*]*\*+)*/)\s*(?:${importStatement}\s*)*)` +
    ['revision', 'down_revision', 'branch_labels', 'depends_on'].map(field).join(''),
);

// Longer headers are rare, and a limit keeps the engine from long walks over text that is something else.
const longestPlainHeader = 4096;

/**
 * Reads the header in the form our own templates write it: doc comment, imports, then the four fields in their order.
 * Null for every other form, which is for the full reader to judge.
 *
 * This is the full reader's answer at a third of its cost: the histories of thousands of revisions are made of such files.
 */
export function readPlainHeader(source: string): HeaderReading | null {
  const match = plainHeader.exec(source.length > longestPlainHeader ? source.slice(0, longestPlainHeader) : source);
  if (match === null) return null;
  const [, before = '', comment = ''] = match;
  const doc = docCommentText(comment);
  if (doc === '' || isCodeTag(doc)) return null;
  const lineOf = lineCounter(source);
  let at = before.length;
  // Three groups a field: the statement, and its text in either kind of quotes.
  const values: (string | null)[] = [];
  const lines: number[] = [];
  for (let group = 3; group < match.length; group += 3) {
    lines.push(lineOf(at));
    at += match[group]?.length ?? 0;
    values.push(match[group + 1] ?? match[group + 2] ?? null);
  }
  const [revision, down_revision, branch_labels, depends_on] = values;
  const [revisionLine = 1, downRevision = 1, branchLabels = 1, dependsOn = 1] = lines;
  return headerFromValues({ revision, down_revision, branch_labels, depends_on }, doc, {
    revision: revisionLine,
    downRevision,
    branchLabels,
    dependsOn,
  });
}
