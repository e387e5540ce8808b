import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../support/aludel-error.ts';

/** What a template may use: text that is ready to stand in the file, so nothing is escaped once more. */
export type TemplateData = Readonly<Record<string, unknown>>;

/**
 * Fills in an EJS template. `<%= x %>` and `<%- x %>` mean the same here: the files are not HTML.
 *
 * Throws an Error whose message begins with the template's file and line when the template fails.
 */
export async function renderTemplate(file: string, data: TemplateData): Promise<string> {
  const { default: ejs } = await import('ejs');
  try {
    return ejs.render(readFileSync(file, 'utf8'), { ...data }, { filename: file, escape: String });
  } catch (error) {
    throw new Error(messageOf(error).trim(), { cause: error });
  }
}

/** The first of the directories that has the file; null when none does. */
export function findTemplate(name: string, directories: readonly string[]): string | null {
  return directories.map((directory) => join(directory, name)).find((file) => existsSync(file)) ?? null;
}
