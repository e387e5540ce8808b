import { defineCommand, given } from '../command.ts';
import { createdText } from '../render/created.ts';

export const revisionCommand = defineCommand({
  name: 'revision',
  summary: 'Write a new revision file',
  positionals: {},
  flags: {
    message: { kind: 'text', alias: 'm', summary: 'What the revision does; also names the file' },
    head: {
      kind: 'text',
      summary: 'Parent of the new revision; base starts a new root (default: head)',
      completes: 'revision',
    },
    splice: { kind: 'boolean', summary: 'Allow a parent that is not a head' },
    'branch-label': { kind: 'text', summary: 'Name for the branch that starts here' },
    'version-path': { kind: 'text', summary: 'Which of several version locations the file goes to' },
    'rev-id': { kind: 'text', summary: 'Use this id instead of a new one' },
    'depends-on': {
      kind: 'list',
      summary: 'Revision that must be applied before; may be repeated',
      completes: 'revision',
    },
    'sql-file': { kind: 'boolean', summary: 'Write a SQL revision instead of a TypeScript one' },
    edit: { kind: 'boolean', summary: 'Open the new file in the editor' },
  },
  examples: [
    ['$0 revision -m "add phone number"', 'A child of the head'],
    ['$0 revision -m "billing" --head base --branch-label billing', 'The first revision of a new branch'],
  ],
  run: async (values, { config, functions }) => {
    const report = await functions.revision(config, {
      splice: values.splice,
      sqlFile: values['sql-file'],
      edit: values.edit,
      dependsOn: values['depends-on'],
      ...given({
        message: values.message,
        head: values.head,
        branchLabel: values['branch-label'],
        versionPath: values['version-path'],
        revId: values['rev-id'],
      }),
    });
    return { report, text: (palette) => createdText(report, palette) };
  },
});
