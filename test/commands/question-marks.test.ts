import { expect, it } from 'vitest';
import { upgrade } from '../../src/commands/upgrade.ts';
import { describeOn, describeOnEveryDialect } from '../servers.ts';
import { liveProject, revisionSource } from './live-project.ts';

await describeOnEveryDialect('a question mark', (dialect) => {
  it('in a name or a value is no placeholder of op.knex', async () => {
    const project = await liveProject(dialect, {
      'a.mjs': revisionSource(
        'a',
        null,
        String.raw`await op.createTable('why?', (t) => { t.string('so?', 20); t.integer('n'); });
         await op.knex('why?').insert([{ 'so?': 'is it?', n: 1 }, { 'so?': 'no', n: 1 }, { 'so?': '?', n: 2 }]);
         await op.knex('why?').where({ 'so?': '?' }).update({ n: 3 });
         await op.knex('why?').whereRaw("?? = 'is it\\?' and n = ?", ['so?', 1]).update({ n: 7 });
         await op.knex('why?').where('so?', 'no').del();`,
      ),
    });
    await upgrade(project.config, 'head');
    expect(
      await project.query('SELECT n FROM "why?" ORDER BY n'.replaceAll('"', dialect === 'mysql' ? '`' : '"')),
    ).toEqual([{ n: 3 }, { n: 7 }]);
  });

  it('inside a text of raw SQL that takes bindings is refused with how to write it', async () => {
    const project = await liveProject(dialect, {
      'a.mjs': revisionSource('a', null, `await op.knex.raw("SELECT '?', ?", [1]);`),
    });
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({
      hint: expect.stringContaining(String.raw`write \\? for one that is no placeholder`) as string,
      where: 'versions/a.mjs:8',
    });
  });
});

await describeOn('postgresql', 'an operator with a question mark', () => {
  const table = `await op.createTable('t', (t) => void t.jsonb('data'));
    await op.knex('t').insert([{ data: { a: 1 } }, { data: { b: 1 } }, { data: { c: 1 } }]);`;

  it('is written with a backslash in raw SQL', async () => {
    const project = await liveProject('postgresql', {
      'a.mjs': revisionSource(
        'a',
        null,
        String.raw`${table}
         await op.knex('t').whereRaw("data \\? ?", ['a']).del();
         await op.knex('t').whereRaw("data \\?| array['b', '?']").del();`,
      ),
    });
    await upgrade(project.config, 'head');
    expect(await project.query('SELECT data FROM t')).toEqual([{ data: { c: 1 } }]);
  });

  it('is otherwise taken for a placeholder, which is told', async () => {
    const project = await liveProject('postgresql', {
      'a.mjs': revisionSource('a', null, `${table}\n await op.knex('t').whereRaw("data ? 'a'").del();`),
    });
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({
      message: expect.stringContaining('1 placeholder and 0 bindings.') as string,
      hint: expect.stringContaining(String.raw`For the operators ?, ?| and ?& write \\? in raw SQL.`) as string,
      where: 'versions/a.mjs:10',
    });
  });
});
