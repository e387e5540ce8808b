import { defineCommand } from '../command.ts';
import { interruptible } from '../interruptible.ts';
import { warningsOf } from '../render/warnings.ts';
import { filterFlags, renameFlags, schemaFlags } from '../schema-flags.ts';

const sources = 'a database URL, SQL or models, "target", "database", "revisions" or "revision:ID"';

export const diffCommand = defineCommand({
  name: 'diff',
  summary: 'Print the SQL, or the operations, that make one schema into another',
  positionals: {
    from: { kind: 'required', summary: `The schema as it is: ${sources}` },
    to: { kind: 'required', summary: 'The schema as it is to be, the same way' },
  },
  flags: {
    operations: { kind: 'boolean', summary: 'Print calls of op instead of SQL' },
    ...renameFlags,
    ...filterFlags,
    ...schemaFlags,
  },
  examples: [
    ['$0 diff revisions database', 'What the database has that no revision made'],
    ['$0 diff database schema.sql', 'What is missing for the schema of a file'],
    ['$0 diff revision:a1 revisions --rename users.email:users.mail', 'A column that was renamed since'],
  ],
  run: async (values, { config, functions, onEvent, askRename }) => {
    const { from, to, include, exclude, operations, rename: renames } = values;
    const report = await interruptible((signal) =>
      functions.diff(config, from, to, { onEvent, signal, askRename, renames, include, exclude }),
    );
    return {
      report,
      text: () => (operations ? report.operations : report.sql).trimEnd(),
      notes: warningsOf(report),
    };
  },
});
