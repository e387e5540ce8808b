import { resolve } from 'node:path';
import { initProject } from '../environment/init-project.ts';
import type { InitReport } from './results.ts';

/** Lays out a project: a configuration and a directory for revisions. Files that exist are left alone. */
export async function init(
  directory: string,
  options: { readonly template?: string; readonly cwd?: string } = {},
): Promise<InitReport> {
  const cwd = options.cwd ?? process.cwd();
  return await initProject(resolve(cwd, directory), options.template ?? 'default', cwd);
}
