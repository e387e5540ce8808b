import { writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { userName } from '../../src/environment/system.ts';
import { liveProject } from '../commands/live-project.ts';
import { describeOnEveryDialect } from '../servers.ts';
import { expectError, fileExists, revision, start, tableRevision, untilToldToGoOn } from './project.ts';

const waits = `
  await op.execute('INSERT INTO a1 VALUES (1)');${untilToldToGoOn}`;

await describeOnEveryDialect('a run that waits for the lock', (dialect) => {
  it('says on stderr which process of which user has it, since when and at which revision', async () => {
    const { directory, url } = await liveProject(dialect, {
      'a1.ts': tableRevision('a1'),
      'b1.ts': revision('b1', { down: 'a1', upgrade: waits }),
    });
    const upgrade = ['upgrade', 'head', '--url', url];
    const before = Date.now();
    const holder = start(directory, upgrade);
    await fileExists(join(directory, 'reached'));

    const waiter = start(directory, upgrade);
    const line = await firstLineOf(waiter.child.stderr);
    const refused = await start(directory, [...upgrade, '--lock-timeout', '0']).finished;
    writeFileSync(join(directory, 'go-on'), '');

    const named = `held by ${userName()}@${hostname()} pid ${holder.child.pid}, since `;
    expect(line).toContain(`waiting for the migration lock, ${named}`);
    // Where a revision is a transaction, nobody else sees the one that is under way.
    expect(line).toContain(`, at revision ${dialect === 'mysql' ? 'b1' : 'a1'}`);
    const since = Date.parse(/since ([^,]+),/.exec(line)?.[1] ?? '');
    // The servers tell whole seconds.
    expect(since).toBeGreaterThan(before - 1000);
    expect(since).toBeLessThanOrEqual(Date.now());
    expectError(refused, 'database.locked', `was not obtained; it is ${named}`);
    expect(await holder.finished).toMatchObject({ code: 0 });
    expect(await waiter.finished).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Nothing to do') as string,
    });
  });
});

/** Settles with the first line, or with everything when the stream ends before. */
async function firstLineOf(stream: NodeJS.ReadableStream | null): Promise<string> {
  let text = '';
  return await new Promise((resolve) => {
    stream?.on('data', (chunk: string) => {
      text += chunk;
      const [line, rest] = text.split('\n');
      if (rest !== undefined) resolve(line ?? '');
    });
    stream?.on('end', () => resolve(text));
  });
}
