import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { log } from '../../src/commands/log.ts';
import { repair } from '../../src/commands/repair.ts';
import { stamp } from '../../src/commands/stamp.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import { describeOn, describeOnEveryDialect } from '../servers.ts';
import { liveProject, revisionSource } from './live-project.ts';

await describeOn('mysql', 'a statement of which a part may have taken effect', () => {
  const procedure = `await op.execute('CREATE TABLE counted (n INTEGER NOT NULL PRIMARY KEY)');
  await op.execute(\`CREATE PROCEDURE fill() BEGIN
    INSERT INTO counted SELECT COALESCE(MAX(n), 0) + 1 FROM counted;
    SIGNAL SQLSTATE '40001' SET MYSQL_ERRNO = 1213, MESSAGE_TEXT = 'Deadlock found';
  END\`);`;

  test('is not tried again by itself, and the next run asks', async () => {
    const project = await liveProject('mysql', {
      'a1.ts': revisionSource('a1', null, procedure),
      'b2.ts': revisionSource('b2', 'a1', `await op.execute('CALL fill()');`),
    });
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({
      code: expect.stringMatching(/^migration\.(?:partial|in-doubt)$/) as unknown,
    });
    expect(await project.query('SELECT n FROM counted')).toEqual([{ n: 1 }]);
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({ code: 'migration.in-doubt' });
    expect(await project.query('SELECT n FROM counted')).toEqual([{ n: 1 }]);
    await repair(project.config, { repair: 'assume-done' });
    await upgrade(project.config, 'head');
    expect(await project.query('SELECT version_num FROM aludel_version')).toEqual([{ version_num: 'b2' }]);
  });

  test('is told as one in doubt, apart from those that took effect', async () => {
    const revoke = "await op.execute('REVOKE SELECT ON * FROM `nobody`@`localhost`');";
    const a1 = (before: string): string => revisionSource('a1', null, `${before}\n  ${revoke}`);
    const refused = async (before: string): Promise<unknown> => {
      const project = await liveProject('mysql', { 'a1.ts': a1(before) });
      return await upgrade(project.config, 'head').catch((error: unknown) => error);
    };
    const doubt =
      '1 statement of it may have taken effect before it failed. Where the catalogue cannot tell, the next run stops there: ' +
      'then "aludel repair --assume-done" says that it did, "aludel repair --resume" that it did not.';

    expect(await refused('')).toMatchObject({ code: 'migration.partial', hint: doubt });
    expect(await refused("await op.execute('CREATE TABLE one (id INTEGER)');")).toMatchObject({
      code: 'migration.partial',
      hint: `1 statement of it took effect and cannot be rolled back; the journal knows which. Fix the rest and run the same command again: it goes on from there.\n${doubt}`,
    });
  });

  test('in a table without transactions is not called rolled back, and the next run asks', async () => {
    const insert = (rows: string): string => `await op.execute('INSERT INTO old (id) VALUES ${rows}');`;
    const project = await liveProject('mysql', {
      'a1.ts': revisionSource(
        'a1',
        null,
        `await op.execute('CREATE TABLE old (id INTEGER PRIMARY KEY) ENGINE=MyISAM');`,
      ),
      'b2.ts': revisionSource('b2', 'a1', insert('(1), (2), (1)')),
      'c3.ts': revisionSource('c3', 'b2', insert('(1)')),
    });
    await expect(upgrade(project.config, 'b2')).rejects.toMatchObject({ code: 'migration.partial' });
    expect(await project.query('SELECT id FROM old')).toEqual([{ id: 1 }, { id: 2 }]);
    await expect(upgrade(project.config, 'b2')).rejects.toMatchObject({
      code: 'migration.in-doubt',
      where: expect.stringMatching(/^versions.b2\.ts:\d+$/) as unknown,
    });
    // To resume at once would say that it did not take effect.
    await expect(stamp(project.config, ['b2'])).rejects.toMatchObject({
      code: 'migration.half-done',
      hint: expect.stringMatching(/aludel repair shows.*--assume-done.*--resume/) as unknown,
    });
    await repair(project.config, { repair: 'assume-done' });
    await upgrade(project.config, 'b2');
    // What changed nothing before it failed left nothing.
    await expect(upgrade(project.config, 'c3')).rejects.toMatchObject({ code: 'migration.failed' });
  });

  test('of which none did leaves nothing half-done: its tables were there already', async () => {
    const source = (id: string, down: string, sql: string): string =>
      `-- revision: ${id}\n-- down_revision: ${down}\n-- migrate:up\n${sql};\n-- migrate:down\nDROP TABLE ${id};\n`;
    const project = await liveProject('mysql', {
      'a1.sql': source('a1', 'null', 'CREATE TABLE a1 (id INT)'),
      'b2.sql': source('b2', 'a1', 'CREATE TABLE b2 (id INT); CREATE TABLE b2 (id INT)'),
    });
    await project.query('CREATE TABLE a1 (id INT)');
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({ code: 'migration.failed' });
    expect((await repair(project.config)).half_done).toBeNull();
    await stamp(project.config, ['a1']);
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({ code: 'migration.partial' });
    expect((await repair(project.config)).half_done).toMatchObject({ revision: 'b2' });
    await expect(stamp(project.config, ['b2'])).rejects.toMatchObject({ code: 'migration.half-done' });
  });

  test('is told behind a revision that was refused before', async () => {
    const up = (sql: string): string => revisionSource('a1', null, `await op.execute('${sql}');`);
    const project = await liveProject('mysql', { 'a1.ts': up('CREATE VIEW v AS SELECT 1 FROM missing') });
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({ code: 'migration.failed' });
    rmSync(join(project.directory, 'versions', 'a1.ts'));
    const twice = `await op.execute('CREATE TABLE one (id INT)'); await op.execute('CREATE TABLE one (id INT)');`;
    project.write('z9.ts', revisionSource('z9', null, twice));
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({ code: 'migration.partial' });
    expect((await repair(project.config)).half_done).toMatchObject({ revision: 'z9' });
  });

  test('is done again after an error in its own text, which nothing of it survives', async () => {
    const source = (sql: string): string => `-- revision: a1\n-- down_revision: null\n-- migrate:up\n${sql};\n`;
    const project = await liveProject('mysql', { 'a1.sql': source('CREATE TABLE one (id INT, )') });
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({ code: 'migration.failed' });
    project.write('a1.sql', source('CREATE TABLE one (id INT)'));
    await upgrade(project.config, 'head');
    expect(await project.query('SELECT * FROM one')).toEqual([]);
  });
});

