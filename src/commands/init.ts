import { resolve } from 'node:path';
import { initProject } from '../environment/init-project.ts';
import { options, text } from '../operations/argument-rules.ts';
import type { OptionsOf } from '../operations/check-arguments.ts';
import { requireArguments } from './call-rules.ts';
import type { InitReport } from './results.ts';

const signature = { directory: text, options: options<OptionsOf<typeof init>>({ template: text, cwd: text }) };

/** Lays out a project: a configuration and a directory for revisions. Files that exist are left alone. */
export async function init(
  directory: string,
  options: { readonly template?: string; readonly cwd?: string } = {},
): Promise<InitReport> {
  requireArguments('init', signature, [directory, options]);
  const cwd = options.cwd ?? process.cwd();
  return await initProject(resolve(cwd, directory), options.template ?? 'default', cwd);
}
