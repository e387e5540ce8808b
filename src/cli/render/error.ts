import { inspect } from 'node:util';
import { isAludelError, messageOf, type AludelError } from '../../support/aludel-error.ts';
import { redact } from '../../support/redact.ts';
import { redactDeep } from '../../support/redact-error.ts';
import type { Palette } from './palette.ts';
import { printable, printableLines } from './printable.ts';
import { placeIn, sourceFrame } from './source-frame.ts';

/** What `--json` prints for an error; code is "defect" for what is no error of the user's. */
export interface ErrorReport {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly where: string | null;
    readonly hint: string | null;
    readonly facts: Readonly<Record<string, unknown>>;
  };
}

const defectHint = 'This is a defect of aludel, not of your revisions. Please report it with the output of --raiseerr.';

/** The record of an error. Redacted here too: stacks and foreign messages come from anywhere. */
export function errorReport(thrown: unknown): ErrorReport {
  const { code, message, where, hint, facts } = isAludelError(thrown)
    ? thrown
    : { code: 'defect', message: messageOf(thrown), where: null, hint: defectHint, facts: {} };
  const hidden = (text: string | null): string | null => (text === null ? null : redact(text));
  return {
    error: {
      code,
      message: redact(message),
      where: hidden(where),
      hint: hidden(hint),
      facts: Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, redactDeep(fact, redact)])),
    },
  };
}

/** Code, what happened, where, the source when the facts carry it, and what to do; the stack only when asked for. */
export function errorText(
  thrown: unknown,
  { showStack, palette }: { readonly showStack: boolean; readonly palette: Palette },
): string {
  const lines = isAludelError(thrown) ? knownError(thrown, palette) : unknownError(thrown, palette);
  if (showStack) lines.push('', inspect(thrown, { colors: false }));
  return redact(lines.join('\n'));
}

function knownError(error: AludelError, palette: Palette): string[] {
  const [first = '', ...more] = printableLines(error.message).split('\n');
  const place = placeIn(error.facts);
  // A file or an argument is often named in the message already.
  const where = error.where === null ? null : printable(error.where);
  return [
    `${palette.bad(`${error.code}:`)} ${palette.strong(first)}`,
    ...more.map(indented),
    ...(where === null || isNamedIn(first, where) ? [] : [indented(`in ${where}`)]),
    ...(place === null ? [] : sourceFrame(place).map(indented)),
    ...statementLines(error.facts).map(indented),
    ...(error.hint === null ? [] : printableLines(error.hint).split('\n').map(indented)),
  ];
}

/** True when the line has the name, which may be several words, as a word of its own. */
function isNamedIn(line: string, name: string): boolean {
  const between = line.split(name);
  return between.some((before, index) => {
    const after = between[index + 1];
    return after !== undefined && /(?:^|[\s"',;])$/.test(before) && /^(?:$|[\s"',;]|\.(?:\s|$))/.test(after);
  });
}

/** Lines of a failed statement that are shown; the record of --json has it whole. */
const shownStatementLines = 12;

/** The statement that failed, when the facts carry one, with a caret under the place that the database named. */
function statementLines({ statement, offset }: AludelError['facts']): string[] {
  if (typeof statement !== 'string' || statement.trim() === '') return [];
  const lines = printableLines(statement).trim().split('\n');
  const before = typeof offset === 'number' ? printableLines(statement.slice(0, offset)).trimStart().split('\n') : [];
  const caretRow = before.length - 1;
  const first = Math.max(0, caretRow - shownStatementLines + 1);
  const last = Math.min(lines.length, first + shownStatementLines);
  const shown = lines
    .slice(first, last)
    .flatMap((text, i) => (first + i === caretRow ? [text, caretBehind(before.at(-1) ?? '')] : [text]));
  return [
    'the statement:',
    ...[...(first > 0 ? ['…'] : []), ...shown, ...(last < lines.length ? ['…'] : [])].map(indented),
  ];
}

/** Tabs stay, for they are as wide below as above. */
function caretBehind(text: string): string {
  return `${text.replaceAll(/[^\t]/gu, ' ')}^`;
}

function unknownError(thrown: unknown, palette: Palette): string[] {
  return [`${palette.bad('defect:')} ${palette.strong(printable(messageOf(thrown)))}`, indented(defectHint)];
}

function indented(line: string): string {
  return `  ${line}`.trimEnd();
}
