import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createDatabase, describeOnEveryDialect } from '../servers.ts';
import { directoryOf, fileExists, revision, start, succeed } from './project.ts';
import { aMinute, nameOfDatabase, opens, waiting } from './scratch-under-way.ts';

const commands: readonly (readonly string[])[] = [
  ['dump', '--revision', 'head'],
  ['types', '--revision', 'head'],
  ['diff', 'revisions', 'database'],
  ['drift'],
  ['drift', '--adopt', '-m', 'adopted'],
  ['check', '--from', 'revisions'],
  ['revision', '--autogenerate', '--from', 'revisions', '-m', 'generated'],
];

await describeOnEveryDialect('a signal while a scratch database is there', (dialect) => {
  for (const command of commands) {
    it(`ends ${command.join(' ')} and leaves no scratch database`, async () => {
      const database = await createDatabase(dialect);
      onTestFinished(() => database.drop());
      const directory = directoryOf({
        'package.json': '{ "name": "app", "type": "module" }',
        'migrate.config.json': JSON.stringify({ database: database.url, target: 'target.sql' }),
        'target.sql': 'CREATE TABLE wanted (id INTEGER PRIMARY KEY);',
        'versions/a1.ts': revision('a1', { upgrade: waiting(dialect) }),
      });
      await succeed(directory, 'stamp', 'a1');

      await expectInterrupted(directory, command, database.url);
      expect(readdirSync(join(directory, 'versions'))).toEqual(['a1.ts']);
    });
  }

  it('ends a check whose target is being built', async () => {
    const database = await createDatabase(dialect);
    onTestFinished(() => database.drop());
    const directory = directoryOf({
      'package.json': '{ "name": "app", "type": "module" }',
      'migrate.config.js': `import { writeFileSync } from 'node:fs';
        export default {
          database: ${JSON.stringify(database.url)},
          target: async (knex) => {
            const result = await knex.raw(${JSON.stringify(nameOfDatabase[dialect])});
            const [first] = result.rows ?? result;
            writeFileSync('reached', (first[0] ?? first).name);
            await knex.raw(${JSON.stringify(aMinute[dialect])});
          },
        };`,
      'versions/.gitkeep': '',
    });
    await expectInterrupted(directory, ['check'], database.url);
  });

  async function expectInterrupted(directory: string, command: readonly string[], url: string): Promise<void> {
    const { child, finished } = start(directory, command);
    await fileExists(join(directory, 'reached'));
    child.kill('SIGTERM');
    const run = await finished;

    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toContain(
      'migration.interrupted: The command was interrupted by SIGTERM.\n  Its scratch databases are removed; nothing else was touched.',
    );
    const name = readFileSync(join(directory, 'reached'), 'utf8');
    expect(name).toContain('scratch');
    await expect(opens(dialect, url, name)).resolves.toBe(false);
  }
});
