import { describeGone } from '../../commands/describe-gone.ts';
import { describeHalfDone } from '../../commands/run/half-done-report.ts';
import { defineCommand } from '../command.ts';
import { statusText } from '../render/status.ts';

export const statusCommand = defineCommand({
  name: 'status',
  summary: 'Show which revisions are applied and what an upgrade would do',
  positionals: {},
  flags: {},
  examples: [['$0 status', 'Every revision with its state']],
  run: async (_values, { config, functions, onEvent }) => {
    const report = await functions.status(config, { onEvent });
    return {
      report,
      text: (palette) => statusText(report, palette),
      notes: [
        ...report.gone.map((gone) => `No file has it: ${describeGone(gone)}`),
        ...(report.half_done === null ? [] : [describeHalfDone(report.half_done)]),
      ],
    };
  },
});
