import { defineCommand, given } from '../command.ts';
import { printable } from '../render/printable.ts';

export const initCommand = defineCommand({
  name: 'init',
  summary: 'Set up a directory for migrations',
  positionals: {
    directory: { kind: 'optional', summary: 'Where to put the configuration (default: the working directory)' },
  },
  flags: {
    template: { kind: 'text', alias: 't', summary: 'What to start from; see list_templates' },
  },
  examples: [['$0 init', 'Write migrate.config.ts and versions/ here']],
  run: async (values, { functions }) => {
    const report = await functions.init(values.directory ?? '.', given({ template: values.template }));
    return {
      report,
      text: (palette) =>
        [
          ...report.created.map((path) => `Created ${palette.strong(printable(path))}`),
          ...report.kept.map((path) => palette.muted(`Kept    ${printable(path)}, which was there`)),
        ].join('\n'),
      notes: [
        ...report.advice,
        'Next: put your database into the configuration, then aludel revision -m "first revision"',
      ],
    };
  },
});