await describeOn('mysql', 'a block of statements that commit', () => {
  test.each([
    ['where a statement of it cannot be read', "EXECUTE IMMEDIATE 'CREATE TABLE'"],
    ['where the rest of it fails', 'INSERT INTO missing VALUES (1)'],
  ])('is in doubt %s, after it has committed', async (_where, last) => {
    const block = `BEGIN NOT ATOMIC CREATE TABLE one (id INT); ${last}; END`;
    const project = await liveProject('mysql', {
      'a1.ts': revisionSource('a1', null, `await op.execute(${JSON.stringify(block)});`),
    });
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({ code: 'migration.partial' });
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({ code: 'migration.in-doubt' });
    expect(await project.query('SELECT * FROM one')).toEqual([]);
  });
});

await describeOn('postgresql', 'what only the server knows to need no transaction', () => {
  const procedure = (
    name: string,
    last: string,
  ): string => `await op.execute(\`CREATE PROCEDURE ${name}() LANGUAGE plpgsql AS $$
    BEGIN INSERT INTO counted VALUES (1); COMMIT; INSERT INTO counted VALUES (${last}); END $$\`);`;
  const a1 = `await op.execute('CREATE TABLE counted (n INTEGER)');
  await op.execute('CREATE TABLE parted (n INTEGER) PARTITION BY LIST (n)');
  ${procedure('fills', '2')}
  ${procedure('fails', '1 / 0')}`;
  const outside = (sql: string): string =>
    `await op.autocommit(async () => { await op.execute(${JSON.stringify(sql)}); });`;

  test('runs outside one, announced: a procedure or a block that commits, REINDEX of a partitioned table', async () => {
    const project = await liveProject('postgresql', {
      'a1.ts': revisionSource('a1', null, a1),
      'b2.ts': revisionSource('b2', 'a1', outside('CALL fills()')),
      'c3.ts': revisionSource('c3', 'b2', outside('DO $$ BEGIN INSERT INTO counted VALUES (3); COMMIT; END $$')),
      'd4.ts': revisionSource('d4', 'c3', outside('REINDEX TABLE parted')),
    });
    await upgrade(project.config, 'head');
    expect(await project.query('SELECT n FROM counted ORDER BY n')).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    const { entries } = await log(project.config, { revision: 'b2' });
    expect(entries.map(({ event }) => event)).toEqual(['applied', 'done', 'intent']);
  });

  test('is in doubt when it fails half-way, and the next run asks', async () => {
    const project = await liveProject('postgresql', {
      'a1.ts': revisionSource('a1', null, a1),
      'b2.ts': revisionSource('b2', 'a1', outside('CALL fails()')),
    });
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({ code: 'migration.partial' });
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({ code: 'migration.in-doubt' });
    expect(await project.query('SELECT n FROM counted')).toEqual([{ n: 1 }]);
  });

  test('is in doubt as well when it is a block, whose line the server tells', async () => {
    const block = 'DO $$ BEGIN\n  INSERT INTO counted VALUES (3);\n  COMMIT;\n  PERFORM 1 / 0;\nEND $$';
    const project = await liveProject('postgresql', {
      'a1.ts': revisionSource('a1', null, a1),
      'b2.ts': revisionSource('b2', 'a1', outside(block)),
    });
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({ code: 'migration.partial' });
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({ code: 'migration.in-doubt' });
    expect(await project.query('SELECT n FROM counted')).toEqual([{ n: 3 }]);
  });

  test('is told where to go when it stands inside one', async () => {
    const project = await liveProject('postgresql', {
      'a1.ts': revisionSource('a1', null, a1),
      'b2.ts': revisionSource('b2', 'a1', "await op.execute('CALL fills()');"),
    });
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({
      code: 'migration.failed',
      hint: expect.stringContaining('Put it into op.autocommit(') as string,
    });
    expect(await project.query('SELECT n FROM counted')).toEqual([]);
  });
});

