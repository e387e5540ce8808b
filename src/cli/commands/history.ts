import { describeGone } from '../../commands/describe-gone.ts';
import { defineCommand, given } from '../command.ts';
import { historyText } from '../render/history.ts';

export const historyCommand = defineCommand({
  name: 'history',
  summary: 'List revisions, newest first',
  positionals: {},
  flags: {
    'rev-range': {
      kind: 'text',
      alias: 'r',
      summary: 'Only from:to, both ends included; "current" may be an end',
      completes: 'revision',
    },
    verbose: { kind: 'boolean', alias: 'v', summary: 'Show the whole block of each revision' },
    'indicate-current': { kind: 'boolean', alias: 'i', summary: 'Mark the revisions that the database is at' },
    graph: { kind: 'boolean', summary: 'Draw branches and merges as lanes' },
  },
  examples: [
    ['$0 history --graph -i', 'The whole history as a picture'],
    ['$0 history -r -3:current', 'The last three revisions that are applied'],
  ],
  run: async (values, { config, functions, onEvent }) => {
    const report = await functions.history(config, {
      onEvent,
      indicateCurrent: values['indicate-current'],
      ...given({ range: values['rev-range'] }),
    });
    return {
      report,
      text: (palette) => historyText(report.revisions, values, palette),
      notes: report.gone.map((gone) => `No file has it: ${describeGone(gone)}`),
    };
  },
});
