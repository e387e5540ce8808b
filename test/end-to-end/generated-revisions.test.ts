import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { liveProject } from '../commands/live-project.ts';
import { absentPrograms, load } from '../schema/native.ts';
import { describeOnEveryDialect } from '../servers.ts';
import { addFiles, aludel, succeed } from './project.ts';

/** What the test of a shop's schema reads back: nothing of it is lost on the way there and back but what is said to be. */
const kept: readonly string[] = [
  'SELECT email, age FROM users ORDER BY email',
  'SELECT user_id, state, total FROM orders ORDER BY user_id',
];

await describeOnEveryDialect('a schema file that changes, with rows there', (dialect) => {
  test.skipIf(absentPrograms({ dialect }) !== null)(
    'becomes revisions that can be read, go up and come back',
    { timeout: 180_000 },
    async () => {
      const [, older = '', rows = '', newer = ''] = readFileSync(
        new URL(`generated/${dialect}.sql`, import.meta.url),
        'utf8',
      ).split(/^-- (?:old|rows|new)$/m);
      const project = await liveProject(dialect, {});
      const values = async (): Promise<unknown> =>
        JSON.parse(JSON.stringify(await Promise.all(kept.map(async (sql) => numbered(await project.query(sql))))));
      addFiles(project.directory, {
        'migrate.config.mjs': `export default { database: ${JSON.stringify(project.url)}, target: 'schema.sql' };`,
        'schema.sql': older,
      });
      await succeed(project.directory, 'revision', '-m', 'shop', '--rev-id', 'a1', '--autogenerate');
      await succeed(project.directory, 'upgrade', 'head');
      await load({ dialect, url: project.url, drop: () => Promise.resolve() }, rows);
      const before = await values();

      addFiles(project.directory, { 'schema.sql': newer });
      expect(await aludel(project.directory, 'check')).toMatchObject({ code: 5 });
      const renames = ['users.name:users.full_name', 'tags:labels'].flatMap((rename) => ['--rename', rename]);
      await succeed(project.directory, 'revision', '-m', 'labels', '--rev-id', 'b2', '--autogenerate', ...renames);
      await succeed(project.directory, 'upgrade', 'head');
      expect(await values()).toEqual(before);
      await project.query("INSERT INTO labels (label) VALUES ('numbered after those that were there')");
      await succeed(project.directory, 'check');
      await succeed(project.directory, 'downgrade', '-1');
      expect(await values()).toEqual(before);
      await succeed(project.directory, 'upgrade', 'head');

      // What a revision of PostgreSQL takes out of an enum is looked for; on the others a script has nothing to ask.
      await succeed(project.directory, 'upgrade', 'base:b2', '--sql');
      if (dialect !== 'postgresql') await succeed(project.directory, 'downgrade', 'b2:base', '--sql');

      const versions = join(project.directory, 'versions');
      const files = readdirSync(versions).toSorted();
      const text = files.map((file) => readFileSync(join(versions, file), 'utf8')).join('\n');
      await expect(text).toMatchFileSnapshot(`generated/${dialect}.txt`);
    },
  );
});

/** A numeric comes as a text from one type and as a number from another. */
function numbered(rows: readonly Readonly<Record<string, unknown>>[]): readonly unknown[] {
  return rows.map(({ total, ...row }) => ({ ...row, total: Number(total ?? 0) }));
}
