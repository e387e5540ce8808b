import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { autogenerate } from '../../src/commands/schema/autogenerate.ts';
import { check } from '../../src/commands/schema/check.ts';
import { adoptDrift, drift } from '../../src/commands/schema/drift.ts';
import { downgrade } from '../../src/commands/downgrade.ts';
import { dump } from '../../src/commands/schema/dump.ts';
import { configAt } from '../../src/commands/invocation.ts';
import { stamp } from '../../src/commands/stamp.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import { liveProject, revisionSource, type LiveProject } from '../commands/live-project.ts';
import { createDatabase, describeOn, describeOnEveryDialect } from '../servers.ts';

const users = 'CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL)';

/** What a revision with this statement looks like. */
function running(id: string, down: string | null, sql: string, undo: string): string {
  return revisionSource(
    id,
    down,
    `await op.execute(${JSON.stringify(sql)});`,
    `await op.execute(${JSON.stringify(undo)});`,
  );
}

const revisions = {
  'a1.ts': running('a1', null, users, 'DROP TABLE users'),
  'b1.ts': running('b1', 'a1', 'CREATE TABLE posts (id INTEGER PRIMARY KEY)', 'DROP TABLE posts'),
};

await describeOnEveryDialect('drift', (dialect) => {
  test('is nothing where the database is what its applied revisions make, whatever is pending', async () => {
    const { config } = await liveProject(dialect, revisions);
    expect(await drift(config)).toMatchObject({ current: [], changes: [], is_in_step: true, is_at_heads: false });

    await upgrade(config, 'a1');
    expect(await drift(config)).toMatchObject({ current: ['a1'], changes: [], is_in_step: true, is_at_heads: false });

    await upgrade(config, 'head');
    expect(await drift(config)).toMatchObject({ current: ['b1'], changes: [], is_in_step: true, is_at_heads: true });
  });

  test('names what was made, changed and dropped beside the revisions', async () => {
    const { config, query } = await liveProject(dialect, revisions);
    await upgrade(config, 'head');
    await query('DROP TABLE posts');
    await query('CREATE INDEX at_night ON users (name)');
    await query('CREATE TABLE notes (id INTEGER PRIMARY KEY)');

    const report = await drift(config);

    expect(report).toMatchObject({ is_in_step: false, is_at_heads: true, is_only_unrecorded: false });
    const found = report.changes.map(({ kind, object }) => `${kind} ${object.replace('public.', '')}`);
    expect(found.toSorted()).toEqual(
      [
        ...(dialect === 'mysql' ? ['alter table users'] : []),
        ...(dialect === 'mysql' ? [] : ['create index at_night']),
        'create table notes',
        'drop table posts',
      ].toSorted(),
    );
  });

  test('tells a database whose version table alone is behind', async () => {
    const { config } = await liveProject(dialect, revisions);
    await upgrade(config, 'head');
    await stamp(config, ['a1']);

    expect(await drift(config)).toMatchObject({ is_in_step: false, is_at_heads: false, is_only_unrecorded: true });
    await expect(adoptDrift(config)).rejects.toMatchObject({
      code: 'database.not-at-head',
      hint: expect.stringContaining('aludel stamp heads') as string,
    });
  });

  test('tells it also where a table that is left out of comparisons stands beside', async () => {
    const { config, directory, query } = await liveProject(dialect, revisions);
    writeFileSync(join(directory, 'migrate.config.json'), '{ "exclude": ["table:legacy_*"] }');
    await upgrade(config, 'head');
    await stamp(config, ['a1']);
    await query('CREATE TABLE legacy_orders (id INTEGER PRIMARY KEY)');

    expect(await drift(config)).toMatchObject({ is_in_step: false, is_only_unrecorded: true });
    await expect(adoptDrift(config)).rejects.toMatchObject({ facts: { is_only_unrecorded: true } });
    await expect(adoptDrift(config, { exclude: ['table:none'] })).rejects.toMatchObject({
      facts: { is_only_unrecorded: false },
    });
  });

  test('still tells the difference where a pending revision does not run', async () => {
    const { config, query, write } = await liveProject(dialect, revisions);
    await upgrade(config, 'head');
    await query('CREATE TABLE notes (id INTEGER PRIMARY KEY)');
    write('c1.ts', revisionSource('c1', 'b1', "throw new Error('not yet');"));

    expect(await drift(config)).toMatchObject({ is_in_step: false, is_only_unrecorded: false });
  });

  test('says of an applied revision that does not run any more that it was only replayed', async () => {
    const { config, write } = await liveProject(dialect, revisions);
    await upgrade(config, 'head');
    write(
      'b1.ts',
      revisionSource('b1', 'a1', "await op.execute('CREATE TABLE half (id INTEGER)'); throw new Error('no');"),
    );

    await expect(drift(config)).rejects.toMatchObject({
      code: 'migration.failed',
      message: 'Revision b1 (revision b1) failed in its upgrade: no.',
      where: 'versions/b1.ts:8',
      hint: expect.stringContaining('yours was not touched') as string,
    });
  });

  test('replays revisions on several branches', async () => {
    const { config, write } = await liveProject(dialect, revisions);
    write('c1.ts', running('c1', 'a1', 'CREATE TABLE tags (id INTEGER PRIMARY KEY)', 'DROP TABLE tags'));
    await upgrade(config, 'heads');

    expect(await drift(config)).toMatchObject({ current: ['b1', 'c1'], is_in_step: true, is_at_heads: true });
  });

  test('cannot be told for a revision that no file has', async () => {
    const { config, directory, query } = await liveProject(dialect, revisions);
    await upgrade(config, 'head');
    await query("UPDATE aludel_version SET version_num = 'gone'");

    await expect(drift(config)).rejects.toMatchObject({ code: 'database.unknown-revision' });
    expect(readdirSync(join(directory, 'versions')).toSorted()).toEqual(['a1.ts', 'b1.ts']);
  });

  for (const sqlFile of [false, true]) {
    test(`that is adopted as ${sqlFile ? 'SQL' : 'TypeScript'} is made elsewhere, and counts as applied here`, async () => {
      const { config, directory, query } = await drifted();
      const here = await dump(config);

      const report = await adoptDrift(config, { message: 'that night', revId: 'c1', sqlFile });
      expect(report).toMatchObject({ created: { revision: 'c1', down_revision: ['b1'] }, stamped: false });
      await stamp(config, ['c1']);
      expect(await drift(config)).toMatchObject({ current: ['c1'], is_in_step: true, is_at_heads: true });

      const elsewhere = configAt({ cwd: directory, url: await freshUrl() });
      await upgrade(elsewhere, 'heads');
      expect((await dump(elsewhere)).fingerprint).toBe(here.fingerprint);
      await downgrade(elsewhere, '-1');
      expect(await drift(elsewhere)).toMatchObject({ current: ['b1'], is_in_step: true });
      expect(await query('SELECT name FROM users')).toEqual([{ name: 'ada' }]);
    });
  }

  test('is stamped at once when that is asked for', async () => {
    const { config } = await drifted();

    expect(await adoptDrift(config, { revId: 'c1', stamp: true })).toMatchObject({ stamped: true });
    expect(await drift(config)).toMatchObject({ current: ['c1'], is_in_step: true, is_at_heads: true });
    expect(await adoptDrift(config, { stamp: true })).toMatchObject({ created: null, changes: [], stamped: false });
  });

  test('that is a new name keeps what is in the column elsewhere', async () => {
    const { config, directory, query } = await liveProject(dialect, revisions);
    await upgrade(config, 'head');
    await query('ALTER TABLE users RENAME COLUMN name TO full_name');

    const { changes } = await adoptDrift(config, { revId: 'c1', renames: ['users.name:users.full_name'] });

    expect(changes).toMatchObject([{ kind: 'rename', loses: [] }]);
    expect(readFileSync(revisionFile(directory, 'c1'), 'utf8')).not.toContain('DROP COLUMN');
  });

  test('of a database without revisions is adopted as the first one', async () => {
    const { config, query } = await liveProject(dialect, {});
    await query(users);

    const { created } = await adoptDrift(config, { revId: 'a1', message: 'as it is', stamp: true });

    expect(created).toMatchObject({ down_revision: [] });
    expect(await drift(config)).toMatchObject({ current: ['a1'], is_in_step: true });
  });

  async function drifted(): Promise<LiveProject> {
    const project = await liveProject(dialect, revisions);
    await upgrade(project.config, 'head');
    await project.query("INSERT INTO users VALUES (1, 'ada')");
    await project.query('CREATE INDEX at_night ON users (name)');
    await project.query('CREATE VIEW names AS SELECT name FROM users');
    return project;
  }

  async function freshUrl(): Promise<string> {
    const database = await createDatabase(dialect);
    onTestFinished(() => database.drop());
    return database.url;
  }
});

await describeOn('mysql', 'drift beside a revision that is half done', (dialect) => {
  test('is told with that revision; it is not adopted, nor is the database compared with a target', async () => {
    const { config, directory } = await liveProject(dialect, {
      'a1.ts': revisionSource(
        'a1',
        null,
        `await op.execute(${JSON.stringify(users)});`,
        "await op.execute('DROP TABLE users'); throw new Error('half-way');",
      ),
    });
    await upgrade(config, 'head');
    await expect(downgrade(config, 'base')).rejects.toMatchObject({ code: 'migration.partial' });

    expect(await drift(config)).toMatchObject({ is_in_step: false, half_done: { revision: 'a1' } });
    await expect(adoptDrift(config)).rejects.toMatchObject({ code: 'migration.half-done' });
    writeFileSync(join(directory, 'migrate.config.json'), JSON.stringify({ target: 'versions' }));
    for (const compare of [check, autogenerate]) {
      await expect(compare(config)).rejects.toMatchObject({ code: 'migration.half-done' });
    }
  });
});

function revisionFile(directory: string, id: string): string {
  const versions = join(directory, 'versions');
  return join(versions, readdirSync(versions).find((name) => name.startsWith(id)) ?? '');
}
