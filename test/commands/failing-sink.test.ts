import { expect, onTestFinished, test } from 'vitest';
import type { RunEvent } from '../../src/commands/invocation.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import { describeOnEveryDialect } from '../servers.ts';
import { liveProject, revisionSource } from './live-project.ts';

await describeOnEveryDialect('an onEvent that fails', (dialect) => {
  test.for([
    [
      'by throwing',
      (): void => {
        throw new Error('no disk');
      },
    ],
    [
      'by rejecting',
      async (): Promise<void> => {
        throw new Error('no disk');
      },
    ],
  ] as const)('changes nothing in the run, %s, and the process is warned once', async ([, fail]) => {
    const project = await liveProject(dialect, {
      'a1.ts': revisionSource('a1', null, `await op.createTable('t', (table) => table.integer('n'));`),
      'b2.ts': revisionSource('b2', 'a1', `await op.execute('INSERT INTO t VALUES (1)');`),
    });
    const warnings: Error[] = [];
    const hear = (warning: Error): void => void warnings.push(warning);
    process.on('warning', hear);
    onTestFinished(() => void process.off('warning', hear));
    const heard: RunEvent['kind'][] = [];
    const onEvent = (event: RunEvent): unknown => {
      heard.push(event.kind);
      return fail();
    };
    await upgrade(project.config, 'head', { onEvent });
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(heard.length).toBeGreaterThan(5);
    expect(await project.query('SELECT version_num FROM aludel_version')).toEqual([{ version_num: 'b2' }]);
    expect(await project.query('SELECT n FROM t')).toEqual([{ n: 1 }]);
    expect(warnings.filter(({ name }) => name === 'AludelWarning').map(({ message }) => message)).toEqual([
      'onEvent failed, and the run goes on: no disk',
    ]);
  });
});
