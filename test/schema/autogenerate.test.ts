import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { check as isFormatted } from 'prettier';
import { expect, test } from 'vitest';
import { autogenerate } from '../../src/commands/schema/autogenerate.ts';
import { check } from '../../src/commands/schema/check.ts';
import { diff } from '../../src/commands/schema/diff.ts';
import { downgrade } from '../../src/commands/downgrade.ts';
import { dump } from '../../src/commands/schema/dump.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import type { AludelConfig } from '../../src/environment/config/config.ts';
import { AludelError } from '../../src/support/aludel-error.ts';
import { liveProject, type LiveProject } from '../commands/live-project.ts';
import { describeOnEveryDialect } from '../servers.ts';
import { kindsOf, realSchemas } from './schemas.ts';

const users = 'CREATE TABLE users (id INTEGER PRIMARY KEY, email VARCHAR(50) NOT NULL);';
const more = `CREATE TABLE users (id INTEGER PRIMARY KEY, email VARCHAR(80), name VARCHAR(20) DEFAULT 'it''s \`\${x}\` \\\\');
CREATE INDEX by_name ON users (name);
CREATE TABLE posts (id INTEGER PRIMARY KEY, author INTEGER, CONSTRAINT of_author FOREIGN KEY (author) REFERENCES users (id));
CREATE VIEW names AS SELECT name FROM users;`;

