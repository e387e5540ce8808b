import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configAt } from '../../src/commands/invocation.ts';
import { autogenerate } from '../../src/commands/schema/autogenerate.ts';
import { check } from '../../src/commands/schema/check.ts';
import { diff } from '../../src/commands/schema/diff.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import { AludelError } from '../../src/support/aludel-error.ts';
import { liveProject, revisionSource, type LiveProject } from '../commands/live-project.ts';
import { describeOn, describeOnEveryDialect } from '../servers.ts';

const users = `-- revision: a1
-- down_revision:
-- message: create users
-- migrate:up
CREATE TABLE users (id INTEGER PRIMARY KEY, email VARCHAR(50));
`;
const posts = `-- revision: b2
-- down_revision: a1
-- message: create posts
-- migrate:up
CREATE TABLE posts (id INTEGER PRIMARY KEY);
`;

await describeOnEveryDialect('aludel diff', (dialect) => {
  test('compares revisions, the database, files and directories with each other', async () => {
    const project = await liveProject(dialect, { 'a1_users.sql': users, 'b2_posts.sql': posts });
    await upgrade(project.config, 'a1');
    write(project, 'target/2_posts.sql', 'CREATE TABLE posts (id INTEGER PRIMARY KEY);');
    write(project, 'target/1_users.sql', 'CREATE TABLE users (id INTEGER PRIMARY KEY, email VARCHAR(50));');
    write(project, 'users.sql', 'CREATE TABLE users (id INTEGER PRIMARY KEY, email VARCHAR(50));');

    expect(await changed(project, 'database', 'revision:a1')).toEqual([]);
    expect(await changed(project, 'revisions', 'target')).toEqual([]);
    expect(await changed(project, 'users.sql', project.url)).toEqual([]);
    expect(await changed(project, 'database', 'revisions')).toEqual(['create posts']);
    expect(await changed(project, 'target', 'database')).toEqual(['drop posts']);
  });

  test('renames what it is told to instead of dropping and creating it', async () => {
    const project = await liveProject(dialect, {});
    write(
      project,
      'old.sql',
      'CREATE TABLE users (id INTEGER PRIMARY KEY, email VARCHAR(50)); CREATE INDEX by_email ON users (email);',
    );
    write(
      project,
      'new.sql',
      'CREATE TABLE users (id INTEGER PRIMARY KEY, mail VARCHAR(50)); CREATE INDEX by_email ON users (mail);',
    );

    const { changes } = await diff(project.config, 'old.sql', 'new.sql', { renames: ['users.email:users.mail'] });
    const guessed = await diff(project.config, 'old.sql', 'new.sql');

    expect(changes.map(({ kind, object }) => `${kind} ${object}`)).toEqual(['rename users.email:users.mail']);
    expect(guessed.changes.flatMap(({ loses }) => loses)).toEqual([expect.stringContaining('column email of table')]);
  });

  test('has the same as operations, which make it when a revision runs them', async () => {
    const project = await liveProject(dialect, { 'a1_users.sql': users });
    await upgrade(project.config, 'a1');
    write(
      project,
      'new.sql',
      'CREATE TABLE users (id INTEGER PRIMARY KEY, mail VARCHAR(80)); CREATE INDEX by_mail ON users (mail);',
    );

    const { operations } = await diff(project.config, 'database', 'new.sql', { renames: ['users.email:users.mail'] });
    project.write('b2.ts', revisionSource('b2', 'a1', operations));
    await upgrade(project.config, 'b2');

    expect(operations).toContain("await op.renameColumn('users', 'email', 'mail');");
    expect(operations).not.toContain('op.execute');
    expect(await diff(project.config, 'database', 'new.sql')).toMatchObject({ changes: [], sql: '', operations: '' });
  });

  test('of a database that is not there is refused', async () => {
    const project = await liveProject(dialect, {});
    const url = dialect === 'sqlite' ? 'sqlite:./nowhere.db' : project.url.replace(/[^/]*$/, 'aludel_nowhere');

    await expect(diff(project.config, 'database', url)).rejects.toMatchObject({ code: 'database.unreachable' });
  });

  test('renames a table with what refers to it', async () => {
    const project = await liveProject(dialect, {});
    const named = (table: string): string =>
      `CREATE TABLE ${table} (id INTEGER NOT NULL, CONSTRAINT one UNIQUE (id)); CREATE VIEW v AS SELECT id FROM ${table};`;
    write(project, 'old.sql', named('users'));
    write(project, 'new.sql', named('people'));

    const { changes } = await diff(project.config, 'old.sql', 'new.sql', { renames: ['users:people'] });

    // A view of MySQL's would keep the old name.
    expect(changes.map(({ kind }) => kind)).toEqual(dialect === 'mysql' ? ['drop', 'rename', 'create'] : ['rename']);
  });

  test('says which rename, which source and which line of a file it cannot use', async () => {
    const project = await liveProject(dialect, {});
    write(project, 'bad.sql', 'CREATE TABLE a (id INTEGER);\n\nCREATE TABEL b (id INTEGER);\n');
    write(project, 'a.sql', 'CREATE TABLE a (id INTEGER);');

    expect(await refusal(diff(project.config, 'a.sql', 'a.sql', { renames: ['b:c'] }))).toContain(
      'no table or column b',
    );
    expect(await refusal(diff(project.config, 'a.sql', 'nothing.sql'))).toContain('"nothing.sql" is no schema');
    expect(await refusal(diff(project.config, 'a.sql', 'bad.sql'))).toContain('bad.sql:3');
  });
});

