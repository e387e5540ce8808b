import { defineCommand } from '../command.ts';

export const editCommand = defineCommand({
  name: 'edit',
  summary: 'Open revision files in the editor',
  positionals: {
    revisions: { kind: 'list', summary: 'Revisions, head, heads, or current', completes: 'revision' },
  },
  flags: {},
  examples: [['$0 edit head', 'Change the newest revision in $VISUAL or $EDITOR']],
  run: async (values, { config, functions }) => {
    const report = await functions.edit(config, values.revisions);
    return { report, text: () => '' };
  },
});
