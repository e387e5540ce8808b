import { defineCommand, given } from '../command.ts';
import { interruptible } from '../interruptible.ts';
import { filterFlags, schemaFlags } from '../schema-flags.ts';

export const dumpCommand = defineCommand({
  name: 'dump',
  summary: 'Print the schema as SQL',
  positionals: {},
  flags: {
    revision: {
      kind: 'text',
      summary: 'The schema that the revisions make up to this target, from a scratch database',
      completes: 'revision',
    },
    ...filterFlags,
    ...schemaFlags,
  },
  examples: [
    ['$0 dump > schema.sql', 'The schema of the database'],
    ['$0 dump --revision head', 'The schema that the revisions make'],
  ],
  run: async (values, { config, functions, onEvent }) => {
    const { revision, include, exclude } = values;
    const report = await interruptible((signal) =>
      functions.dump(config, { onEvent, signal, include, exclude, ...given({ revision }) }),
    );
    return {
      report,
      text: () => report.sql.trimEnd(),
      notes: [
        ...report.snapshot.unread.map((what) => `warning: not in the dump: ${what}`),
        ...report.missing.map((what) => `warning: left out, and needed by what is not: ${what}`),
      ],
    };
  },
});
