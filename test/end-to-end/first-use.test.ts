import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addFiles, projectOf, start, tableRevision } from './project.ts';

/** Says on stderr which of these packages the process begins to load. */
const watcher = `
import { register } from 'node:module';
register('data:text/javascript,' + encodeURIComponent(\`
export async function resolve(specifier, context, next) {
  if (['yaml', '@inquirer/select'].includes(specifier)) process._rawDebug('loads ' + specifier);
  return next(specifier, context);
}\`));
`;

test('the readers of models and of answers are loaded by what needs them and by nothing else', async () => {
  const directory = projectOf({ 'a1.ts': tableRevision('a1') });
  addFiles(directory, {
    'watch.mjs': watcher,
    'models/a.yaml': 'table: a1\nfields: { id: { type: integer, primary: true, auto_increment: false } }\n',
    'schema.sql': 'CREATE TABLE a1 (id INTEGER PRIMARY KEY NOT NULL);',
  });
  const loadedBy = async (...args: readonly string[]): Promise<readonly string[]> => {
    const env = { NODE_OPTIONS: `--import ${join(directory, 'watch.mjs')}` };
    const { stderr } = await start(directory, args, { env }).finished;
    return stderr.split('\n').filter((line) => line.startsWith('loads '));
  };

  expect(await loadedBy('--version')).toEqual([]);
  expect(await loadedBy('upgrade', 'head')).toEqual([]);
  expect(await loadedBy('diff', 'database', 'schema.sql')).toEqual([]);
  expect(await loadedBy('diff', 'database', 'models')).toEqual(['loads yaml']);
});
