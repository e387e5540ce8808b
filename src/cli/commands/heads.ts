import { defineCommand } from '../command.ts';
import { lineOf, shortLine, verboseBlock } from '../render/text.ts';

export const headsCommand = defineCommand({
  name: 'heads',
  summary: 'Show the revisions that have no child',
  positionals: {},
  flags: {
    verbose: { kind: 'boolean', alias: 'v', summary: 'Show the whole block of each revision' },
    'resolve-dependencies': { kind: 'boolean', summary: 'Leave out heads that another revision depends on' },
  },
  examples: [['$0 heads', 'More than one line means that branches wait for "aludel merge heads"']],
  run: async (values, { config, functions }) => {
    const report = await functions.heads(config, { resolveDependencies: values['resolve-dependencies'] });
    return {
      report,
      text: (palette) =>
        report.revisions
          .flatMap((revision) =>
            values.verbose ? verboseBlock(revision, palette) : [shortLine(revision, lineOf.heads, palette)],
          )
          .join('\n'),
    };
  },
});
