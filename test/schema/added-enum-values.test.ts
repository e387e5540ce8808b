import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { autogenerate } from '../../src/commands/schema/autogenerate.ts';
import { check } from '../../src/commands/schema/check.ts';
import { diff } from '../../src/commands/schema/diff.ts';
import { downgrade } from '../../src/commands/downgrade.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import { liveProject } from '../commands/live-project.ts';
import { describeOn } from '../servers.ts';

const before = `CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TYPE size AS ENUM ('s');
CREATE TABLE users (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text, feels mood, state text);
CREATE INDEX by_state ON users (state);
CREATE VIEW v AS SELECT id, feels FROM users;`;
const after = `CREATE TYPE mood AS ENUM ('sad', 'ok', 'glad', 'happy');
CREATE TYPE size AS ENUM ('s', 'm');
CREATE TABLE users (id int PRIMARY KEY, mail text NOT NULL, feels mood DEFAULT 'happy', state text);
CREATE VIEW w AS SELECT id, feels FROM users;`;
const renames = ['users.email:users.mail'];

await describeOn('postgresql', 'a value that is added to an enum', () => {
  test('comes before everything else, since it commits what came before it', async () => {
    const { config } = await projectWith({ 'before.sql': before, 'after.sql': after });

    const { changes, sql, operations } = await diff(config, 'before.sql', 'after.sql', { renames });

    expect(changes.slice(0, 3).map(({ kind, object }) => `${kind} ${object}`)).toEqual([
      'alter enum public.mood',
      'alter enum public.size',
      'rename users.email:users.mail',
    ]);
    expect(changes.filter(({ object }) => object.startsWith('enum '))).toHaveLength(2);
    expect(sql.lastIndexOf('ADD VALUE')).toBeLessThan(sql.indexOf('ALTER TABLE'));
    expect(operations.lastIndexOf('addEnumValue')).toBeLessThan(operations.indexOf('renameColumn'));
    expect(operations.match(/addEnumValue/g)).toHaveLength(3);
  });

  test('leaves no revision half-done where a later change fails', { timeout: 60_000 }, async () => {
    const { config, query, directory } = await projectWith({
      'schema.sql': before,
      'migrate.config.json': '{ "target": "schema.sql" }',
    });
    await autogenerate(config, { message: 'first' });
    await upgrade(config, 'head');
    await query('INSERT INTO users (email) VALUES (NULL)');
    writeFileSync(join(directory, 'schema.sql'), after);
    await autogenerate(config, { message: 'second', renames });

    const columns = `SELECT string_agg(attname, ' ' ORDER BY attnum) AS names FROM pg_attribute WHERE attrelid = 'users'::regclass AND attnum > 0`;
    await expect(upgrade(config, 'head')).rejects.toThrow(/mail/);
    expect(await query(columns)).toEqual([{ names: 'id email feels state' }]);
    expect(await query('SELECT * FROM v')).toHaveLength(1);
  });

  test('comes before everything else in a downgrade that brings it back', { timeout: 60_000 }, async () => {
    const { config, directory } = await projectWith({
      'schema.sql': after,
      'migrate.config.json': '{ "target": "schema.sql" }',
    });
    await autogenerate(config, { message: 'first' });
    await upgrade(config, 'head');
    writeFileSync(join(directory, 'schema.sql'), before);
    const { created } = await autogenerate(config, { message: 'second', renames: ['users.mail:users.email'] });
    const versions = join(directory, 'versions');
    const file = readdirSync(versions).find((name) => name.includes(created?.revision ?? 'none')) ?? '';
    const [, back = ''] = readFileSync(join(versions, file), 'utf8').split('function downgrade');

    expect(back.match(/op\.(\w+)/g)?.slice(0, 4)).toEqual([
      'op.addEnumValue',
      'op.addEnumValue',
      'op.addEnumValue',
      expect.not.stringContaining('Enum'),
    ]);
    await upgrade(config, 'head');
    await downgrade(config, '-1');
  });

  test('is in a section of a SQL revision that runs without a transaction', { timeout: 60_000 }, async () => {
    const { config, directory, query } = await projectWith({
      'schema.sql': before,
      'migrate.config.json': '{ "target": "schema.sql" }',
    });
    await autogenerate(config, { message: 'first', sqlFile: true });
    await upgrade(config, 'head');
    writeFileSync(join(directory, 'schema.sql'), after);

    await autogenerate(config, { revId: 'b1', message: 'second', renames, sqlFile: true });
    await upgrade(config, 'head');
    await query("INSERT INTO users (id, mail) VALUES (1, 'a')");

    const text = readFileSync(join(directory, 'versions', 'b1_second.sql'), 'utf8');
    expect(text.match(/^-- migrate:.*$/gm)).toEqual(['-- migrate:up transaction:false', '-- migrate:down']);
    expect(await query('SELECT feels FROM w')).toEqual([{ feels: 'happy' }]);
    expect((await check(config)).changes).toEqual([]);
    await query('DELETE FROM users');
    await downgrade(config, '-1');
  });

  async function projectWith(files: Readonly<Record<string, string>>) {
    const project = await liveProject('postgresql', {});
    for (const [name, text] of Object.entries(files)) writeFileSync(join(project.directory, name), text);
    return project;
  }
});
