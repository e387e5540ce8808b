import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { autogenerate } from '../../src/commands/schema/autogenerate.ts';
import { downgrade } from '../../src/commands/downgrade.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import { liveProject } from '../commands/live-project.ts';
import { describeOn } from '../servers.ts';

await describeOn('sqlite', 'a generated revision', (dialect) => {
  for (const [key, calls] of [
    ['id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT', "op.alterColumn('users', 'id', { autoincrement: true });"],
    ['id INTEGER PRIMARY KEY AUTOINCREMENT', "batch.alterColumn('id', { autoincrement: true });"],
  ] as const) {
    test(`says by a call that a key gains or loses AUTOINCREMENT: ${key}`, async () => {
      const { config, directory, query } = await liveProject(dialect, {});
      writeFileSync(join(directory, 'migrate.config.json'), '{ "target": "schema.sql" }');
      const write = (columns: string): void =>
        writeFileSync(join(directory, 'schema.sql'), `CREATE TABLE users (${columns});`);
      write('id INTEGER PRIMARY KEY, name TEXT');
      await autogenerate(config, { revId: 'a1', message: 'users' });
      await upgrade(config, 'head');
      await query("INSERT INTO users VALUES (7, 'a')");

      write(key);
      await autogenerate(config, { revId: 'b1', message: 'number them' });
      await upgrade(config, 'head');
      await query('DELETE FROM users');
      await query('INSERT INTO users DEFAULT VALUES');

      expect(await query('SELECT id FROM users')).toMatchObject([{ id: 8 }]);
      await downgrade(config, '-1');
      expect(await query("SELECT sql FROM sqlite_schema WHERE sql LIKE '%AUTOINCREMENT%'")).toEqual([]);
      const versions = join(directory, 'versions');
      const file = readdirSync(versions).find((name) => name.startsWith('b1')) ?? '';
      const text = readFileSync(join(versions, file), 'utf8');
      expect(text).toContain(calls);
      expect(text).toContain('{ autoincrement: false }');
      expect(text).not.toContain('op.execute');
    });
  }
});
