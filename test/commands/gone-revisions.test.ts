import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { current } from '../../src/commands/current.ts';
import { downgrade } from '../../src/commands/downgrade.ts';
import { history } from '../../src/commands/history.ts';
import { log } from '../../src/commands/log.ts';
import { status } from '../../src/commands/status.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import { verify } from '../../src/commands/verify.ts';
import { describeOnEveryDialect } from '../servers.ts';
import { liveProject, revisionSource, type LiveProject } from './live-project.ts';

const table = (name: string): string => `  await op.createTable('${name}', (t) => t.integer('id'));`;
const drop = (name: string): string => `  await op.dropTable('${name}');`;

/** a <- b <- c, with a TypeScript, a JavaScript and a SQL revision. */
const revisions = {
  'a.ts': revisionSource('a', null, table('ta'), drop('ta')).replaceAll('(op)', '(op: any)'),
  'b.ts': revisionSource('b', 'a', table('tb'), drop('tb')).replaceAll('(op)', '(op: any)'),
  'c.sql':
    '-- revision: c\n-- down_revision: b\n-- message: third\n\n-- migrate:up\nCREATE TABLE tc (id INTEGER);\n\n-- migrate:down\nDROP TABLE tc;\n',
};

function remove({ directory }: LiveProject, ...names: readonly string[]): void {
  for (const name of names) rmSync(join(directory, 'versions', name));
}

async function rowsOf(project: LiveProject): Promise<readonly unknown[]> {
  return (await project.query('SELECT version_num FROM aludel_version ORDER BY 1')).map((row) => row['version_num']);
}

await describeOnEveryDialect('revisions of another branch, whose files are gone,', (dialect) => {
  it('are taken down by what the journal kept, and the own branch goes on', async () => {
    const project = await liveProject(dialect, revisions);
    await upgrade(project.config, 'head');
    remove(project, 'b.ts', 'c.sql');
    project.write('d.mjs', revisionSource('d', 'a', table('td'), drop('td')));

    const planned = await downgrade(project.config, 'a', { plan: true });
    expect(planned.steps.map(({ revision }) => revision)).toEqual(['c', 'b']);
    const { steps, warnings } = await downgrade(project.config, 'a');
    expect(steps).toMatchObject([
      { revision: 'c', direction: 'downgrade', message: 'third' },
      { revision: 'b', direction: 'downgrade', message: 'revision b' },
    ]);
    expect(warnings).toEqual([]);
    expect(await rowsOf(project)).toEqual(['a']);

    await upgrade(project.config, 'head');
    expect(await rowsOf(project)).toEqual(['d']);
    expect(await project.query('SELECT * FROM td')).toEqual([]);
    await expect(project.query('SELECT * FROM tb')).rejects.toThrow();
    await expect(project.query('SELECT * FROM tc')).rejects.toThrow();
  });

  it('are named with when, by whom and from which file they were applied, and how to take them down', async () => {
    const project = await liveProject(dialect, revisions);
    await upgrade(project.config, 'head');
    remove(project, 'b.ts', 'c.sql');
    project.write('d.mjs', revisionSource('d', 'a', table('td'), drop('td')));

    const [applied] = (await log(project.config, { revision: 'c' })).entries;
    const gone = [
      {
        revision: 'c',
        applied_at: applied?.at,
        applied_by: applied?.actor,
        path: expect.stringMatching(/versions.c\.sql$/) as string,
      },
    ];
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({
      code: 'database.unknown-revision',
      exitCode: 6,
      message: expect.stringMatching(
        /^c was applied on 20\S+ by \S+ pid \d+; its file was \S*versions.c\.sql\.$/m,
      ) as string,
      hint: expect.stringMatching(/aludel downgrade a$/) as string,
      facts: { unknown: ['c'], gone },
    });
    expect(await current(project.config)).toMatchObject({ unknown: ['c'], gone });
    expect(await status(project.config)).toMatchObject({
      gone,
      revisions: [
        { id: 'a', state: 'applied' },
        { id: 'd', state: 'pending' },
        { id: 'b', state: 'missing', revision: null },
        { id: 'c', state: 'missing', revision: null },
      ],
      pending: ['d'],
    });
    expect(await history(project.config, { indicateCurrent: true })).toMatchObject({ gone });
    await expect(history(project.config, { range: ':current' })).rejects.toMatchObject({ facts: { gone } });
    expect((await verify(project.config)).revisions.map(({ revision, state }) => [revision, state])).toEqual([
      ['a', 'unchanged'],
      ['b', 'missing'],
      ['c', 'missing'],
    ]);
  });

  it('are not run from a text in which a secret was masked', async () => {
    const secret = `  await op.execute("SELECT 'x' AS password, 'postgresql://ada:hunter2@h/db' AS url");`;
    const project = await liveProject(dialect, {
      'a.mjs': revisionSource('a', null, table('ta'), drop('ta')),
      'b.mjs': revisionSource('b', 'a', secret, table('never')),
    });
    await upgrade(project.config, 'head');
    const kept = JSON.stringify(await project.query("SELECT * FROM aludel_log WHERE event = 'applied'"));
    expect(kept).toContain('***');
    expect(kept).not.toContain('hunter2');
    remove(project, 'b.mjs');
    await expect(downgrade(project.config, 'a')).rejects.toMatchObject({
      code: 'revision.not-loadable',
      message: expect.stringContaining('secrets in it were masked') as string,
      hint: expect.stringContaining('Nothing was run') as string,
    });
    expect(await rowsOf(project)).toEqual(['b']);
  });
});

