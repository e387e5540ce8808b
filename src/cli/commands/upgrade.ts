import { defineCommand } from '../command.ts';
import { runCommandFlags, runRevisions } from './run-revisions.ts';

export const upgradeCommand = defineCommand({
  name: 'upgrade',
  summary: 'Apply revisions up to a target',
  positionals: {
    target: {
      kind: 'required',
      summary: 'head, heads, a revision, label@head, or +N steps; with --sql also a range',
      completes: 'revision',
    },
  },
  flags: runCommandFlags,
  examples: [
    ['$0 upgrade head', 'Apply everything'],
    ['$0 upgrade +2', 'Apply the next two revisions'],
    ['$0 upgrade heads --plan', 'Show what would run on all branches'],
    ['$0 upgrade a1:head --sql', 'Write a script for a database that is at a1'],
  ],
  run: async (values, context) => runRevisions('upgrade', values, context),
});