await describeOn('sqlite', 'aludel diff', (dialect) => {
  test('creates a table behind those that it refers to, drops it before them, and gets through rings', async () => {
    const project = await liveProject(dialect, {});
    const tables = `
      CREATE TABLE comments (id INTEGER PRIMARY KEY, post INTEGER, FOREIGN KEY (post) REFERENCES "Posts" (id));
      CREATE TABLE posts (id INTEGER PRIMARY KEY, author INTEGER REFERENCES users, parent INTEGER REFERENCES posts (id));
      CREATE TABLE rings (id INTEGER PRIMARY KEY, back INTEGER REFERENCES tings, none INTEGER REFERENCES nowhere);
      CREATE TABLE tings (id INTEGER PRIMARY KEY, forth INTEGER REFERENCES rings);
      CREATE TABLE users (id INTEGER PRIMARY KEY);`;
    write(project, 'tables.sql', 'CREATE TABLE users (id INTEGER PRIMARY KEY);');
    write(project, 'more.sql', tables);

    expect(await changed(project, 'tables.sql', 'more.sql')).toEqual(
      ['posts', 'comments', 'tings', 'rings'].map((name) => `create ${name}`),
    );
    expect(await changed(project, 'more.sql', 'tables.sql')).toEqual(
      ['rings', 'tings', 'comments', 'posts'].map((name) => `drop ${name}`),
    );
  });
});

test('a target that is not there is told with the key that names it, before the database is opened', async () => {
  const { directory } = await liveProject('sqlite', {});
  writeFileSync(join(directory, 'migrate.config.json'), JSON.stringify({ target: 'schemas/app.sql' }));
  const config = configAt({ cwd: directory, url: 'postgresql://127.0.0.1:1/none' });

  for (const run of [check(config), autogenerate(config), diff(config, 'target', 'database')]) {
    await expect(run).rejects.toMatchObject({
      code: 'config.invalid',
      message: 'The key "target" names schemas/app.sql: there is no such file or directory.',
      where: expect.stringContaining('migrate.config.json') as string,
    });
  }
});

function write(project: LiveProject, name: string, sql: string): void {
  mkdirSync(join(project.directory, name, '..'), { recursive: true });
  writeFileSync(join(project.directory, name), sql);
}

/** Kinds and bare names of the objects. */
async function changed(project: LiveProject, from: string, to: string): Promise<readonly string[]> {
  const { changes } = await diff(project.config, from, to);
  return changes.map(({ kind, object }) => `${kind} ${object.split(/[ .]/).at(-1)}`);
}

async function refusal(run: Promise<unknown>): Promise<string> {
  const error: unknown = await run.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AludelError);
  return error instanceof AludelError ? `${error.message} ${error.where ?? ''}` : '';
}
