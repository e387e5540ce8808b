import { defineCommand } from '../command.ts';
import { interruptible } from '../interruptible.ts';
import { filterFlags, renameFlags, schemaFlags } from '../schema-flags.ts';
import { changesText } from '../render/changes.ts';
import { warningsOf } from '../render/warnings.ts';
import { sameComparison } from '../same-project.ts';

/** The answer is no: exit code 5, as for every question. */
const answerIsNo = 5;

export const checkCommand = defineCommand({
  name: 'check',
  summary: 'Compare the schema with the target; exit with 5 when a revision is missing',
  positionals: {},
  flags: {
    from: {
      kind: 'text',
      choices: ['database', 'revisions'],
      summary: 'Compare the database (the default), or what the revisions make on a scratch database',
    },
    ...renameFlags,
    ...filterFlags,
    ...schemaFlags,
  },
  examples: [
    ['$0 check', 'Is a revision missing?'],
    ['$0 check --from revisions', 'The same where there is no development database'],
  ],
  run: async (values, { config, functions, onEvent, askRename }) => {
    const { from = 'database', include, exclude, rename } = values;
    const report = await interruptible((signal) =>
      functions.check(config, { onEvent, signal, askRename, from, renames: rename, include, exclude }),
    );
    return {
      report,
      text: (palette) =>
        report.is_in_step ? 'The schema is what the target says.' : changesText(report.changes, palette),
      notes: report.is_in_step
        ? []
        : [
            // What is lost stands behind its change.
            ...warningsOf({ changes: [], cautions: report.cautions }),
            `For the SQL: aludel diff ${from} target${sameComparison(config, { rename, include, exclude })}`,
          ],
      exitCode: report.is_in_step ? 0 : answerIsNo,
    };
  },
});
