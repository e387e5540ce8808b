import { AludelError } from '../../support/aludel-error.ts';
import { defineCommand, given } from '../command.ts';
import { logText } from '../render/log.ts';

export const logCommand = defineCommand({
  name: 'log',
  summary: 'Show what was done to the database, newest first',
  positionals: {},
  flags: {
    revision: { kind: 'text', summary: 'Only rows about this revision', completes: 'revision' },
    limit: { kind: 'text', summary: 'At most so many rows (default: 50)' },
  },
  examples: [['$0 log --limit 10', 'The last ten entries of the journal']],
  run: async (values, { config, functions }) => {
    const limit = values.limit === undefined ? undefined : wholeNumber(values.limit);
    const report = await functions.log(config, given({ revision: values.revision, limit }));
    return { report, text: (palette) => logText(report, palette) };
  },
});

function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new AludelError('usage.invalid', `--limit takes a whole number, and "${text}" is none.`, {
    hint: 'For example: --limit 10.',
  });
}
