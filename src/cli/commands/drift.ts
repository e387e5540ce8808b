import { describeHalfDone } from '../../commands/run/half-done-report.ts';
import type { ConfigLocation } from '../../commands/invocation.ts';
import type { AdoptReport, DriftReport } from '../../commands/results.ts';
import { AludelError } from '../../support/aludel-error.ts';
import { defineCommand, given, type Answer, type CommandContext } from '../command.ts';
import { interruptible } from '../interruptible.ts';
import { changesText } from '../render/changes.ts';
import { warningsOf } from '../render/warnings.ts';
import { createdText } from '../render/created.ts';
import { printable } from '../render/printable.ts';
import { sameProject, sameSchemas } from '../same-project.ts';
import { renameFlags, schemaFlags } from '../schema-flags.ts';

/** The answer is no: exit code 5, as for every question. */
const answerIsNo = 5;

export const driftCommand = defineCommand({
  name: 'drift',
  summary: 'Compare the database with what its applied revisions make; exit with 5 when they differ',
  positionals: {},
  flags: {
    adopt: { kind: 'boolean', summary: 'Write a revision that does the same elsewhere' },
    stamp: { kind: 'boolean', summary: 'With --adopt: record the new revision as applied here' },
    message: { kind: 'text', alias: 'm', summary: 'What the new revision does; also names the file' },
    head: { kind: 'text', summary: 'Parent of the new revision (default: head)', completes: 'revision' },
    'version-path': { kind: 'text', summary: 'Which of several version locations the file goes to' },
    'rev-id': { kind: 'text', summary: 'Use this id instead of a new one' },
    'sql-file': { kind: 'boolean', summary: 'Write a SQL revision instead of a TypeScript one' },
    ...renameFlags,
    ...schemaFlags,
  },
  examples: [
    ['$0 drift', 'Did somebody change the schema by hand?'],
    ['$0 drift --adopt -m "index of the night" --stamp', 'Keep it: as a revision, which counts as applied here'],
  ],
  run: async (values, context) => {
    const { config, functions, onEvent, askRename } = context;
    if (!values.adopt) {
      refuseWithoutAdopt(values);
      return answerOf(await interruptible((signal) => functions.drift(config, { onEvent, signal })), context);
    }
    const report = await interruptible((signal) =>
      functions.adoptDrift(config, {
        onEvent,
        signal,
        stamp: values.stamp,
        sqlFile: values['sql-file'],
        askRename,
        renames: values.rename,
        ...given({
          message: values.message,
          head: values.head,
          versionPath: values['version-path'],
          revId: values['rev-id'],
        }),
      }),
    );
    return adoptedAnswer(report, context);
  },
});

function answerOf(report: DriftReport, { config }: CommandContext): Answer {
  const { changes, current, database, half_done, is_in_step } = report;
  const at = printable(current.length === 0 ? 'base' : current.join(', '));
  return {
    report,
    text: (palette) =>
      is_in_step
        ? `${printable(database)} is what its revisions make (${at}).`
        : `Done to ${printable(database)} beside its revisions (${at}):\n${changesText(changes, palette)}`,
    notes: [...(half_done === null ? [] : [describeHalfDone(half_done)]), ...waysOn(report, config)],
    exitCode: is_in_step ? 0 : answerIsNo,
  };
}

/** What to do about a difference; nothing where a run has to be finished first. */
function waysOn(report: DriftReport, config: ConfigLocation): readonly string[] {
  const { current, half_done, is_at_heads, is_in_step, is_only_unrecorded } = report;
  if (is_in_step || half_done !== null) return [];
  const flags = sameProject(config);
  const adopt = `aludel drift --adopt -m "…"${sameSchemas(config)}`;
  const undo = (source: string): string =>
    `For the SQL that undoes it: aludel diff database ${source}${sameSchemas(config)}`;
  if (is_at_heads) return [`To keep it: ${adopt}`, undo('revisions')];
  if (is_only_unrecorded) return [`It is what the pending revisions make. To record that: aludel stamp heads${flags}`];
  const keep = `To keep it: aludel upgrade heads${flags}, then ${adopt}`;
  // A source is one revision: there is none for several rows.
  return current.length > 1 ? [keep] : [keep, undo(`revision:${current[0] ?? 'base'}`)];
}

function adoptedAnswer(report: AdoptReport, { config }: CommandContext): Answer {
  const { changes, created, database, stamped } = report;
  if (created === null)
    return { report, text: () => `Nothing to adopt: ${printable(database)} is what its revisions make.` };
  const record = `aludel stamp ${created.revision}${sameProject(config)}`;
  return {
    report,
    text: (palette) => `${createdText(created, palette)}\n${changesText(changes, palette)}`,
    notes: [
      ...warningsOf(report, 'elsewhere '),
      stamped
        ? `It is recorded as applied to ${printable(database)}. Other databases get it by: aludel upgrade heads`
        : `${printable(database)} has this already: running it there would fail. Record it instead: ${record}`,
    ],
  };
}

function refuseWithoutAdopt(values: Readonly<Record<string, unknown>>): void {
  const flags = ['stamp', 'message', 'head', 'version-path', 'rev-id', 'sql-file', 'rename'];
  const used = flags.filter((flag) => {
    const value = values[flag];
    return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
  });
  if (used.length === 0) return;
  throw new AludelError(
    'usage.invalid',
    `--${used.join(', --')} ${used.length === 1 ? 'is' : 'are'} for the revision that --adopt writes.`,
    {
      hint: 'Add --adopt, or leave them out.',
    },
  );
}
