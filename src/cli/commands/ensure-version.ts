import { defineCommand, given } from '../command.ts';
import { lockTimeoutFlag, lockTimeoutMs } from '../lock-timeout.ts';
import { printable } from '../render/printable.ts';

export const ensureVersionCommand = defineCommand({
  name: 'ensure_version',
  aliases: ['ensure-version'],
  summary: 'Create the version table if it is not there',
  positionals: {},
  flags: { 'lock-timeout': lockTimeoutFlag },
  examples: [['$0 ensure_version', 'Prepare a database for a user who may not create tables']],
  run: async (values, { config, functions, onEvent }) => {
    const report = await functions.ensureVersion(config, {
      onEvent,
      ...given({ lockTimeoutMs: lockTimeoutMs(values['lock-timeout']) }),
    });
    return {
      report,
      text: () => `The version table ${printable(report.version_table)} is there: ${printable(report.database)}`,
    };
  },
});