await describeOn('mysql', 'LAST_INSERT_ID()', () => {
  test('is the number of the revision, not one of the journal', async () => {
    const project = await liveProject('mysql', {
      'a1.sql': `-- revision: a1
-- down_revision: null
-- migrate:up
CREATE TABLE parent (id INTEGER NOT NULL AUTO_INCREMENT PRIMARY KEY, name VARCHAR(9)) AUTO_INCREMENT = 500;
CREATE TABLE child (parent_id INTEGER NOT NULL);
INSERT INTO parent (name) VALUES ('Ada');
INSERT INTO child VALUES (LAST_INSERT_ID());
CREATE TABLE pet (owner_id INTEGER NOT NULL);
INSERT INTO pet VALUES (LAST_INSERT_ID());
`,
    });
    await upgrade(project.config, 'head');
    expect(await project.query('SELECT parent_id FROM child')).toEqual([{ parent_id: 500 }]);
    expect(await project.query('SELECT owner_id FROM pet')).toEqual([{ owner_id: 500 }]);
  });
});

await describeOn('mysql', 'LAST_INSERT_ID() of a statement that an earlier run carried out', () => {
  test('is told to the session of the next run', async () => {
    const source = (last: string): string => `-- revision: a1
-- down_revision: null
-- migrate:up
CREATE TABLE parent (id INTEGER NOT NULL AUTO_INCREMENT PRIMARY KEY, name VARCHAR(9)) AUTO_INCREMENT = 500;
CREATE TABLE child (parent_id INTEGER NOT NULL);
INSERT INTO parent (name) VALUES ('Ada'), ('Bob');
UPDATE parent SET name = 'Eve' WHERE id = 501;
SET @parent = LAST_INSERT_ID();
INSERT INTO child VALUES (${last});
`;
    const project = await liveProject('mysql', { 'a1.sql': source('nonsense') });
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({ code: 'migration.partial' });
    project.write('a1.sql', source('@parent'));
    await upgrade(project.config, 'head');
    expect(await project.query('SELECT parent_id FROM child')).toEqual([{ parent_id: 500 }]);
  });
});