await describeOnEveryDialect('autogenerate', (dialect) => {
  for (const sqlFile of [false, true]) {
    test(
      `writes ${sqlFile ? 'SQL' : 'TypeScript'} that leads to the target and back`,
      { timeout: 60_000 },
      async () => {
        const { config, write } = await projectWith({ target: 'schema.sql' });
        write('schema.sql', users);
        const first = await autogenerate(config, { message: 'users', sqlFile });
        await upgrade(config, 'head');
        write('schema.sql', more);
        const before = await check(config);
        const second = await autogenerate(config, { message: 'more', sqlFile });
        await upgrade(config, 'head');

        expect(first.created?.down_revision).toEqual([]);
        expect(second.created?.down_revision).toEqual([first.created?.revision]);
        expect([before.is_in_step, (await check(config)).is_in_step]).toEqual([false, true]);

        await downgrade(config, '-1');
        write('schema.sql', users);
        expect(
          (await diff(config, 'database', typeof config.target === 'string' ? config.target : '')).changes,
        ).toEqual([]);
      },
    );
  }

  test('writes operations', async () => {
    const { config, write, files, read } = await projectWith({ target: 'schema.sql' });
    write('schema.sql', more);

    await autogenerate(config, { message: 'more', from: 'revisions' });
    const text = files().map(read).join('');

    expect(text).toContain("await op.createTable('users', (t) => {");
    expect(text).toContain("await op.dropView('names');");
    expect(text).toContain("await op.createTable('posts', (t) => {");
    expect(text).not.toContain('op.execute');
  });

  for (const { name, parts } of [kindsOf(dialect), ...realSchemas(dialect)]) {
    test(`makes ${name} from nothing`, { timeout: 120_000 }, async () => {
      const { config, write, files, read } = await projectWith({ target: 'schema.sql' });
      write('schema.sql', parts[0] ?? '');

      await autogenerate(config, { message: 'all of it', from: 'revisions' });
      await upgrade(config, 'head');

      expect(await asPrettierLeaves(files().map(read).join(''))).toBe(true);
      expect((await check(config)).changes).toEqual([]);
    });
  }

  test('writes nothing when there is nothing to do', async () => {
    const { config, write, files } = await projectWith({ target: 'schema.sql' });
    write('schema.sql', users);
    await autogenerate(config, { message: 'users' });
    await upgrade(config, 'head');

    expect((await autogenerate(config, { message: 'again' })).created).toBe(null);
    expect(files()).toHaveLength(1);
  });

  test('takes a target that knex builds', async () => {
    const build = async (knex: Knex): Promise<void> => {
      await knex.schema.createTable('users', (t) => {
        t.increments('id');
        t.string('name', 20).notNullable().index();
      });
      await knex.schema.createTable('posts', (t) => {
        t.increments('id');
        t.integer('author').unsigned().references('id').inTable('users');
      });
    };
    const { config } = await projectWith({ target: build });

    const { created } = await autogenerate(config, { message: 'from knex', from: 'revisions' });
    await upgrade(config, 'head');

    expect(created).not.toBe(null);
    expect((await check(config)).changes).toEqual([]);
  });

  test('renames what it is told to, in both directions', async () => {
    const { config, write, files, read } = await projectWith({ target: 'schema.sql' });
    write('schema.sql', users);
    await autogenerate(config, { message: 'users' });
    await upgrade(config, 'head');
    write('schema.sql', users.replace('email', 'mail'));
    const start = await dump(config);

    const { changes } = await autogenerate(config, { message: 'rename', renames: ['users.email:users.mail'] });
    await upgrade(config, 'head');
    await downgrade(config, '-1');

    expect(changes.map(({ kind }) => kind)).toEqual(['rename']);
    expect(files().map(read).join('')).not.toContain('DROP COLUMN');
    expect((await dump(config)).fingerprint).toBe(start.fingerprint);
  });

  test('marks what is lost, in the report and in the file', async () => {
    const { config, write, files, read } = await projectWith({ target: 'schema.sql' });
    write('schema.sql', users);
    await autogenerate(config, { message: 'users' });
    await upgrade(config, 'head');
    write('schema.sql', 'CREATE TABLE users (id INTEGER PRIMARY KEY);');

    const { changes } = await autogenerate(config, { message: 'no email' });

    expect(changes.flatMap(({ loses }) => loses)).toEqual([expect.stringContaining('column email of table')]);
    expect(files().map(read).join('')).toMatch(/\/\/ This loses what is in column email of table/);
  });

  for (const [sqlFile, how] of [
    [false, 'op.backfill or op.knex'],
    [true, 'an UPDATE'],
  ] as const) {
    test(`says how rows get what they need before: by ${how}`, async () => {
      const { config, write, files, read } = await projectWith({ target: 'schema.sql' });
      write('schema.sql', users.replace(' NOT NULL', ''));
      await autogenerate(config, { message: 'users' });
      await upgrade(config, 'head');
      write('schema.sql', users);

      await autogenerate(config, { message: 'not null', sqlFile });

      expect(files().map(read).join('')).toContain(
        `This fails while a row of users has no email: give it one before, by ${how}.`,
      );
    });
  }

  test('needs the database at the heads, or only the revisions', async () => {
    const { config, write } = await projectWith({ target: 'schema.sql' });
    write('schema.sql', users);
    const { created } = await autogenerate(config, { message: 'users' });

    const refused: unknown = await autogenerate(config, { message: 'early' }).catch((error: unknown) => error);

    expect(refused).toBeInstanceOf(AludelError);
    expect(refused).toMatchObject({ code: 'database.not-at-head', facts: { pending: [created?.revision] } });
    expect((await check(config, { from: 'revisions' })).is_in_step).toBe(true);
  });

  test('writes no revision that the proof refuses, and leaves nothing behind', async () => {
    const { config, write, files } = await projectWith({ target: 'schema.sql', template: 'templates' });
    write('templates/revision.ts.ejs', brokenTemplate);
    write('schema.sql', users);

    const refused: unknown = await autogenerate(config, { message: 'users' }).catch((error: unknown) => error);

    expect(refused).toMatchObject({ code: 'schema.not-proved' });
    expect(files()).toEqual([]);
  });

  async function projectWith(own: AludelConfig) {
    const project: LiveProject = await liveProject(dialect, {});
    const at = (name: string): string => join(project.directory, name);
    const versions = at('versions');
    const config: AludelConfig = {
      ...own,
      database: project.url,
      versionLocations: [versions],
      ...(typeof own.target === 'string' ? { target: at(own.target) } : {}),
      ...(own.template === undefined ? {} : { template: at(own.template) }),
    };
    return {
      config,
      write: (name: string, text: string): void => {
        mkdirSync(join(at(name), '..'), { recursive: true });
        writeFileSync(at(name), text);
      },
      files: () => readdirSync(versions),
      read: (name: string) => readFileSync(join(versions, name), 'utf8'),
    };
  }
});

/** Whether Prettier has nothing to change, with the settings that the documentation names. */
async function asPrettierLeaves(text: string): Promise<boolean> {
  return await isFormatted(text, { parser: 'typescript', singleQuote: true, printWidth: 120 });
}

/** Leaves the statements out. */
const brokenTemplate = `export const revision = <%- revision %>;
export const down_revision = <%- down_revision %>;
export async function upgrade() {}
export async function downgrade() {}
`;
