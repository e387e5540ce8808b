import type { ScriptRequest } from '../commands/script/offline.ts';
import type { ScriptReport } from '../commands/results.ts';
import type { ScriptOptions } from '../commands/script/write-script.ts';
import { AludelError } from '../support/aludel-error.ts';
import { counted } from '../support/text.ts';
import { given, type Answer, type CommandContext, type Flags } from './command.ts';
import { interruptible } from './interruptible.ts';
import { outputFile, refuseStdout } from './output-flag.ts';
import { printable } from './render/printable.ts';

/** Flags of every command that `--sql` turns into a script. */
export const scriptFlags = {
  sql: { kind: 'boolean', summary: 'Write a SQL script instead: nothing is connected to' },
  dialect: {
    kind: 'text',
    choices: ['sqlite', 'postgresql', 'mysql', 'mariadb'],
    summary: 'With --sql: the database it is for (default: the configured one)',
  },
  output: { kind: 'text', summary: 'With --sql: write it into this file; - is stdout' },
} as const satisfies Flags;

/** Flags of those whose script runs revisions. */
export const runScriptFlags = {
  ...scriptFlags,
  idempotent: { kind: 'boolean', summary: 'With --sql: leave out what the database has; the script can be run again' },
  split: { kind: 'text', summary: 'With --sql: write one numbered file for each revision into this directory' },
  rollback: { kind: 'text', summary: 'With --sql: write the script that takes it back into this file' },
} as const satisfies Flags;

interface ScriptValues {
  readonly output: string | undefined;
  readonly split?: string | undefined;
  readonly rollback?: string | undefined;
  readonly idempotent?: boolean;
}

/**
 * Refuses what belongs to `--sql` without it, and these flags, which only a live run has, with it: they and the global one
 * that waits for a connection.
 */
export function checkScriptFlags(
  values: Readonly<Record<string, unknown>> & { readonly sql: boolean },
  live: readonly string[],
): void {
  const isGiven = (name: string): boolean => values[name] !== undefined && values[name] !== false;
  const wrong = (
    values.sql ? [...live, 'wait-for-db'] : Object.keys(runScriptFlags).filter((name) => name !== 'sql')
  ).find(isGiven);
  if (wrong === undefined) return;
  throw new AludelError('usage.invalid', `--${wrong} ${values.sql ? 'does nothing' : 'needs --sql'}.`, {
    hint: values.sql ? 'With --sql nothing is run: leave one of the two out.' : 'Write both, or none.',
    facts: { flag: wrong },
  });
}

/** Writes the script of a command: to stdout, or into the files that the flags name. */
export async function writeScript(
  request: ScriptRequest,
  values: ScriptValues,
  { config, functions, onEvent }: CommandContext,
  more: ScriptOptions = {},
): Promise<Answer> {
  const { split, rollback, idempotent = false } = values;
  refuseStdout('split', split);
  refuseStdout('rollback', rollback);
  // Beside a directory even stdout is one place too many.
  const output = split === undefined ? outputFile(values.output) : values.output;
  const options = { ...more, onEvent, idempotent, ...given({ rollback }) };
  if (output === undefined && split === undefined) {
    return await interruptible(async (signal) => {
      const pieces = functions.script(config, request, { ...options, signal });
      // By the first piece all of it is written: only until then is there anything to stop.
      return { report: null, text: () => '', stream: following(await pieces.next(), pieces) };
    });
  }
  const report = await interruptible((signal) =>
    functions.saveScript(config, request, { ...options, signal, ...given({ output, split }) }),
  );
  return { report, text: () => savedText(report) };
}

async function* following(
  first: IteratorResult<string, void>,
  rest: AsyncIterable<string>,
): AsyncGenerator<string, void, undefined> {
  if (first.done !== true) yield first.value;
  yield* rest;
}

function savedText({ files }: ScriptReport): string {
  if (files.length === 0) return 'There is no revision to write: no file was made.';
  return files
    .map(
      ({ path, revisions }) =>
        `Wrote ${printable(path)}${revisions.length === 0 ? '' : `: ${counted(revisions.length, 'revision')}`}`,
    )
    .join('\n');
}