describe('a revision whose file is gone', () => {
  it('imports its neighbours from where its file was, and says which one is missing', async () => {
    const importing = revisionSource('b', 'a', table('tb'), `  await op.dropTable(tableName);`);
    const project = await liveProject('sqlite', {
      'a.mjs': revisionSource('a', null, table('ta'), drop('ta')),
      'b.ts': `import { tableName } from './_names.ts';\n${importing}`,
      '_names.ts': `export const tableName: string = 'tb';\n`,
    });
    await upgrade(project.config, 'head');
    remove(project, 'b.ts', '_names.ts');
    await expect(downgrade(project.config, 'a')).rejects.toMatchObject({
      code: 'revision.not-loadable',
      message: expect.stringMatching(/^Revision b does not load: .*_names\.ts/) as string,
    });
    project.write('_names.ts', `export const tableName: string = 'tb';\n`);
    await downgrade(project.config, 'a');
    expect(await rowsOf(project)).toEqual(['a']);
  });

  it('fails on the line it had in its file', async () => {
    const project = await liveProject('sqlite', {
      'a.mjs': revisionSource('a', null, table('ta'), drop('ta')),
      'b.ts': revisionSource('b', 'a', '', `  throw new Error('no way down');`),
    });
    await upgrade(project.config, 'head');
    remove(project, 'b.ts');
    await expect(downgrade(project.config, 'a')).rejects.toMatchObject({
      code: 'migration.failed',
      where: expect.stringMatching(/versions.b\.ts:11$/) as string,
    });
  });

  it('is taken down alone when the own branch is applied as well', async () => {
    const project = await liveProject('sqlite', revisions);
    await upgrade(project.config, 'head');
    project.write('d.mjs', revisionSource('d', 'a', table('td'), drop('td')));
    await upgrade(project.config, 'heads');
    remove(project, 'b.ts', 'c.sql');
    project.write('e.mjs', revisionSource('e', 'd', table('te'), drop('te')));
    const refusal = await upgrade(project.config, 'head').catch((error: unknown) => error);
    expect(refusal).toMatchObject({ hint: expect.stringMatching(/aludel downgrade c@a$/) as string });
    await downgrade(project.config, 'c@a');
    expect(await rowsOf(project)).toEqual(['d']);
    await upgrade(project.config, 'head');
    expect(await rowsOf(project)).toEqual(['e']);
  });

  it('that was a base of its own is taken down to base, and nothing else is', async () => {
    const project = await liveProject('sqlite', {
      'a.mjs': revisionSource('a', null, table('ta'), drop('ta')),
      'x.mjs': revisionSource('x', null, table('tx'), drop('tx')),
    });
    await upgrade(project.config, 'heads');
    remove(project, 'x.mjs');
    const refusal = await upgrade(project.config, 'heads').catch((error: unknown) => error);
    expect(refusal).toMatchObject({ hint: expect.stringMatching(/aludel downgrade x@base$/) as string });
    await downgrade(project.config, 'x@base');
    expect(await rowsOf(project)).toEqual(['a']);
  });

  it('that was a merge point is taken down by the command that the refusal names', async () => {
    const project = await liveProject('sqlite', {
      'a.mjs': revisionSource('a', null, table('ta'), drop('ta')),
      'b.mjs': revisionSource('b', null, table('tb'), drop('tb')),
      'm.mjs': revisionSource('m', null, '', '').replace('null;', `['a', 'b'];`),
    });
    await upgrade(project.config, 'heads');
    remove(project, 'm.mjs');
    const refusal = await upgrade(project.config, 'heads').catch((error: unknown) => error);
    expect(refusal).toMatchObject({ hint: expect.stringMatching(/aludel downgrade a$/) as string });
    await downgrade(project.config, 'a');
    expect(await rowsOf(project)).toEqual(['a', 'b']);
  });

  it('together with every other is not offered to be taken down: the directory is wrong', async () => {
    const project = await liveProject('sqlite', {
      'a.mjs': revisionSource('a', null, table('ta'), drop('ta')),
      'b.mjs': revisionSource('b', 'a', table('tb'), drop('tb')),
    });
    await upgrade(project.config, 'heads');
    remove(project, 'a.mjs');
    remove(project, 'b.mjs');
    await expect(upgrade(project.config, 'heads')).rejects.toMatchObject({
      code: 'database.unknown-revision',
      hint: expect.not.stringContaining('aludel downgrade') as string,
    });
  });

  it('that the journal never saw is only known by its row', async () => {
    const project = await liveProject('sqlite', { 'a.mjs': revisionSource('a', null, table('ta'), drop('ta')) });
    await upgrade(project.config, 'head');
    await project.query("UPDATE aludel_version SET version_num = 'zzz'");
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({
      code: 'database.unknown-revision',
      hint: expect.stringContaining('aludel stamp --purge') as string,
    });
    await expect(downgrade(project.config, 'base')).rejects.toMatchObject({ code: 'database.unknown-revision' });
    expect((await verify(project.config)).revisions).toEqual([
      { revision: 'zzz', state: 'unknown', path: null, applied_at: null, applied_by: null },
    ]);
  });
});
