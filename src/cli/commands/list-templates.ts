import { defineCommand } from '../command.ts';
import { printable } from '../render/printable.ts';
import { drawTable } from '../render/table.ts';

export const listTemplatesCommand = defineCommand({
  name: 'list_templates',
  aliases: ['list-templates'],
  summary: 'List what "init" can start from',
  positionals: {},
  flags: {},
  examples: [['$0 list_templates', 'Names for "aludel init -t"']],
  run: async (_values, { functions }) => {
    const report = await functions.listTemplates();
    return {
      report,
      text: (palette) => {
        const rows = report.map(({ name, description }) => [
          { text: printable(name), paint: palette.strong },
          { text: printable(description) },
        ]);
        return drawTable(['template', 'description'], rows, palette.muted).join('\n');
      },
    };
  },
});
