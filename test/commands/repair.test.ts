import { EventEmitter, once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { DialectName } from '../../src/dialects/connection.ts';
import { downgrade } from '../../src/commands/downgrade.ts';
import { repair } from '../../src/commands/repair.ts';
import { stamp } from '../../src/commands/stamp.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import { describeOnEveryDialect } from '../servers.ts';
import { liveProject, revisionSource, type LiveProject } from './live-project.ts';

/** `b` puts two rows into the table of `a`, each committed by itself; in between it waits until `release` is called. */
async function projectThatPauses(dialect: DialectName) {
  const gate = `pause_${String(Math.random()).slice(2)}`;
  const door = new EventEmitter();
  const reached = once(door, 'reached');
  Object.assign(globalThis, {
    [gate]: async () => {
      door.emit('reached');
      await once(door, 'open');
    },
  });
  const insert = 'await op.execute("INSERT INTO one VALUES (1)");';
  const body = `await op.autocommit(async () => { ${insert} await globalThis.${gate}(); ${insert} });`;
  const project = await liveProject(dialect, {
    'a.mjs': revisionSource('a', null, "await op.execute('CREATE TABLE one (id INTEGER)');"),
    'b.mjs': revisionSource('b', 'a', body),
    'c.mjs': revisionSource('c', 'b', `await op.autocommit(async () => { ${insert} throw new Error('slip'); });`),
  });
  return { project, reached, release: () => void door.emit('open') };
}

/** Calls back once somebody waits for the migration lock. */
const whenItWaits =
  (then: () => void) =>
  ({ kind }: { readonly kind: string }): void => {
    if (kind === 'waiting-for-lock') then();
  };

const rowsOf = async (project: LiveProject): Promise<number> => (await project.query('SELECT * FROM one')).length;

await describeOnEveryDialect('repair beside a run that is under way', (dialect) => {
  test('resumes nothing once that run has finished', async () => {
    const { project, reached, release } = await projectThatPauses(dialect);
    const running = upgrade(project.config, 'b');
    await reached;
    const report = await repair(project.config, { repair: 'resume', onEvent: whenItWaits(release) });
    expect(report).toMatchObject({ half_done: null, action: 'none', heads_after: ['b'] });
    await running;
    expect(await rowsOf(project)).toBe(2);
  });

  test('takes no answer for a revision that came to be half done only later', async () => {
    const { project, reached, release } = await projectThatPauses(dialect);
    const running = upgrade(project.config, 'head').catch((error: unknown) => error);
    await reached;
    const report = await repair(project.config, { repair: 'mark-applied', onEvent: whenItWaits(release) });
    expect(report).toMatchObject({ half_done: { revision: 'c' }, action: 'none', heads_after: ['b'] });
    expect(await running).toMatchObject({ code: 'migration.partial' });
    expect((await repair(project.config)).half_done).toMatchObject({ revision: 'c' });
  });
});

await describeOnEveryDialect('repair', (dialect) => {
  test('takes the answer that it was undone also when its file is gone', async () => {
    const slip = "await op.autocommit(() => op.execute('CREATE TABLE one (id INTEGER)')); throw new Error('slip');";
    const project = await liveProject(dialect, { 'a.mjs': revisionSource('a', null, slip) });
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({ code: 'migration.partial' });
    await project.query('DROP TABLE one');
    rmSync(join(project.directory, 'versions', 'a.mjs'));
    for (const answer of ['mark-applied', 'resume'] as const) {
      await expect(repair(project.config, { repair: answer })).rejects.toMatchObject({
        code: 'database.unknown-revision',
        hint: expect.stringMatching(/check out the branch .*\n.* aludel repair --mark-reverted\.$/) as unknown,
      });
    }
    const report = await repair(project.config, { repair: 'mark-reverted' });
    expect(report).toMatchObject({ action: 'marked-reverted', heads_after: [] });
    expect((await repair(project.config)).half_done).toBeNull();
  });

  const downgradeWithoutFile = async (prepare: (project: LiveProject) => Promise<unknown>): Promise<LiveProject> => {
    const slip = "await op.autocommit(() => op.execute('DROP TABLE one')); throw new Error('slip');";
    const create = "await op.execute('CREATE TABLE one (id INTEGER)');";
    const project = await liveProject(dialect, { 'a.mjs': revisionSource('a', null, create, slip) });
    await prepare(project);
    await expect(downgrade(project.config, 'base')).rejects.toMatchObject({ code: 'migration.partial' });
    rmSync(join(project.directory, 'versions', 'a.mjs'));
    return project;
  };

  test.for([
    ['mark-applied', ['a']],
    ['mark-reverted', []],
  ] as const)('takes an answer about a downgrade whose file is gone: %s', async ([answer, heads_after]) => {
    const project = await downgradeWithoutFile(({ config }) => upgrade(config, 'head'));
    expect(await repair(project.config, { repair: answer })).toMatchObject({ heads_after });
    expect((await repair(project.config)).half_done).toBeNull();
  });

  test('says which answer is left where the journal kept nothing of that file', async () => {
    const project = await downgradeWithoutFile(async ({ config, query }) => {
      await query('CREATE TABLE one (id INTEGER)');
      await stamp(config, ['head']);
    });
    await expect(repair(project.config, { repair: 'mark-reverted' })).rejects.toMatchObject({
      code: 'database.unknown-revision',
      hint: expect.stringMatching(/check out the branch .*\n.* aludel repair --mark-applied\.$/) as unknown,
    });
    expect(await repair(project.config, { repair: 'mark-applied' })).toMatchObject({ heads_after: ['a'] });
  });

  test('does not claim to have settled what was never in doubt', async () => {
    const project = await liveProject(dialect, {
      'a.mjs': revisionSource(
        'a',
        null,
        "await op.autocommit(() => op.execute('CREATE TABLE one (id INTEGER)')); throw new Error('slip');",
      ),
    });
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({ code: 'migration.partial' });
    const report = await repair(project.config, { repair: 'assume-done' });
    expect(report).toMatchObject({ half_done: { revision: 'a' }, action: 'none' });
  });
});
