import { defineCommand } from '../command.ts';
import { verboseBlock } from '../render/text.ts';

export const showCommand = defineCommand({
  name: 'show',
  summary: 'Show everything about revisions',
  positionals: {
    revisions: { kind: 'list', summary: 'Revisions, head, heads, or current', completes: 'revision' },
  },
  flags: {},
  examples: [['$0 show head', 'The newest revision']],
  run: async (values, { config, functions, onEvent }) => {
    const report = await functions.show(config, values.revisions, { onEvent });
    return {
      report,
      text: (palette) => report.revisions.flatMap((revision) => verboseBlock(revision, palette)).join('\n'),
    };
  },
});
