import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { downgrade } from '../../src/commands/downgrade.ts';
import type { RunEvent } from '../../src/commands/invocation.ts';
import { log } from '../../src/commands/log.ts';
import { stamp } from '../../src/commands/stamp.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import { verify } from '../../src/commands/verify.ts';
import { describeOnEveryDialect } from '../servers.ts';
import { liveProject, revisionSource, type LiveProject } from './live-project.ts';

const table = (name: string): string => `  await op.createTable('${name}', (t) => t.integer('id'));`;
const drop = (name: string): string => `  await op.dropTable('${name}');`;
const sqlRevision = (id: string, down: string, up: string): string =>
  `-- revision: ${id}\n-- down_revision: ${down}\n\n-- migrate:up\n${up}\n\n-- migrate:down\nSELECT 1;\n`;

const revisions = {
  'a.mjs': revisionSource('a', null, table('ta'), drop('ta')),
  'b.sql': sqlRevision('b', 'a', 'CREATE TABLE tb (id INTEGER);'),
  'c.mjs': revisionSource('c', 'b', table('tc'), drop('tc')),
};

function policy({ directory }: LiveProject, checksums: string): void {
  writeFileSync(join(directory, 'migrate.config.json'), JSON.stringify({ checksums }));
}

await describeOnEveryDialect('files of applied revisions', (dialect) => {
  it('that were edited or are gone are warned about before something runs', async () => {
    const project = await liveProject(dialect, revisions);
    await upgrade(project.config, 'c');
    const [applied] = (await log(project.config, { revision: 'a' })).entries;
    project.write('a.mjs', revisionSource('a', null, table('other'), drop('other')));
    project.write('b.sql', sqlRevision('b', 'a', 'CREATE TABLE tb (id BIGINT);'));
    project.write('d.mjs', revisionSource('d', 'c', table('td'), drop('td')));
    const heard: RunEvent[] = [];
    const { steps, warnings } = await upgrade(project.config, 'head', { onEvent: (event) => heard.push(event) });
    expect(steps.map(({ revision }) => revision)).toEqual(['d']);
    expect(warnings).toEqual([
      expect.stringMatching(/versions.a\.mjs was edited after revision a was applied on \S+ by \S+ pid \d+\.$/),
      expect.stringMatching(/versions.b\.sql was edited after revision b was applied on \S+ by \S+ pid \d+\.$/),
    ]);
    expect(warnings[0]).toContain(`applied on ${applied?.at} by ${applied?.actor}`);
    expect(heard.filter(({ kind }) => kind === 'warning')).toEqual(warnings.map((text) => ({ kind: 'warning', text })));
    expect((await downgrade(project.config, '-1', { plan: true })).warnings).toEqual(warnings);
  });

  it('refuse the run when the policy says so, with all of them named, and nothing is changed', async () => {
    const project = await liveProject(dialect, revisions);
    await upgrade(project.config, 'c');
    policy(project, 'refuse');
    await upgrade(project.config, 'head');
    project.write('a.mjs', revisionSource('a', null, table('other'), drop('other')));
    project.write('b.sql', sqlRevision('b', 'a', 'CREATE TABLE tb (id BIGINT);'));
    expect((await upgrade(project.config, 'head')).steps).toEqual([]);
    project.write('d.mjs', revisionSource('d', 'c', table('td'), drop('td')));
    for (const run of [() => upgrade(project.config, 'head'), () => downgrade(project.config, '-1')]) {
      await expect(run()).rejects.toMatchObject({
        code: 'revision.edited',
        exitCode: 6,
        message: expect.stringMatching(/a\.mjs was edited[\s\S]*b\.sql was edited/) as string,
      });
    }
    policy(project, 'ignore');
    expect(await upgrade(project.config, 'head')).toMatchObject({ warnings: [], steps: [{ revision: 'd' }] });
  });

  it('count as unchanged whatever their comments, white space, line ends and byte-order mark', async () => {
    const project = await liveProject(dialect, revisions);
    await upgrade(project.config, 'c');
    policy(project, 'refuse');
    project.write('a.mjs', `\uFEFF// why\r\n${revisions['a.mjs'].replaceAll('\n', '\r\n')}`);
    project.write('b.sql', `\uFEFF${sqlRevision('b', 'a', '/* why */ CREATE  TABLE tb\n(id INTEGER);')}`);
    project.write('d.mjs', revisionSource('d', 'c', table('td'), drop('td')));
    expect(await upgrade(project.config, 'head')).toMatchObject({ warnings: [], steps: [{ revision: 'd' }] });
    expect((await verify(project.config)).revisions.map(({ state }) => state)).toEqual([
      'reformatted',
      'reformatted',
      'unchanged',
      'unchanged',
    ]);
  });
});

