import { docCommentText } from './doc-comment.ts';
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
  const doc = docCommentText(match[2] ?? '');
  if (doc === '') return null;
  const lineOf = lineCounter(source);
  let at = lengthOf(match[1]);
  const revision = lineOf(at);
  const downRevision = lineOf((at += lengthOf(match[3])));
  const branchLabels = lineOf((at += lengthOf(match[6])));
  const dependsOn = lineOf(at + lengthOf(match[9]));
  return headerFromValues(
    {
      revision: match[4] ?? match[5],
      down_revision: match[7] ?? match[8],
      branch_labels: match[10] ?? match[11],
      depends_on: match[13] ?? match[14],
    },
    doc,
    { revision, downRevision, branchLabels, dependsOn },
  );
}

function lengthOf(group: string | undefined): number {
  return group?.length ?? 0;
}
