import { defineCommand, given } from '../command.ts';
import { interruptible } from '../interruptible.ts';
import { outputFile } from '../output-flag.ts';
import { filterFlags, scratchFlags } from '../schema-flags.ts';
import { printable } from '../render/printable.ts';

export const typesCommand = defineCommand({
  name: 'types',
  summary: 'Print TypeScript types of the rows, for knex',
  positionals: {},
  flags: {
    revision: {
      kind: 'text',
      summary: 'The schema that the revisions make up to this target, from a scratch database',
      completes: 'revision',
    },
    output: { kind: 'text', summary: 'Write them into this file; - is stdout' },
    ...filterFlags,
    ...scratchFlags,
  },
  examples: [
    ['$0 types --output src/tables.d.ts', 'Types of the tables and views of the database'],
    ['$0 types --revision head', 'Of what the revisions make'],
  ],
  run: async (values, { config, functions, onEvent }) => {
    const { revision, include, exclude } = values;
    const output = outputFile(values.output);
    const report = await interruptible((signal) =>
      functions.types(config, { onEvent, signal, include, exclude, ...given({ revision, output }) }),
    );
    return {
      report,
      text: () => (report.path === null ? report.types.trimEnd() : `Wrote ${printable(report.path)}`),
      notes: report.left_out.map((what) => `warning: knex has no name for it, with a dot in it: ${what}`),
    };
  },
});
