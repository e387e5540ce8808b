import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { autogenerate } from '../../src/commands/schema/autogenerate.ts';
import { check } from '../../src/commands/schema/check.ts';
import type { AskRename, PossibleRename } from '../../src/commands/schema/compare-schemas.ts';
import { diff } from '../../src/commands/schema/diff.ts';
import { downgrade } from '../../src/commands/downgrade.ts';
import { dump } from '../../src/commands/schema/dump.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import type { DialectName } from '../../src/dialects/connection.ts';
import { liveProject, type LiveProject } from '../commands/live-project.ts';
import { describeOn, describeOnEveryDialect } from '../servers.ts';

const before = 'CREATE TABLE users (id INTEGER PRIMARY KEY, email VARCHAR(50) NOT NULL, phone VARCHAR(20));';
const after = 'CREATE TABLE people (id INTEGER PRIMARY KEY, mail VARCHAR(50) NOT NULL, phone VARCHAR(20));';

await describeOnEveryDialect('a rename', (dialect) => {
  test('is asked for: the table first, then its columns', async () => {
    const project = await projectWith(dialect, { 'before.sql': before, 'after.sql': after });
    const { questions, ask } = answering('users', 'people.email');

    const { changes } = await diff(project.config, 'before.sql', 'after.sql', { askRename: ask });

    expect(questions).toEqual([
      { kind: 'table', name: 'people', candidates: ['users'] },
      { kind: 'column', name: 'people.mail', candidates: ['people.email'] },
    ]);
    expect(changes.map(({ kind, object }) => `${kind} ${object}`)).toEqual([
      'rename users:people',
      'rename people.email:people.mail',
    ]);
  });

  test('that is denied is a drop and a creation', async () => {
    const project = await projectWith(dialect, { 'before.sql': before, 'after.sql': after });
    const { ask } = answering(null);

    const { changes } = await diff(project.config, 'before.sql', 'after.sql', { askRename: ask });

    expect(changes.map(({ kind }) => kind)).toEqual(['drop', 'create']);
  });

  test('is not asked for when it is given, unlikely, or left out', async () => {
    const project = await projectWith(dialect, { 'before.sql': before, 'after.sql': after });
    const unlikely = 'CREATE TABLE things (id INTEGER PRIMARY KEY, a DATE, b DATE, c DATE);';
    write(project, 'unlikely.sql', unlikely);
    write(project, 'typed.sql', before.replace('email VARCHAR(50)', 'mail INTEGER'));
    const { questions, ask } = answering();
    const options = { askRename: ask };

    await diff(project.config, 'before.sql', 'after.sql', {
      ...options,
      renames: ['users:people', 'people.email:people.mail'],
    });
    await diff(project.config, 'before.sql', 'unlikely.sql', options);
    await diff(project.config, 'before.sql', 'typed.sql', options);
    await diff(project.config, 'before.sql', 'after.sql', { ...options, exclude: ['users'] });

    expect(questions).toEqual([]);
  });

  test('of a column names its table with the old or the new name, before or behind the rename of the table', async () => {
    const project = await projectWith(dialect, { 'before.sql': before, 'after.sql': after });
    for (const renames of [
      ['users:people', 'users.email:users.mail'],
      ['users:people', 'users.email:mail'],
      ['people.email:people.mail', 'users:people'],
    ]) {
      const { changes } = await diff(project.config, 'before.sql', 'after.sql', { renames });
      expect(changes.map(({ kind, object }) => `${kind} ${object}`)).toEqual([
        'rename users:people',
        'rename people.email:people.mail',
      ]);
    }
  });

  test('to a name that is taken is refused, unless another rename makes it free', async () => {
    const others = 'CREATE TABLE orders (id INTEGER PRIMARY KEY); CREATE VIEW report AS SELECT id FROM orders;';
    const project = await projectWith(dialect, { 'before.sql': `${before} ${others}`, 'after.sql': after });
    const renamed = (...renames: readonly string[]): ReturnType<typeof diff> =>
      diff(project.config, 'before.sql', 'after.sql', { renames });
    for (const [rename, reason] of [
      ['users:orders', 'there is a table orders already'],
      ['users:report', 'there is a view report already'],
      ['users.email:users.phone', 'the table users has a column phone already'],
    ] as const) {
      await expect(renamed(rename)).rejects.toMatchObject({
        code: 'usage.invalid',
        message: `--rename ${rename} cannot be done: ${reason}.`,
        hint: 'Rename what has that name as well, or drop it in a revision before this one.',
      });
    }

    const { changes } = await renamed('users.email:users.phone', 'users.phone:users.fax', 'users:people');
    expect(changes.flatMap(({ kind, object }) => (kind === 'rename' ? [object] : []))).toEqual([
      'users.phone:users.fax',
      'users:people',
      'people.email:people.phone',
    ]);
  });

  test('is never guessed: without anybody to ask a warning says how to write it', async () => {
    const project = await projectWith(dialect, { 'before.sql': before, 'after.sql': before.replace('email', 'mail') });
    const warnings: string[] = [];

    const { changes } = await diff(project.config, 'before.sql', 'after.sql', {
      onEvent: (event) => void (event.kind === 'warning' && warnings.push(event.text)),
    });

    expect(changes.flatMap(({ loses }) => loses)).not.toEqual([]);
    expect(warnings).toEqual([
      'the column users.mail is new and users.email is not wanted any more; if it was renamed, say --rename users.email:users.mail',
    ]);
  });

  test('may be declared in models, and stays there when it is done', { timeout: 60_000 }, async () => {
    const user = (table: string, mail: string): string => `table: ${table}
fields:
  id: { type: integer, primary: true }
  ${mail}
`;
    const project = await projectWith(dialect, {
      'migrate.config.json': '{ "target": "models" }',
      'models/user.yaml': user('users', 'email: { type: string, max_length: 50 }'),
    });
    await autogenerate(project.config, { message: 'users' });
    await upgrade(project.config, 'head');
    await project.query("INSERT INTO users (email) VALUES ('a')");
    write(
      project,
      'models/user.yaml',
      user('people\nrenamed_from: users', 'mail: { type: string, max_length: 50, renamed_from: email }'),
    );

    const { changes } = await autogenerate(project.config, { message: 'renamed' });
    await upgrade(project.config, 'head');

    expect(changes.filter(({ kind }) => kind === 'rename').map(({ object }) => object)).toEqual([
      'users:people',
      'people.email:people.mail',
    ]);
    expect(changes.flatMap(({ loses }) => loses)).toEqual([]);
    expect((await check(project.config)).changes).toEqual([]);
    expect((await autogenerate(project.config, { message: 'again' })).created).toBe(null);

    // What numbers the rows goes on.
    await project.query("INSERT INTO people (mail) VALUES ('b')");
    await downgrade(project.config, '-1');
    expect((await project.query('SELECT id, email FROM users ORDER BY id')).map((row) => ({ ...row }))).toEqual([
      { id: 1, email: 'a' },
      { id: 2, email: 'b' },
    ]);
  });

  test('may be declared in the configuration, where one that is done or not to be done is passed over', async () => {
    const renames = ['accounts:users', 'users:people', 'people.email:people.mail', 'people.id:people.phone'];
    const project = await projectWith(dialect, {
      'migrate.config.json': JSON.stringify({ target: 'after.sql', renames }),
      'before.sql': before,
      'after.sql': after,
    });
    const changesOf = async (from: string): Promise<readonly string[]> =>
      (await diff(project.config, from, 'target', { askRename: () => Promise.resolve(null) })).changes.map(
        ({ kind, object }) => `${kind} ${object}`,
      );

    expect(await changesOf('before.sql')).toEqual(['rename users:people', 'rename people.email:people.mail']);
    expect(await changesOf('after.sql')).toEqual([]);
  });

  test('takes along the views that name it, in both directions', { timeout: 60_000 }, async () => {
    const project = await projectWith(dialect, {
      'migrate.config.json': '{ "target": "schema.sql" }',
      'schema.sql': `${before}
        CREATE TABLE letters (id INTEGER PRIMARY KEY, mail VARCHAR(50));
        CREATE VIEW phones AS SELECT users.id, phone, letters.mail FROM users JOIN letters ON letters.id = users.id;
        CREATE VIEW mails AS SELECT users.id, users.email AS address, phones.phone FROM users JOIN phones ON phones.id = users.id;
        CREATE VIEW few AS SELECT id FROM mails WHERE address < 'm';`,
    });
    await autogenerate(project.config, { message: 'first' });
    await upgrade(project.config, 'head');
    await project.query("INSERT INTO users (id, email) VALUES (1, 'a')");
    await project.query("INSERT INTO letters (id, mail) VALUES (1, 'b')");
    const start = await dump(project.config);
    write(
      project,
      'schema.sql',
      `${after}
        CREATE TABLE letters (id INTEGER PRIMARY KEY, mail VARCHAR(50));
        CREATE VIEW phones AS SELECT people.id, phone, letters.mail FROM people JOIN letters ON letters.id = people.id;
        CREATE VIEW mails AS SELECT people.id, people.mail AS address, phones.phone FROM people JOIN phones ON phones.id = people.id;
        CREATE VIEW few AS SELECT id FROM mails WHERE address < 'm';`,
    );

    await autogenerate(project.config, { message: 'second', renames: ['users.email:users.mail', 'users:people'] });
    await upgrade(project.config, 'head');
    expect((await check(project.config)).changes).toEqual([]);
    expect(await project.query('SELECT id FROM few')).toHaveLength(1);

    await downgrade(project.config, '-1');
    expect((await dump(project.config)).fingerprint).toBe(start.fingerprint);
    expect(await project.query('SELECT id FROM few')).toHaveLength(1);
  });
});

