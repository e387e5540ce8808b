import { defineCommand, given } from '../command.ts';
import { lockTimeoutFlag, lockTimeoutMs } from '../lock-timeout.ts';
import { stampText } from '../render/run.ts';
import { checkScriptFlags, scriptFlags, writeScript } from '../script-flags.ts';

export const stampCommand = defineCommand({
  name: 'stamp',
  summary: 'Record revisions as applied without running them',
  positionals: {
    revisions: { kind: 'list', summary: 'Revisions, heads, or base', completes: 'revision' },
  },
  flags: {
    purge: { kind: 'boolean', summary: 'Delete every row of the version table first' },
    'lock-timeout': lockTimeoutFlag,
    ...scriptFlags,
  },
  examples: [
    ['$0 stamp head', 'Say that a database made by other means is up to date'],
    ['$0 stamp --purge heads', 'Replace rows that no file has'],
  ],
  run: async (values, context) => {
    const { config, functions, onEvent } = context;
    checkScriptFlags(values, ['purge', 'lock-timeout']);
    if (values.sql) return await writeScript({ command: 'stamp', targets: values.revisions }, values, context);
    const report = await functions.stamp(config, values.revisions, {
      onEvent,
      purge: values.purge,
      ...given({ lockTimeoutMs: lockTimeoutMs(values['lock-timeout']) }),
    });
    return { report, text: (palette) => stampText(report, palette) };
  },
});
