import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { autogenerate } from '../../src/commands/schema/autogenerate.ts';
import { check } from '../../src/commands/schema/check.ts';
import { diff } from '../../src/commands/schema/diff.ts';
import { adoptDrift, drift } from '../../src/commands/schema/drift.ts';
import { dump } from '../../src/commands/schema/dump.ts';
import { configAt, type RunEvent } from '../../src/commands/invocation.ts';
import { types } from '../../src/commands/schema/types.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import { liveProject, openedConnection, type LiveProject } from '../commands/live-project.ts';
import { describeOn, describeOnEveryDialect } from '../servers.ts';

/** What somebody else keeps in the same database: a table with an index, a view on it, and one on ours. */
const theirs = [
  'CREATE TABLE legacy_orders (id INTEGER PRIMARY KEY, total INTEGER)',
  'CREATE INDEX legacy_totals ON legacy_orders (total)',
  'CREATE VIEW order_report AS SELECT id, total FROM legacy_orders',
  'CREATE VIEW legacy_users AS SELECT id FROM users',
];
const ours = 'CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(20));';
const without = { exclude: ['legacy_*'] };

await describeOnEveryDialect('what is excluded', (dialect) => {
  test('is neither dropped nor altered, nor is what depends on it', async () => {
    const project = await projectWith(ours);
    await run(project, theirs);

    const whole = await check(project.config);
    const filtered = await check(project.config, without);

    expect(whole.changes.filter(({ kind }) => kind === 'drop')).not.toEqual([]);
    expect(objectsOf(filtered)).toEqual([]);
  });

  test('does not keep a revision from being written, which leaves it as it was', { timeout: 60_000 }, async () => {
    const project = await projectWith(ours);
    await run(project, theirs);
    write(
      project,
      'CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(20)); CREATE INDEX by_name ON users (name);',
    );
    const before = await dump(project.config, { include: ['legacy_*', 'order_report'] });

    const { changes } = await autogenerate(project.config, { message: 'index', ...without });
    await upgrade(project.config, 'head');
    const after = await dump(project.config, { include: ['legacy_*', 'order_report'] });

    expect(changes).toHaveLength(1);
    expect(after.fingerprint).toBe(before.fingerprint);
    expect(objectsOf(await check(project.config, without))).toEqual([]);
  });

  test('is not created either, nor what stands on it alone', async () => {
    const project = await projectWith(ours);
    write(project, `${ours} ${theirs.join('; ')};`);
    const { events, onEvent } = listener();

    const report = await check(project.config, { ...without, onEvent });

    expect(objectsOf(report)).toEqual([]);
    expect(events.join('\n')).toMatch(/view \S*order_report is left out too: it stands on the table \S*legacy_orders/);
  });

  test('keeps what it stands on, with a word of it', async () => {
    const project = await projectWith(ours);
    await run(project, theirs);
    write(project, 'CREATE TABLE other (id INTEGER PRIMARY KEY);');
    const { events, onEvent } = listener();

    const report = await check(project.config, { ...without, onEvent });

    expect(report.changes.map(({ kind }) => kind)).toEqual(['create']);
    expect(events.join('\n')).toMatch(
      /The table \S*users stays: view \S*legacy_users, which is left out, stands on it/,
    );
  });

  test('may be said in the configuration, for every comparison', async () => {
    const project = await projectWith(ours);
    await run(project, theirs);
    writeConfig(project, { target: 'schema.sql', exclude: ['legacy_*'] });

    expect(objectsOf(await check(project.config))).toEqual([]);
    expect(objectsOf(await drift(project.config))).toEqual([]);
    expect(objectsOf(await diff(project.config, 'database', 'schema.sql'))).toEqual([]);
    expect((await dump(project.config)).sql).toContain('legacy_orders');
  });

  test('is not in a dump or among the types', async () => {
    const project = await projectWith(ours);
    await run(project, theirs);

    const dumped = await dump(project.config, { exclude: ['table:legacy_*'] });
    const { types: text } = await types(project.config, { include: ['table:users'] });

    expect(dumped.sql).not.toMatch(/CREATE TABLE \S*legacy_orders|legacy_totals/);
    expect(dumped.sql).toContain('users');
    expect(dumped.missing).toEqual([expect.stringContaining('legacy_orders')]);
    expect(text).toContain('interface UsersRow');
    expect(text).not.toMatch(/Legacy|OrderReport/);
  });

  test('warns when it meets nothing', async () => {
    const project = await projectWith(ours);
    const { events, onEvent } = listener();
    await check(project.config, { include: ['users', 'nobody'], onEvent });

    expect(events).toEqual(['nothing is called nobody, which is to be included or excluded']);
  });

  test('is refused before the database is opened when it means nothing', async () => {
    const project = await projectWith(ours);
    const config = configAt({ cwd: project.directory, url: 'postgresql://127.0.0.1:1/none' });
    const slip = { exclude: ['tabel:x'] };

    for (const run of [check, autogenerate, adoptDrift, dump, types]) {
      await expect(run(config, slip)).rejects.toMatchObject({
        code: 'usage.invalid',
        message: expect.stringContaining('did you mean table?') as string,
      });
    }
    await expect(diff(config, 'database', 'revisions', slip)).rejects.toMatchObject({ code: 'usage.invalid' });
  });

  async function projectWith(schema: string): Promise<LiveProject> {
    const project = await liveProject(dialect, {});
    writeConfig(project, { target: 'schema.sql' });
    write(project, schema);
    await autogenerate(project.config, { message: 'ours' });
    await upgrade(project.config, 'head');
    return project;
  }
});

