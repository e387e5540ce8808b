import type { Repair } from '../../commands/repair.ts';
import { AludelError } from '../../support/aludel-error.ts';
import { defineCommand, given } from '../command.ts';
import { interruptible } from '../interruptible.ts';
import { lockTimeoutFlag, lockTimeoutMs } from '../lock-timeout.ts';
import { repairText } from '../render/repair.ts';

export const repairCommand = defineCommand({
  name: 'repair',
  summary: 'Show, and settle, what a killed run left half-done',
  positionals: {},
  flags: {
    resume: { kind: 'boolean', summary: 'Finish it; a statement that cannot be settled runs again' },
    'assume-done': { kind: 'boolean', summary: 'Record that the statement in doubt took effect' },
    'mark-applied': { kind: 'boolean', summary: 'Record the revision as applied: you finished it by hand' },
    'mark-reverted': { kind: 'boolean', summary: 'Record the revision as not applied: you undid it by hand' },
    'lock-timeout': lockTimeoutFlag,
  },
  examples: [
    ['$0 repair', 'Only show what is half-done'],
    ['$0 repair --resume', 'Go on from where the killed run stopped'],
  ],
  run: async (values, { config, functions, onEvent }) => {
    const asked = answers.filter((answer) => values[answer]);
    if (asked.length > 1) {
      throw new AludelError('usage.invalid', `--${asked.join(' and --')} exclude each other.`, {
        hint: 'Give one answer, or none to see what is half-done.',
      });
    }
    const report = await interruptible((signal) =>
      functions.repair(config, {
        onEvent,
        signal,
        ...given({ repair: asked[0], lockTimeoutMs: lockTimeoutMs(values['lock-timeout']) }),
      }),
    );
    return { report, text: (palette) => repairText(report, palette) };
  },
});

const answers: readonly Repair[] = ['resume', 'assume-done', 'mark-applied', 'mark-reverted'];
