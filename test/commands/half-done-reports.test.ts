import { expect, test } from 'vitest';
import { current } from '../../src/commands/current.ts';
import { downgrade } from '../../src/commands/downgrade.ts';
import { describeHalfDone } from '../../src/commands/run/half-done-report.ts';
import { status } from '../../src/commands/status.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import { verify } from '../../src/commands/verify.ts';
import { describeOnEveryDialect } from '../servers.ts';
import { liveProject, revisionSource } from './live-project.ts';

const reports = {
  status,
  current,
  verify,
  'upgrade --plan': (config: Parameters<typeof upgrade>[0]) => upgrade(config, 'head', { plan: true }),
  'downgrade --plan': (config: Parameters<typeof upgrade>[0]) => downgrade(config, 'base', { plan: true }),
};

await describeOnEveryDialect('what looks at a database', (dialect) => {
  test('tells of a revision that is half done, until it is finished', async () => {
    const body = `await op.autocommit(() => op.execute('CREATE TABLE one (id INTEGER)'));
  await op.execute('SELECT 1 FROM gate');`;
    const project = await liveProject(dialect, {
      'a.mjs': revisionSource('a', null, ''),
      'b.mjs': revisionSource('b', 'a', body),
    });
    await upgrade(project.config, 'a');
    const reported = async (): Promise<Readonly<Record<string, unknown>>> =>
      Object.fromEntries(
        await Promise.all(
          Object.entries(reports).map(async ([name, look]) => [name, (await look(project.config)).half_done]),
        ),
      ) as Readonly<Record<string, unknown>>;
    const everywhere = (half_done: unknown) =>
      Object.fromEntries(Object.keys(reports).map((name) => [name, half_done]));

    expect(await reported()).toEqual(everywhere(null));
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({ code: 'migration.partial' });
    const { half_done } = await status(project.config);
    expect(half_done).toMatchObject({
      revision: 'b',
      direction: 'upgrade',
      statements: [{ number: 1, state: 'done' }],
    });
    expect(half_done === null ? '' : describeHalfDone(half_done)).toMatch(
      /^The upgrade of revision b, begun on .* is half done/,
    );
    expect(await reported()).toEqual(everywhere(half_done));
    await project.query('CREATE TABLE gate (id INTEGER)');
    await upgrade(project.config, 'head');
    expect(await reported()).toEqual(everywhere(null));
  });
});

await describeOnEveryDialect('what an operation or a revision asks of the schema', (dialect) => {
  test('is none of the statements that are told of', async () => {
    const body = `await op.autocommit(async () => {
    await op.inspect.hasTable('gate');
    await op.execute('CREATE TABLE one (id INTEGER)');
  });
  await op.execute('SELECT 1 FROM gate');`;
    const project = await liveProject(dialect, { 'a.mjs': revisionSource('a', null, body) });
    const hint = expect.stringMatching(/^1 statement of it took effect/m) as unknown;
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({ hint });
    await expect(upgrade(project.config, 'head')).rejects.toMatchObject({ hint });
    const { half_done } = await status(project.config);
    expect(half_done?.statements).toEqual([{ number: 2, state: 'done', sql: 'CREATE TABLE one (id INTEGER)' }]);
  });
});

await describeOnEveryDialect('a plan', (dialect) => {
  test('of revisions that do not load is refused, on a fresh database too', async () => {
    const project = await liveProject(dialect, { 'a.mjs': `import 'nowhere';\n${revisionSource('a', null, '')}` });
    const planned = upgrade(project.config, 'head', { plan: true });
    await expect(planned).rejects.toMatchObject({
      code: 'revision.not-loadable',
      message: expect.stringContaining('nowhere') as string,
    });
  });

  test('down to where there is no way is refused', async () => {
    const project = await liveProject(dialect, {
      'a.mjs': revisionSource('a', null, '').replace('downgrade', 'downgraed'),
    });
    await upgrade(project.config, 'head');
    await expect(downgrade(project.config, 'base', { plan: true })).rejects.toMatchObject({
      code: 'revision.no-downgrade',
    });
  });

  test('that one transaction cannot hold is refused', async () => {
    const project = await liveProject(dialect, {
      'a.mjs': revisionSource('a', null, 'await op.autocommit(async () => undefined);'),
    });
    await expect(upgrade(project.config, 'head', { plan: true, transactionMode: 'all' })).rejects.toMatchObject({
      code: 'usage.invalid',
    });
  });
});
