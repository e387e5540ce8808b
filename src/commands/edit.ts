import { resolve } from 'node:path';
import { openEditor } from '../environment/open-editor.ts';
import { AludelError } from '../support/aludel-error.ts';
import { listed } from '../support/text.ts';
import { requireArguments, texts } from './call-rules.ts';
import { configSource } from './invocation.ts';
import { openProject, type ConfigSource } from './open-project.ts';
import { showIn } from './show.ts';

const signature = { config: configSource, targets: texts };

/** Opens the files of the targets in the user's editor, one after another. */
export async function edit(
  config: ConfigSource,
  targets: readonly string[],
): Promise<{ readonly paths: readonly string[] }> {
  requireArguments('edit', signature, [config, targets]);
  const project = await openProject(config);
  const { revisions } = await showIn(project, targets);
  if (revisions.length === 0) {
    throw new AludelError('target.unknown', `${listed(targets)} stands for no revision file.`, {
      hint: 'Name a revision, "head", or "current" when the database is at one.',
    });
  }
  const paths = revisions.map(({ path }) => path);
  const { workingDirectory } = project.configuration;
  for (const path of paths) await openEditor(resolve(workingDirectory, path), workingDirectory, process.env);
  return { paths };
}
