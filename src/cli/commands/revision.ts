import { AludelError } from '../../support/aludel-error.ts';
import { defineCommand, given } from '../command.ts';
import { interruptible } from '../interruptible.ts';
import { filterFlags, renameFlags, schemaFlags } from '../schema-flags.ts';
import { changesText } from '../render/changes.ts';
import { warningsOf } from '../render/warnings.ts';
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
    autogenerate: { kind: 'boolean', summary: 'Write what makes the schema into the target, and back' },
    from: {
      kind: 'text',
      choices: ['database', 'revisions'],
      summary: 'What --autogenerate compares with the target: the database (the default), or what the revisions make',
    },
    edit: { kind: 'boolean', summary: 'Open the new file in the editor' },
    ...renameFlags,
    ...filterFlags,
    ...schemaFlags,
  },
  examples: [
    ['$0 revision -m "add phone number"', 'A child of the head'],
    ['$0 revision -m "billing" --head base --branch-label billing', 'The first revision of a new branch'],
  ],
  run: async (values, { config, functions, onEvent, askRename }) => {
    const options = {
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
    };
    if (!values.autogenerate) {
      const lists = [values.rename, values.include, values.exclude];
      const isCompared = values.from !== undefined || values.scratch !== undefined || values.grants;
      if (isCompared || lists.flat().length > 0) throw onlyGenerated();
      const report = await functions.revision(config, options);
      return { report, text: (palette) => createdText(report, palette) };
    }
    const report = await interruptible((signal) =>
      functions.autogenerate(config, {
        signal,
        ...options,
        onEvent,
        from: values.from ?? 'database',
        askRename,
        renames: values.rename,
        include: values.include,
        exclude: values.exclude,
      }),
    );
    const { created, changes } = report;
    return {
      report,
      text: (palette) =>
        created === null
          ? 'Nothing to do: the schema is what the target says.'
          : `${createdText(created, palette)}\n${changesText(changes, palette)}`,
      notes: warningsOf(report),
    };
  },
});

function onlyGenerated(): AludelError {
  return new AludelError(
    'usage.invalid',
    '--from, --rename, --include, --exclude, --grants and --scratch say how --autogenerate compares.',
    { hint: 'Add --autogenerate, or leave them out.' },
  );
}
