import { defineCommand, given } from '../command.ts';
import { createdText } from '../render/created.ts';

export const mergeCommand = defineCommand({
  name: 'merge',
  summary: 'Write a revision that joins several heads',
  positionals: {
    revisions: { kind: 'list', summary: 'Revisions to join, or heads', completes: 'revision' },
  },
  flags: {
    message: { kind: 'text', alias: 'm', summary: 'What the revision does; also names the file' },
    'branch-label': { kind: 'text', summary: 'Name for the branch that starts here' },
    'rev-id': { kind: 'text', summary: 'Use this id instead of a new one' },
    splice: { kind: 'boolean', summary: 'Allow parents that are not heads' },
  },
  examples: [['$0 merge heads -m "merge billing and main"', 'Join all heads']],
  run: async (values, { config, functions }) => {
    const report = await functions.merge(config, values.revisions, {
      splice: values.splice,
      ...given({ message: values.message, branchLabel: values['branch-label'], revId: values['rev-id'] }),
    });
    return { report, text: (palette) => createdText(report, palette) };
  },
});
