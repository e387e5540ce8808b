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
  run: async (values, { config, functions }) => {
    const report = await functions.current(config);
    const isNo = values['check-heads'] && !report.is_at_heads;
    const isLost = report.unknown.length > 0;
    return {
      report,
      text: (palette) => currentText(report, values.verbose, palette),
      notes: [
        ...(isLost
          ? [`No file has ${listedBriefly(report.unknown)}: restore it, or set the table with aludel stamp --purge`]
          : []),
        ...(isNo && !isLost ? ['The database is not at every head: aludel upgrade heads'] : []),
      ],
      exitCode: isNo
        ? errorCatalog['database.not-at-head'].exitCode
        : isLost
          ? errorCatalog['database.unknown-revision'].exitCode
          : 0,
    };
  },
});
