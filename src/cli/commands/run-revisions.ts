import { describeHalfDone } from '../../commands/run/half-done-report.ts';
import { given, type Answer, type CommandContext, type Flags, type Values } from '../command.ts';
import { interruptible } from '../interruptible.ts';
import { durationMs } from '../duration-flag.ts';
import { lockTimeoutFlag, lockTimeoutMs } from '../lock-timeout.ts';
import { wholeNumber } from '../number-flag.ts';
import { planText, runText } from '../render/run.ts';
import { checkScriptFlags, runScriptFlags, writeScript } from '../script-flags.ts';

/** Flags that `upgrade` and `downgrade` share. */
export const runCommandFlags = {
  plan: { kind: 'boolean', summary: 'Show what would run; change nothing' },
  'transaction-mode': {
    kind: 'text',
    choices: ['revision', 'all', 'none'],
    summary: 'One transaction per revision (the default), one for all, or none',
  },
  'lock-timeout': lockTimeoutFlag,
  'table-lock-timeout': {
    kind: 'text',
    summary: 'How long a statement waits for a table or a row that is locked, such as 5s; 0 is no limit',
  },
  'statement-timeout': { kind: 'text', summary: 'How long a statement may take, such as 10m; 0 is no limit' },
  retries: { kind: 'text', summary: 'How often to retry after a lock timeout or a deadlock (default: 3)' },
  ...runScriptFlags,
} as const satisfies Flags;

type RunValues = Values<
  typeof runCommandFlags,
  { readonly target: { readonly kind: 'required'; readonly summary: string } }
>;

/** Flags that mean nothing when nothing is run. */
const liveFlags = ['plan', 'lock-timeout', 'retries'];

/** Runs `upgrade` or `downgrade`, shows its plan, or writes it as a script. */
export async function runRevisions(
  direction: 'upgrade' | 'downgrade',
  values: RunValues,
  context: CommandContext,
): Promise<Answer> {
  const { config, functions, onEvent } = context;
  checkScriptFlags(values, liveFlags);
  const common = given({
    transactionMode: values['transaction-mode'],
    tableLockTimeoutMs: durationMs('table-lock-timeout', values['table-lock-timeout']),
    statementTimeoutMs: durationMs('statement-timeout', values['statement-timeout']),
  });
  if (values.sql) return await writeScript({ command: direction, range: values.target }, values, context, common);
  const run = (signal: AbortSignal) =>
    functions[direction](config, values.target, {
      onEvent,
      signal,
      plan: values.plan,
      ...common,
      ...given({
        lockTimeoutMs: lockTimeoutMs(values['lock-timeout']),
        retries: wholeNumber('retries', values.retries),
      }),
    });
  const report = await interruptible(run);
  return {
    report,
    text: (palette) => (report.plan ? planText : runText)(direction, report, palette),
    notes: [
      ...report.warnings.map((warning) => `warning: ${warning}`),
      ...(report.half_done === null ? [] : [describeHalfDone(report.half_done)]),
    ],
  };
}