await describeOnEveryDialect('the line ends of another machine', (dialect) => {
  it('do not count inside a string or a body either', async () => {
    const body = `AS $$\nBEGIN\n  RETURN 'one\ntwo';\nEND\n$$`;
    const up = {
      sqlite: "CREATE TABLE t (s TEXT DEFAULT 'one\ntwo');",
      postgresql: `CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql ${body};`,
      mysql: "CREATE FUNCTION f() RETURNS TEXT DETERMINISTIC\nBEGIN\n  RETURN 'one\ntwo';\nEND;",
    }[dialect];
    const source = sqlRevision('b', '', up);
    const project = await liveProject(dialect, { 'b.sql': source });
    await upgrade(project.config, 'head');
    project.write('b.sql', source.replaceAll('\n', '\r\n'));
    expect((await verify(project.config)).revisions.map(({ state }) => state)).toEqual(['reformatted']);
  });
});

await describeOnEveryDialect('SQL that cannot be read', (dialect) => {
  const open = sqlRevision('b', 'a', "SELECT 'never closed;");

  it('is told with its file and line, before anything runs', async () => {
    const project = await liveProject(dialect, { 'a.mjs': revisions['a.mjs'], 'b.sql': open });
    const told = { code: 'sql.unterminated', where: expect.stringMatching(/^versions.b\.sql:5$/) as string };
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject(told);
    expect((await log(project.config)).entries).toEqual([]);
  });

  it('is an edit where it was applied, and no obstacle to the revisions behind it', async () => {
    const project = await liveProject(dialect, revisions);
    await upgrade(project.config, 'b');
    project.write('b.sql', open);
    expect((await verify(project.config)).revisions.map(({ state }) => state)).toEqual(['unchanged', 'edited']);
    const { steps, warnings } = await upgrade(project.config, 'head');
    expect(steps.map(({ revision }) => revision)).toEqual(['c']);
    expect(warnings).toEqual([expect.stringMatching(/versions.b\.sql was edited/)]);
  });
});

describe('verify', () => {
  it('speaks of what the version table says is applied, not of what the journal saw once', async () => {
    const project = await liveProject('sqlite', revisions);
    await upgrade(project.config, 'c');
    await stamp(project.config, ['a']);
    expect((await verify(project.config)).revisions.map(({ revision }) => revision)).toEqual(['a']);
    rmSync(join(project.directory, 'versions', 'c.mjs'));
    expect((await verify(project.config)).revisions.map(({ revision }) => revision)).toEqual(['a']);
  });

  it('says which revisions were never recorded, and does not call that an edit', async () => {
    const project = await liveProject('sqlite', revisions);
    await stamp(project.config, ['b']);
    await upgrade(project.config, 'head');
    expect(await verify(project.config)).toMatchObject({
      is_intact: true,
      revisions: [
        { revision: 'c', state: 'unchanged' },
        { revision: 'a', state: 'unrecorded', applied_at: null },
        { revision: 'b', state: 'unrecorded', applied_by: null },
      ],
    });
  });
});

describe('a policy', () => {
  it('is warn, refuse or ignore', async () => {
    const project = await liveProject('sqlite', revisions);
    policy(project, 'shout');
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({
      code: 'config.invalid',
      message: expect.stringContaining("checksums: must be 'warn', 'refuse' or 'ignore'") as string,
    });
  });
});
