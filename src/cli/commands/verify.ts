import { describeHalfDone } from '../../commands/run/half-done-report.ts';
import { defineCommand } from '../command.ts';
import { verifyText } from '../render/verify.ts';

/** The answer is no: exit code 5, as for every question. */
const answerIsNo = 5;

export const verifyCommand = defineCommand({
  name: 'verify',
  summary: 'Compare the applied revisions with their files; exit with 5 when one was edited or is missing',
  positionals: {},
  flags: {},
  examples: [['$0 verify', 'Find revisions that were edited after they were applied']],
  run: async (_values, { config, functions, onEvent }) => {
    const report = await functions.verify(config, { onEvent });
    return {
      report,
      text: (palette) => verifyText(report, palette),
      notes: report.half_done === null ? [] : [describeHalfDone(report.half_done)],
      exitCode: report.is_intact ? 0 : answerIsNo,
    };
  },
});
