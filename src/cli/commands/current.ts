import { describeGone } from '../../commands/describe-gone.ts';
import { describeHalfDone } from '../../commands/run/half-done-report.ts';
import { errorCatalog } from '../../support/error-catalog.ts';
import { listedBriefly } from '../../support/text.ts';
import { defineCommand } from '../command.ts';
import { currentText } from '../render/current.ts';

export const currentCommand = defineCommand({
  name: 'current',
  summary: 'Show the revisions that the database is at',
  positionals: {},
  flags: {
    verbose: { kind: 'boolean', alias: 'v', summary: 'Show the whole block of each revision, and the database' },
    'check-heads': { kind: 'boolean', alias: 'c', summary: 'Exit with 5 unless the database is at every head' },
  },
  examples: [['$0 current --check-heads', 'Fail a deployment whose database is behind']],
  run: async (values, { config, functions, onEvent }) => {
    const report = await functions.current(config, { onEvent });
    const isNo = values['check-heads'] && !report.is_at_heads;
    const isLost = report.unknown.length > 0;
    return {
      report,
      text: (palette) => currentText(report, values.verbose, palette),
      notes: [
        ...(isLost
          ? [
              `No file has ${listedBriefly(report.unknown)}: restore it, or set the table with aludel stamp --purge`,
              ...report.gone.map((gone) => describeGone(gone)),
            ]
          : []),
        ...(report.revisions.length === 0 && !isLost ? ['No revision is applied: the database is at base.'] : []),
        ...(report.half_done === null ? [] : [describeHalfDone(report.half_done)]),
        ...(isNo && !isLost ? ['The database is not at every head: aludel upgrade heads'] : []),
      ],
      // Upgrading helps against a "no"; against a lost file it does not, so scripts must be able to tell them apart.
      exitCode: isLost
        ? errorCatalog['database.unknown-revision'].exitCode
        : isNo
          ? errorCatalog['database.not-at-head'].exitCode
          : 0,
    };
  },
});
