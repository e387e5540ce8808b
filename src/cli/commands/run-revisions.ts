import { given, type Answer, type CommandContext, type Flags, type Values } from '../command.ts';
import { lockTimeoutFlag, lockTimeoutMs } from '../lock-timeout.ts';
import { planText, runText } from '../render/run.ts';

/** Flags that `upgrade` and `downgrade` share. */
export const runCommandFlags = {
  plan: { kind: 'boolean', summary: 'Show what would run; change nothing' },
  'transaction-mode': {
    kind: 'text',
    choices: ['revision', 'all', 'none'],
    summary: 'One transaction per revision (the default), one for all, or none',
  },
  'lock-timeout': lockTimeoutFlag,
} as const satisfies Flags;

type RunValues = Values<
  typeof runCommandFlags,
  { readonly target: { readonly kind: 'required'; readonly summary: string } }
>;

/** Runs `upgrade` or `downgrade`, or shows its plan. */
export async function runRevisions(
  direction: 'upgrade' | 'downgrade',
  values: RunValues,
  { config, functions, onEvent }: CommandContext,
): Promise<Answer> {
  const report = await functions[direction](config, values.target, {
    onEvent,
    plan: values.plan,
    ...given({
      transactionMode: values['transaction-mode'],
      lockTimeoutMs: lockTimeoutMs(values['lock-timeout']),
    }),
  });
  return {
    report,
    text: (palette) => (report.plan ? planText : runText)(direction, report, palette),
    notes: report.warnings.map((warning) => `warning: ${warning}`),
  };
}
