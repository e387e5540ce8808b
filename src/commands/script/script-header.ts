import { shellWord } from '../../dialects/script/script-text.ts';
import type { PlanStep } from '../../planner/migration-plan.ts';
import { counted } from '../../support/text.ts';

/** What the head of a script says of it. */
export interface ScriptTitle {
  /** "aludel 0.1.0". */
  readonly tool: string;
  /** "upgrade base:head", as it was asked for. */
  readonly asked: string;
  readonly dialect: string;
  /** Version rows; null when they do not matter. */
  readonly from: readonly string[] | null;
  readonly to: readonly string[];
  readonly steps: readonly PlanStep[];
  readonly idempotent: boolean;
  /** Name of the file, as the commands below say it. */
  readonly file: string;
  readonly howToRun: readonly string[];
}

/** The head of a script as comment lines. SHA-256 `checksum` is that of all that follows; its length is all that counts for the length of the head. */
export function scriptHeader(title: ScriptTitle, checksum: string): string {
  const { from, to, steps } = title;
  const lines = [
    `${title.tool}: ${title.asked}, for ${title.dialect}`,
    ...(from === null ? [] : [`From ${rowsInWords(from)} to ${rowsInWords(to)}: ${counted(steps.length, 'revision')}`]),
    ...steps.map(
      ({ direction, revision: { id, message } }) => `  ${direction} ${id}${message === '' ? '' : `: ${message}`}`,
    ),
    '',
    'Run it with:',
    ...title.howToRun.map((line) => `  ${line}`),
    ...guardInWords(title),
  ];
  const checked = [
    ...lines,
    `What follows has the SHA-256 ${checksum}:`,
    `  tail -n +${lines.length + 4} ${shellWord(title.file)} | sha256sum`,
  ];
  return `${checked.map(asComment).join('\n')}\n\n`;
}

function guardInWords({ from, idempotent }: ScriptTitle): readonly string[] {
  if (from === null) return [];
  return idempotent
    ? ['Revisions that the database has already are left out, so it can be run again after a failure.']
    : [`It stops before it changes anything unless the database is at ${rowsInWords(from)}.`];
}

function rowsInWords(rows: readonly string[]): string {
  return rows.length === 0 ? 'base' : rows.join(', ');
}

/** One line whatever the text holds. */
function asComment(text: string): string {
  // oxlint-disable-next-line no-control-regex -- a control character could end the line, or be read by a client
  return `-- ${text.replaceAll(/[\u0000-\u001F\u007F-\u009F\u2028\u2029]+/gu, ' ')}`.trimEnd();
}