await describeOn('postgresql', 'a renamed table', (dialect) => {
  const idents = [
    'GENERATED ALWAYS AS IDENTITY',
    'GENERATED BY DEFAULT AS IDENTITY (START WITH 4)',
    'GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME "own ""name""")',
  ];
  for (const [i, identity] of idents.entries()) {
    test(`goes on numbering after the numbers that it gave: ${identity}`, { timeout: 60_000 }, async () => {
      const made = (table: string): string =>
        `CREATE TABLE ${table} (id INTEGER ${i === 2 && table !== 'ident' ? idents[0] : identity} PRIMARY KEY, x TEXT);`;
      const project = await projectWith(dialect, {
        'migrate.config.json': '{ "target": "schema.sql" }',
        'schema.sql': made('ident'),
      });
      await autogenerate(project.config, { message: 'ident' });
      await upgrade(project.config, 'head');
      await project.query("INSERT INTO ident (x) SELECT 'a' FROM generate_series(1, 5)");
      const [{ last } = { last: 0 }] = await project.query('SELECT max(id) AS last FROM ident');
      await project.query(`DELETE FROM ident WHERE id > ${Number(last) - 3}`);
      write(project, 'schema.sql', made('"Entity"'));

      const { changes } = await autogenerate(project.config, { message: 'entity', renames: ['ident:Entity'] });
      await upgrade(project.config, 'head');
      expect(changes.map(({ kind }) => kind)).toEqual(['rename']);
      expect((await check(project.config)).changes).toEqual([]);
      expect(await project.query(`INSERT INTO "Entity" (x) VALUES ('b') RETURNING id`)).toEqual([
        { id: Number(last) + 1 },
      ]);

      await project.query(`DELETE FROM "Entity" WHERE id > ${Number(last) - 3}`);
      await downgrade(project.config, '-1');
      expect(await project.query("INSERT INTO ident (x) VALUES ('c') RETURNING id")).toEqual([
        { id: Number(last) + 2 },
      ]);
    });
  }
});

