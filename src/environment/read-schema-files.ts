import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AludelError, messageOf } from '../support/aludel-error.ts';
import { byCodePoint } from '../support/text.ts';
import { readWhole } from './read-text.ts';
import { shownPath } from './shown-path.ts';

/** A file of a schema. */
export interface SchemaFile {
  /** As it is shown. */
  readonly path: string;
  readonly text: string;
}

/** Files that say what a schema is to be, in one of two languages. */
export interface SchemaFiles {
  readonly kind: 'sql' | 'models';
  /** In the order of their names. */
  readonly files: readonly SchemaFile[];
}

/**
 * A file, or all files of a schema in a directory and those below it: `.sql`, or `.yaml` and `.yml` for models, in capitals or
 * not: a table whose file was passed over would be dropped. A single file of another ending is SQL. Throws schema.unreadable
 * for what cannot be read, for a directory without any, and for one with both, where nobody could say which of them makes a
 * table.
 */
export function readSchemaFiles(path: string, workingDirectory: string): SchemaFiles {
  const shown = shownPath(path, workingDirectory);
  try {
    const isDirectory = statSync(path).isDirectory();
    const paths = isDirectory ? schemaFilesIn(path) : [path];
    const models = paths.filter(isModel);
    if (paths.length === 0) throw unreadable(shown, 'there is no file that ends in .sql, .yaml or .yml');
    const other = paths.find((file) => !isModel(file));
    if (models[0] !== undefined && other !== undefined) {
      const [one, two] = [models[0], other].map((file) => shownPath(file, workingDirectory));
      throw unreadable(shown, `it has models (${one}) and SQL (${two})`, 'Keep them in directories of their own.');
    }
    const files = paths.map((file) => {
      const reading = readWhole(file);
      const where = shownPath(file, workingDirectory);
      if (reading.kind === 'not-text') throw unreadable(where, reading.reason);
      return { path: where, text: reading.text };
    });
    return { kind: models.length > 0 ? 'models' : 'sql', files };
  } catch (error) {
    throw error instanceof AludelError ? error : unreadable(shown, messageOf(error));
  }
}

function isModel(path: string): boolean {
  return /\.ya?ml$/i.test(path);
}

function schemaFilesIn(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.sql$/i.test(name) || isModel(name))
    .filter((name) => !name.split(/[\\/]/).some((part) => part.startsWith('.')))
    .toSorted(byCodePoint)
    .map((name) => join(directory, name));
}

function unreadable(
  where: string,
  reason: string,
  hint = 'Give a SQL file or a model in YAML, or a directory of one kind of them.',
): AludelError {
  return new AludelError('schema.unreadable', `The schema cannot be read: ${reason}.`, { where, hint });
}
