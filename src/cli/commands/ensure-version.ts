import { defineCommand, given } from '../command.ts';
import { lockTimeoutFlag, lockTimeoutMs } from '../lock-timeout.ts';
import { printable } from '../render/printable.ts';
import { checkScriptFlags, scriptFlags, writeScript } from '../script-flags.ts';

export const ensureVersionCommand = defineCommand({
  name: 'ensure_version',
  aliases: ['ensure-version'],
  summary: 'Create the version table if it is not there',
  positionals: {},
  flags: { 'lock-timeout': lockTimeoutFlag, ...scriptFlags },
  examples: [['$0 ensure_version', 'Prepare a database for a user who may not create tables']],
  run: async (values, context) => {
    const { config, functions, onEvent } = context;
    checkScriptFlags(values, ['lock-timeout']);
    if (values.sql) return await writeScript({ command: 'ensure_version' }, values, context);
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
