import { expect, test } from 'vitest';
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

  test('is done again after an error in its own text, which nothing of it survives', async () => {
    const source = (sql: string): string => `-- revision: a1\n-- down_revision: null\n-- migrate:up\n${sql};\n`;
    const project = await liveProject('mysql', { 'a1.sql': source('CREATE TABLE one (id INT, )') });
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({ code: 'migration.failed' });
    project.write('a1.sql', source('CREATE TABLE one (id INT)'));
    await upgrade(project.config, 'head');
    expect(await project.query('SELECT * FROM one')).toEqual([]);
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
`,
    });
    await upgrade(project.config, 'head');
    expect(await project.query('SELECT parent_id FROM child')).toEqual([{ parent_id: 500 }]);
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
