import { defineCommand } from '../command.ts';
import { interruptible } from '../interruptible.ts';
import { testedText } from '../render/tested.ts';
import { schemaFlags } from '../schema-flags.ts';

export const testCommand = defineCommand({
  name: 'test',
  summary: 'Take every revision up, down and up again on a scratch database',
  positionals: {
    target: { kind: 'optional', summary: 'Test the revisions up to this one (default: heads)', completes: 'revision' },
  },
  flags: {
    strict: { kind: 'boolean', summary: 'A revision without a downgrade is a failure' },
    ...schemaFlags,
  },
  examples: [
    ['$0 test', 'Every revision'],
    ['$0 test billing@head --strict', 'Those of one branch, each of which must have a downgrade'],
  ],
  run: async (values, { config, functions, onEvent }) => {
    const report = await interruptible((signal) =>
      functions.testRevisions(config, values.target ?? 'heads', { onEvent, signal, strict: values.strict }),
    );
    return { report, text: (palette) => testedText(report, palette), exitCode: report.is_ok ? 0 : 1 };
  },
});
