import { defineCommand } from '../command.ts';

export const ensureVersionCommand = defineCommand({
  name: 'ensure_version',
  aliases: ['ensure-version'],
  summary: 'Create the version table if it is not there',
  positionals: {},
  flags: {},
  examples: [['$0 ensure_version', 'Prepare a database for a user who may not create tables']],
  run: async (_values, { config, functions }) => {
    const report = await functions.ensureVersion(config);
    return { report: report ?? {}, text: () => 'The version table is there.' };
  },
});