async function projectWith(dialect: DialectName, files: Readonly<Record<string, string>>): Promise<LiveProject> {
  const project = await liveProject(dialect, {});
  for (const [name, text] of Object.entries(files)) write(project, name, text);
  return project;
}

await describeOn('mysql', 'a rename', (dialect) => {
  for (const [rename, sql] of [
    ['users:people', before.replace('users', 'people')],
    ['users.email:users.mail', before.replace('email', 'mail')],
  ] as const) {
    test(`drops only the views that would not follow ${rename}`, { timeout: 60_000 }, async () => {
      const project = await liveProject(dialect, {});
      const [, table = '', column = ''] = /TABLE (\w+) .*, (\w+) VARCHAR\(50\)/.exec(sql) ?? [];
      const views = (of: string, mail: string): string =>
        `CREATE VIEW mails AS SELECT ${mail} FROM ${of}; CREATE TABLE t (a INTEGER); CREATE VIEW other AS SELECT a FROM t;`;
      write(project, 'before.sql', `${before} ${views('users', 'email')}`);
      write(project, 'after.sql', `${sql} ${views(table, column)}`);
      const options = { renames: [rename] };

      const { changes, operations } = await diff(project.config, 'before.sql', 'after.sql', options);

      expect(changes.map(({ kind, object }) => `${kind} ${object}`)).toEqual([
        'drop view mails',
        `rename ${rename}`,
        'create view mails',
      ]);
      expect(operations).toContain("await op.dropView('mails');");
      await expect(
        diff(project.config, 'before.sql', 'after.sql', { ...options, exclude: ['mails'] }),
      ).rejects.toMatchObject({ code: 'schema.cannot-change' });
    });
  }

  test(
    'takes along the triggers that name it, in their order and in both directions',
    { timeout: 60_000 },
    async () => {
      const triggers = (users: string, email: string): string => `
      CREATE TABLE letters (id INTEGER PRIMARY KEY, address VARCHAR(50));
      CREATE TRIGGER first BEFORE INSERT ON ${users} FOR EACH ROW SET NEW.phone = '1';
      CREATE TRIGGER second BEFORE INSERT ON ${users} FOR EACH ROW SET NEW.${email} = concat(NEW.phone, NEW.\`${email}\`);
      CREATE TRIGGER third BEFORE INSERT ON ${users} FOR EACH ROW SET NEW.phone = '3';
      CREATE TRIGGER written AFTER INSERT ON letters FOR EACH ROW INSERT INTO ${users} (id, ${email}) VALUES (NEW.id, NEW.address);
      CREATE TRIGGER other BEFORE INSERT ON letters FOR EACH ROW SET NEW.address = lower(NEW.address);`;
      const project = await projectWith(dialect, {
        'migrate.config.json': '{ "target": "schema.sql" }',
        'schema.sql': before + triggers('users', 'email'),
      });
      await autogenerate(project.config, { message: 'first' });
      await upgrade(project.config, 'head');
      const start = await dump(project.config);
      write(project, 'schema.sql', after + triggers('people', 'mail'));

      const { changes } = await autogenerate(project.config, {
        message: 'second',
        renames: ['users.email:users.mail', 'users:people'],
      });
      await upgrade(project.config, 'head');
      await project.query("INSERT INTO letters VALUES (1, 'A')");

      expect(changes.map(({ kind, object }) => `${kind} ${object}`)).toEqual([
        'drop trigger written',
        'drop trigger third',
        'drop trigger second',
        'rename users.email:users.mail',
        'rename users:people',
        'create trigger second',
        'create trigger third',
        'create trigger written',
      ]);
      expect(await project.query('SELECT mail, phone FROM people')).toMatchObject([{ mail: '1a', phone: '3' }]);
      expect((await check(project.config)).changes).toEqual([]);

      await downgrade(project.config, '-1');
      await project.query("INSERT INTO letters VALUES (2, 'B')");

      expect((await dump(project.config)).fingerprint).toBe(start.fingerprint);
      expect(await project.query('SELECT email FROM users WHERE id = 2')).toMatchObject([{ email: '1b' }]);
    },
  );
});

/** Answers one question after the other, and keeps them. One too many fails. */
function answering(...answers: readonly (string | null)[]): {
  readonly questions: PossibleRename[];
  readonly ask: AskRename;
} {
  const questions: PossibleRename[] = [];
  return {
    questions,
    ask: (question) => {
      const answer = answers[questions.push(question) - 1];
      return answer === undefined ? Promise.reject(new Error('not expected to be asked')) : Promise.resolve(answer);
    },
  };
}

function write({ directory }: LiveProject, name: string, text: string): void {
  mkdirSync(join(directory, name, '..'), { recursive: true });
  writeFileSync(join(directory, name), text);
}
