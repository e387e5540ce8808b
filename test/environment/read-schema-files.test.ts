import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readSchemaFiles } from '../../src/environment/read-schema-files.ts';
import { projectDirectory } from './project-directory.ts';

it('files of a schema are read whatever the case of their endings', () => {
  const directory = projectDirectory({
    'sql/b.SQL': 'CREATE TABLE b (id INTEGER);',
    'sql/sub/a.sql': 'CREATE TABLE a (id INTEGER);',
    'sql/.hidden.SQL': '',
    'sql/notes.TXT': '',
    'models/user.YAML': 'table: users',
  });
  const read = (name: string) => readSchemaFiles(join(directory, name), directory);
  expect(read('sql').files.map(({ path }) => path)).toEqual(['sql/b.SQL', 'sql/sub/a.sql']);
  expect(read('models')).toMatchObject({ kind: 'models', files: [{ path: 'models/user.YAML' }] });
  expect(read('models/user.YAML').kind).toBe('models');
});