await describeOnEveryDialect('a look at the schema', (dialect) => {
  test('binds nobody when nothing took effect after it', async () => {
    const first = `await op.execute('CREATE TABLE users (id INTEGER NOT NULL)');`;
    const asks = `await op.inspect.hasTable('users');
  await op.alterColumn('users', 'nickname', { nullable: false });`;
    const a1 = (rest: string): string => revisionSource('a1', null, `${first}\n  ${rest}`);
    const project = await liveProject(dialect, { 'a1.ts': a1(asks) });
    await expect(upgrade(project.config, 'head', { transactionMode: 'none' })).rejects.toMatchObject({
      code: 'migration.partial',
    });
    rmSync(join(project.directory, 'versions', 'a1.ts'));
    project.write('a1_mended.ts', a1(`await op.execute('CREATE TABLE pets (id INTEGER NOT NULL)');`));
    await upgrade(project.config, 'head', { transactionMode: 'none' });
    expect(await project.query('SELECT * FROM pets')).toEqual([]);
  });

  test('alone leaves nothing behind', async () => {
    const a1 = (body: string): string => revisionSource('a1', null, body);
    const asks = `await op.inspect.hasTable('users');\n  await op.execute('INSERT INTO users VALUES (1)');`;
    const project = await liveProject(dialect, { 'a1.ts': a1(asks) });
    await expect(upgrade(project.config, 'head', { transactionMode: 'none' })).rejects.toMatchObject({
      code: 'migration.failed',
    });
    rmSync(join(project.directory, 'versions', 'a1.ts'));
    project.write('a1_mended.ts', a1(`await op.execute('CREATE TABLE pets (id INTEGER NOT NULL)');`));
    await upgrade(project.config, 'head', { transactionMode: 'none' });
    expect(await project.query('SELECT * FROM pets')).toEqual([]);
  });
});

await describeOn('postgresql', 'a first statement that the server cannot read', () => {
  test('does not take the transaction away from those after it', async () => {
    const body = `try { await op.execute('CREATE TABEL one (id INT)'); } catch {}
  await op.execute('CREATE TABLE two (id INT)');
  throw new Error('enough');`;
    const project = await liveProject('postgresql', { 'a1.ts': revisionSource('a1', null, body) });
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({ code: 'migration.failed' });
    expect(await project.query("SELECT to_regclass('two') AS two")).toEqual([{ two: null }]);
  });
});

await describeOnEveryDialect('stamp', (dialect) => {
  test('does not pass over a revision that is half done', async () => {
    const body = `await op.execute('CREATE TABLE one (id INTEGER)');
  await op.execute('nonsense');`;
    const project = await liveProject(dialect, { 'a1.ts': revisionSource('a1', null, body) });
    await expect(upgrade(project.config, 'head', { transactionMode: 'none' })).rejects.toMatchObject({
      code: 'migration.partial',
    });
    await expect(stamp(project.config, ['a1'])).rejects.toMatchObject({ code: 'migration.half-done' });
    expect((await repair(project.config)).half_done).toMatchObject({ revision: 'a1' });
    await stamp(project.config, ['a1'], { purge: true });
    expect((await repair(project.config)).half_done).toBeNull();
  });
});

test('two runs at once give process.exit back', async () => {
  const exit: unknown = Reflect.get(process, 'exit');
  const source = { 'a1.ts': revisionSource('a1', null, `await op.execute('CREATE TABLE one (id INTEGER)');`) };
  const [first, second] = [await liveProject('sqlite', source), await liveProject('sqlite', source)];
  await Promise.all([upgrade(first.config, 'head'), upgrade(second.config, 'head')]);
  expect(Reflect.get(process, 'exit')).toBe(exit);
});