await describeOn('postgresql', 'a filter', (dialect) => {
  test('of a whole schema leaves the schema itself there, and references to it as they are', async () => {
    const project = await liveProject(dialect, {});
    writeConfig(project, { target: 'schema.sql', exclude: ['*:auth.*'] });
    await run(project, [
      'CREATE SCHEMA auth',
      'CREATE TABLE auth.users (id serial PRIMARY KEY)',
      'CREATE TABLE orders (id integer PRIMARY KEY, by integer CONSTRAINT orders_by REFERENCES auth.users)',
    ]);
    write(project, 'CREATE TABLE orders (id integer PRIMARY KEY, by integer, at date);');

    const report = await check(project.config);

    expect(report.changes.map(({ kind, object }) => `${kind} ${object}`)).toEqual(['alter table public.orders']);
  });

  test('is not got round: what would have to be made anew is refused', async () => {
    const project = await liveProject(dialect, {});
    writeConfig(project, { target: 'schema.sql', exclude: ['view:*'] });
    await run(project, ['CREATE TABLE a (id integer PRIMARY KEY, n integer)', 'CREATE VIEW v AS SELECT n FROM a']);
    write(project, 'CREATE TABLE a (id integer PRIMARY KEY, n bigint);');

    await expect(check(project.config)).rejects.toThrow(
      /view public\.v is left out of the comparison, and would have to be/,
    );
  });
});

function objectsOf({
  changes,
}: {
  readonly changes: readonly { readonly kind: string; readonly object: string }[];
}): readonly string[] {
  return changes.map(({ kind, object }) => `${kind} ${object}`);
}

function listener(): { readonly events: string[]; readonly onEvent: (event: RunEvent) => void } {
  const events: string[] = [];
  return { events, onEvent: (event) => void (event.kind === 'warning' && events.push(event.text)) };
}

async function run({ url }: LiveProject, statements: readonly string[]): Promise<void> {
  const connection = await openedConnection(url);
  try {
    for (const sql of statements) await connection.script(sql);
  } finally {
    await connection.close();
  }
}

function write({ directory }: LiveProject, sql: string): void {
  writeFileSync(join(directory, 'schema.sql'), sql);
}

function writeConfig({ directory }: LiveProject, config: object): void {
  writeFileSync(join(directory, 'migrate.config.json'), JSON.stringify(config));
}
