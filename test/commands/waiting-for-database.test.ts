import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { current } from '../../src/commands/current.ts';
import { configAt, type RunEvent } from '../../src/commands/invocation.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import { describeOn } from '../servers.ts';
import { freePort, startPrivateServer, type PrivateServer } from '../support/private-server.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { liveProject, revisionSource } from './live-project.ts';

const revisions = { 'a1.ts': revisionSource('a1', null, `await op.createTable('t', (t) => t.increments('id'));`) };

/** Longer than any test waits, so that a wait which should not be is noticed. */
const waitForDbMs = 60_000;

/** The reasons for waiting that a command was told, and how long it took. */
async function watched<T>(
  command: (options: { readonly onEvent: (event: RunEvent) => void }) => Promise<T>,
): Promise<{ readonly reasons: readonly string[]; readonly result: T | Error; readonly tookMs: number }> {
  const reasons: string[] = [];
  const startedAt = performance.now();
  const onEvent = (event: RunEvent): void => {
    if (event.kind === 'waiting-for-database') reasons.push(event.reason);
  };
  const result = await command({ onEvent }).catch((error: Error) => error);
  return { reasons, result, tookMs: performance.now() - startedAt };
}

for (const dialect of ['postgresql', 'mysql'] as const) {
  await describeOn(dialect, 'a database that cannot be reached', () => {
    test('is waited for until it answers, by every command, which says so once', async () => {
      const { config, url } = await liveProject(dialect, revisions);
      const port = await freePort();
      const late = new URL(url);
      late.port = String(port);
      const lateConfig = configAt({ ...config, url: late.href, waitForDbMs });
      const upgrading = watched((options) => upgrade(lateConfig, 'head', options));
      const asking = watched((options) => current(lateConfig, options));
      await sleep(1000);
      const proxy = await startTcpProxy(url, { port });
      onTestFinished(() => proxy.close());

      expect(await upgrading).toMatchObject({
        reasons: [expect.stringContaining('ECONNREFUSED')],
        result: { heads_after: ['a1'] },
      });
      expect(await asking).toMatchObject({ reasons: [expect.stringContaining('ECONNREFUSED')], result: {} });
    });

    test('by a socket that is not there is told so', async () => {
      const socket = { postgresql: 'postgresql:///db?host=/no/such', mysql: 'mysql:///db?socketPath=/no/such' }[
        dialect
      ];
      await expect(current(configAt({ url: socket }))).rejects.toMatchObject({
        code: 'database.unreachable',
        where: socket,
        hint: 'No server listens on this socket; check its path, and that the server runs.',
      });
    });

    test('is not waited for unless that was asked for', async () => {
      const { config, url } = await liveProject(dialect, revisions);
      const closed = new URL(url);
      closed.port = String(await freePort());
      const { reasons, result } = await watched((options) =>
        upgrade(configAt({ ...config, url: closed.href }), 'head', options),
      );
      expect(result).toMatchObject({ code: 'database.unreachable' });
      expect(reasons).toEqual([]);
    });

    test('is given up when the time is over', async () => {
      const { config, url } = await liveProject(dialect, revisions);
      const nowhere = new URL(url);
      nowhere.hostname = 'no-such-host.invalid';
      const { reasons, result, tookMs } = await watched((options) =>
        upgrade(configAt({ ...config, url: nowhere.href, waitForDbMs: 700 }), 'head', options),
      );
      expect(result).toMatchObject({ code: 'database.unreachable' });
      expect(reasons).toEqual([expect.stringMatching(/ENOTFOUND|EAI_AGAIN/)]);
      expect(tookMs).toBeGreaterThanOrEqual(700);
    });

    test('and swallows every byte is tried again before the time is over', async () => {
      const { config, url } = await liveProject(dialect, revisions);
      const proxy = await startTcpProxy(url);
      onTestFinished(() => proxy.close());
      proxy.pause();
      const led = configAt({ ...config, url: proxy.through(url), waitForDbMs: 1500 });
      const { result, tookMs } = await watched((options) => upgrade(led, 'head', options));
      expect(result).toMatchObject({ code: 'database.unreachable' });
      expect(tookMs).toBeLessThan(10_000);
    });

    test.each([
      ['database', (url: URL) => (url.pathname = '/no_such_database'), /no_such_database/],
      ['role', (url: URL) => (url.username = 'no_such_role'), /no_such_role/],
    ])('for want of a %s is not waited for', async (_what, change, words) => {
      const { config, url } = await liveProject(dialect, revisions);
      const wrong = new URL(url);
      change(wrong);
      const { reasons, result, tookMs } = await watched((options) =>
        upgrade(configAt({ ...config, url: wrong.href, waitForDbMs }), 'head', options),
      );
      expect(result).toMatchObject({ code: 'database.unreachable', message: expect.stringMatching(words) as unknown });
      expect(reasons).toEqual([]);
      expect(tookMs).toBeLessThan(waitForDbMs / 2);
    });
  });
}

describe('a server that is not up', () => {
  let server: PrivateServer;

  beforeAll(async () => {
    server = await startPrivateServer('postgresql');
  });
  afterAll(async () => server.remove());

  test('is waited for while it starts', async () => {
    await server.stop();
    const config = configAt({ url: server.url, waitForDbMs });
    const asking = watched((options) => current(config, options));
    await sleep(300);
    await server.start();
    const { result, reasons } = await asking;
    expect(result).toMatchObject({ revisions: [] });
    expect(reasons.length).toBeGreaterThanOrEqual(1);
  });

  test('refuses a wrong password at once', async () => {
    const wrong = new URL(server.url);
    wrong.password = 'not-the-password';
    const { reasons, result } = await watched((options) =>
      current(configAt({ url: wrong.href, waitForDbMs }), options),
    );
    expect(result).toMatchObject({ code: 'database.unreachable', hint: 'Check the user name and the password.' });
    expect((result as Error).message).not.toContain('not-the-password');
    expect(reasons).toEqual([]);
  });
});
