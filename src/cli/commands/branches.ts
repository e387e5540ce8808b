import { defineCommand } from '../command.ts';
import { branchText } from '../render/text.ts';

export const branchesCommand = defineCommand({
  name: 'branches',
  summary: 'Show the revisions that have several children',
  positionals: {},
  flags: {
    verbose: { kind: 'boolean', alias: 'v', summary: 'Show the whole block of each branch point' },
  },
  examples: [['$0 branches', 'Each branch point with its children']],
  run: async (values, { config, functions }) => {
    const report = await functions.branches(config);
    return {
      report,
      text: (palette) => report.branches.flatMap((branch) => branchText(branch, values.verbose, palette)).join('\n'),
    };
  },
});
