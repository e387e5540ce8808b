import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { upgrade } from '../../src/commands/upgrade.ts';
import { dialectOf } from '../../src/dialects/registry.ts';
import { describeOn } from '../servers.ts';
import { liveProject, revisionSource } from './live-project.ts';

await describeOn('mysql', 'LOAD DATA LOCAL INFILE', (dialect) => {
  test('is refused with what to do instead', async () => {
    const project = await liveProject(dialect, {});
    const file = join(project.directory, 'rows.csv');
    writeFileSync(file, '1\n');
    const load = `await op.execute("LOAD DATA LOCAL INFILE '${file}' INTO TABLE item");`;
    project.write('a.mjs', revisionSource('a', null, "await op.execute('CREATE TABLE item (id INT)');"));
    project.write('b.mjs', revisionSource('b', 'a', load));
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({
      code: 'migration.failed',
      message: expect.stringContaining(`the server asks for the file ${file} of the client`) as unknown,
      hint: expect.stringContaining('op.bulkInsert') as unknown,
    });
    expect(await project.query('SELECT * FROM item')).toEqual([]);
  });

  test('is known where the server itself refuses it, and other commands are not taken for it', async () => {
    const mysql = await dialectOf(dialect);
    const kindOf = (code: string, sql: string): string =>
      mysql.explainError(Object.assign(new Error('no'), { code }), sql).kind;
    const sql = "load data low_priority local infile 'x' into table item";
    expect(kindOf('ER_NOT_ALLOWED_COMMAND', sql)).toBe('local-file');
    expect(kindOf('ER_CLIENT_LOCAL_FILES_DISABLED', sql)).toBe('local-file');
    expect(kindOf('ER_NOT_ALLOWED_COMMAND', 'SHUTDOWN')).toBe('other');
  });
});
