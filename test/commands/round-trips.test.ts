import { expect, onTestFinished, test } from 'vitest';
import { configAt } from '../../src/commands/invocation.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import { describeOn } from '../servers.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { liveProject, openedConnection, revisionSource } from './live-project.ts';

for (const dialect of ['postgresql', 'mysql'] as const) {
  await describeOn(dialect, 'round trips', () => {
    /** A project at a1 whose connections lead through a proxy that counts. */
    const counted = async () => {
      const project = await liveProject(dialect, {
        'a1.ts': revisionSource('a1', null, `await op.createTable('t', (table) => table.integer('n'));`),
      });
      await upgrade(project.config, 'head');
      const proxy = await startTcpProxy(project.url);
      onTestFinished(() => proxy.close());
      const url = proxy.through(project.url);
      // What ends a connection holds no words, and may come late.
      const asked = (): number => proxy.messages().filter((message) => /[a-z]{3}/i.test(message)).length;
      /** How many round trips something takes, those of connecting included. */
      const tripsOf = async (work: () => Promise<unknown>): Promise<number> => {
        const before = asked();
        await work();
        return asked() - before;
      };
      return { project, config: configAt({ ...project.config, url }), url, proxy, tripsOf };
    };

    test('an upgrade with nothing to do takes one connection and at most three', async () => {
      const { config, url, proxy, tripsOf } = await counted();
      const toConnect = await tripsOf(async () => (await openedConnection(url)).close());
      const trips = (await tripsOf(() => upgrade(config, 'head'))) - toConnect;
      expect(proxy.connections()).toBe(2);
      expect(trips).toBeGreaterThanOrEqual(1);
      expect(trips).toBeLessThanOrEqual(3);
    });

    // On MySQL what the catalogue shows, the intent with what is owed to the statement before, and the statement.
    const each = dialect === 'mysql' ? 3 : 1;

    test(`another table costs ${each}`, async () => {
      const { project, config, tripsOf } = await counted();
      const create = (name: string): string => `await op.createTable('${name}', (table) => table.integer('n'));`;
      project.write('b2.ts', revisionSource('b2', 'a1', create('t2')));
      const one = await tripsOf(() => upgrade(config, 'head'));
      project.write('c3.ts', revisionSource('c3', 'b2', create('t3') + create('t4')));
      expect(await tripsOf(() => upgrade(config, 'head'))).toBe(one + each);
    });

    test('limits cost none', async () => {
      const { project, config, tripsOf } = await counted();
      const insert = `await op.execute('INSERT INTO t VALUES (1)');`;
      project.write('b2.ts', revisionSource('b2', 'a1', insert));
      const without = await tripsOf(() => upgrade(config, 'head'));
      project.write('c3.ts', revisionSource('c3', 'b2', insert));
      const limits = { tableLockTimeoutMs: 5000, statementTimeoutMs: 60_000 };
      expect(await tripsOf(() => upgrade(config, 'head', limits))).toBe(without);
    });
  });
}
