import { defineCommand } from '../command.ts';
import { runCommandFlags, runRevisions } from './run-revisions.ts';

export const downgradeCommand = defineCommand({
  name: 'downgrade',
  summary: 'Revert revisions down to a target',
  positionals: {
    target: {
      kind: 'required',
      summary: 'A revision to keep, base, label@base, or -N steps; with --sql a range',
      completes: 'revision',
    },
  },
  flags: runCommandFlags,
  examples: [
    ['$0 downgrade -1', 'Revert the last revision'],
    ['$0 downgrade base --plan', 'Show what reverting everything would run'],
    ['$0 downgrade head:a1 --sql', 'Write a script for a database that is at the head'],
  ],
  run: async (values, context) => runRevisions('downgrade', values, context),
});
