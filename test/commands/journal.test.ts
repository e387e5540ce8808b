import { describe, expect, it } from 'vitest';
import { current } from '../../src/commands/current.ts';
import { downgrade } from '../../src/commands/downgrade.ts';
import { log } from '../../src/commands/log.ts';
import { repair } from '../../src/commands/repair.ts';
import { stamp } from '../../src/commands/stamp.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import { verify } from '../../src/commands/verify.ts';
import { describeOn, describeOnEveryDialect } from '../servers.ts';
import { liveProject, revisionSource } from './live-project.ts';

const table = (name: string): string => `  await op.createTable('${name}', (t) => t.integer('id'));`;
const drop = (name: string): string => `  await op.dropTable('${name}');`;

await describeOnEveryDialect('the journal', (dialect) => {
  it('says what was done, newest first', async () => {
    const project = await liveProject(dialect, { 'a.mjs': revisionSource('a', null, table('t'), drop('t')) });
    await upgrade(project.config, 'head');
    await downgrade(project.config, 'base');
    const { entries } = await log(project.config);
    expect(entries.filter(({ statement }) => statement === null).map(({ event }) => event)).toEqual([
      'reverted',
      'applied',
    ]);
    expect(entries[0]).toMatchObject({ revision: 'a', direction: 'downgrade', message: 'revision a' });
  });

  it('tells an edited file from a reformatted and a missing one', async () => {
    const project = await liveProject(dialect, {
      'a.mjs': revisionSource('a', null, table('t1')),
      'b.mjs': revisionSource('b', 'a', table('t2')),
      'c.sql': '-- revision: c\n-- down_revision: b\n\n-- migrate:up\nCREATE TABLE t3 (id INTEGER);\n',
    });
    await upgrade(project.config, 'head');
    expect(await verify(project.config)).toMatchObject({ is_intact: true });
    project.write('a.mjs', `// a comment\n${revisionSource('a', null, table('t1'))}`);
    project.write('c.sql', '-- revision: c\n-- down_revision: b\n\n-- migrate:up\nCREATE TABLE  t3 ( id INTEGER );\n');
    expect((await verify(project.config)).revisions.map(({ state }) => state)).toEqual([
      'reformatted',
      'unchanged',
      'reformatted',
    ]);
    project.write('b.mjs', revisionSource('b', 'a', table('t4')));
    const changed = await verify(project.config);
    expect(changed.is_intact).toBe(false);
    expect(changed.revisions.map(({ state }) => state)).toEqual(['reformatted', 'edited', 'reformatted']);
  });

  it('has nothing half-done after a revision that was rolled back whole', async () => {
    const project = await liveProject(dialect, { 'a.mjs': revisionSource('a', null, `throw new Error('no');`) });
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({ code: 'migration.failed', exitCode: 1 });
    expect(await repair(project.config)).toMatchObject({ half_done: null, action: 'none' });
    expect((await log(project.config)).entries.map(({ event }) => event)).toEqual(['failed']);
  });
});

await describeOn('mysql', 'a revision that stops half-way', () => {
  const broken = `${table('t1')}\n  await op.execute('CREATE TABLE t1 (oops');\n${table('t2')}`;

  it('keeps what took effect, and goes on from there once the rest is mended', async () => {
    const project = await liveProject('mysql', { 'a.mjs': revisionSource('a', null, broken) });
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({ code: 'migration.partial', exitCode: 4 });
    expect(await repair(project.config)).toMatchObject({
      half_done: { revision: 'a', statements: [{ state: 'done' }, { state: 'refused' }] },
    });
  });

  it('is recorded as applied or not applied when somebody says so', async () => {
    for (const [answer, rows] of [
      ['mark-applied', ['a']],
      ['mark-reverted', []],
    ] as const) {
      const project = await liveProject('mysql', { 'a.mjs': revisionSource('a', null, broken) });
      await expect(upgrade(project.config, 'head')).rejects.toMatchObject({ code: 'migration.partial' });
      expect(await repair(project.config, { repair: answer })).toMatchObject({ heads_after: rows });
      expect((await current(project.config)).revisions.map(({ revision }) => revision)).toEqual(rows);
      expect(await repair(project.config)).toMatchObject({ half_done: null });
    }
  });

  it('holds up every other step until it is finished', async () => {
    const project = await liveProject('mysql', {
      'a.mjs': revisionSource('a', null, table('t0'), `${drop('t0')}\n  await op.execute('DROP TABLE nowhere');`),
    });
    await upgrade(project.config, 'head');
    await expect(downgrade(project.config, 'base')).rejects.toMatchObject({ code: 'migration.partial' });
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({ code: 'migration.half-done', exitCode: 4 });
  });
});

describe('a database that does not exist', () => {
  it('has an empty journal and nothing to verify, and is not created', async () => {
    const project = await liveProject('sqlite', {});
    expect((await log(project.config)).entries).toEqual([]);
    expect(await verify(project.config)).toMatchObject({ revisions: [], is_intact: true });
  });
});

describe('a database that refuses a statement of the tool itself', () => {
  it('is named in the error, with its own words', async () => {
    const project = await liveProject('sqlite', { 'a.mjs': revisionSource('a', null, '') });
    await project.query('CREATE TABLE aludel_log (id INTEGER PRIMARY KEY)');
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({ code: 'database.failed' });
    await expect(stamp(project.config, ['head'])).rejects.toMatchObject({
      code: 'database.failed',
      message: expect.stringContaining('no such column') as string,
    });
  });
});
