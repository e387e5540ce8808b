import { defineCommand, given } from '../command.ts';
import { wholeNumber } from '../number-flag.ts';
import { logText } from '../render/log.ts';

export const logCommand = defineCommand({
  name: 'log',
  summary: 'Show what was done to the database, newest first',
  positionals: {},
  flags: {
    revision: { kind: 'text', summary: 'Only rows about the revision with this id', completes: 'revision' },
    limit: { kind: 'text', summary: 'At most so many rows (default: 50)' },
  },
  examples: [['$0 log --limit 10', 'The last ten entries of the journal']],
  run: async (values, { config, functions, onEvent }) => {
    const limit = wholeNumber('limit', values.limit, 1);
    const report = await functions.log(config, { onEvent, ...given({ revision: values.revision, limit }) });
    return { report, text: (palette) => logText(report, values.revision ?? null, palette) };
  },
});
