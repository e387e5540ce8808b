import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { check } from '../../src/commands/schema/check.ts';
import { diff } from '../../src/commands/schema/diff.ts';
import type { AludelConfig } from '../../src/environment/config/config.ts';
import { liveProject } from '../commands/live-project.ts';
import { describeOn, describeOnEveryDialect } from '../servers.ts';

await describeOnEveryDialect('a target that holds nothing', (dialect) => {
  const targets: Readonly<Record<string, AludelConfig['target']>> = {
    'a function that builds nothing': () => undefined,
    'a file of comments': 'empty.sql',
  };
  it.each(Object.entries(targets))('is refused: %s', async (_, target) => {
    const { url, directory } = await liveProject(dialect, {});
    writeFileSync(join(directory, 'empty.sql'), '-- nothing yet\n');
    const config = {
      database: url,
      versionLocations: [join(directory, 'versions')],
      target: typeof target === 'string' ? join(directory, target) : target,
    };

    await expect(check(config)).rejects.toThrow('The target holds nothing');
  });
});

await describeOn('sqlite', 'the script of a difference', () => {
  it('keeps every row when a guard of a rebuild stops it', async () => {
    const project = await liveProject('sqlite', {});
    for (const sql of [
      'CREATE TABLE u (id INTEGER PRIMARY KEY, a TEXT, k INTEGER)',
      "INSERT INTO u VALUES (1, NULL, 0), (2, 'x', 1)",
    ]) {
      await project.query(sql);
    }
    const wanted = join(project.directory, 'wanted.sql');
    writeFileSync(wanted, 'CREATE TABLE u (id INTEGER PRIMARY KEY, a TEXT NOT NULL, k INTEGER CHECK (k > 0));');

    const { sql } = await diff(project.config, 'database', wanted);
    const shell = spawnSync('sqlite3', [project.url.replace('sqlite:', '')], { input: sql, encoding: 'utf8' });

    expect(shell.status).not.toBe(0);
    expect(await project.query('SELECT id FROM u ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }]);
  });
});
