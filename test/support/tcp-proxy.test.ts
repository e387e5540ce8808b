import { Client } from 'pg';
import { createConnection } from 'mysql2/promise';
import { expect, it, onTestFinished } from 'vitest';
import type { DialectName } from '../../src/dialects/connection.ts';
import { createDatabase, describeOn } from '../servers.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

async function proxyOf(dialect: DialectName): Promise<{ readonly proxy: TcpProxy; readonly url: string }> {
  const database = await createDatabase(dialect);
  const proxy = await startTcpProxy(database.url);
  onTestFinished(async () => {
    await proxy.close();
    await database.drop();
  });
  return { proxy, url: proxy.through(database.url) };
}

await describeOn('postgresql', 'a proxy', (dialect) => {
  it('forwards, and counts each question with its answer once', async () => {
    const { proxy, url } = await proxyOf(dialect);
    const client = new Client({ connectionString: url });
    await client.connect();
    const before = proxy.messages().length;
    expect((await client.query("SELECT repeat('x', 100000) AS text")).rows[0]).toEqual({ text: 'x'.repeat(100_000) });
    await client.query(`SELECT '${'y'.repeat(300_000)}'`);
    expect(proxy.messages()).toHaveLength(before + 2);
    expect(proxy.messages().at(-2)).toContain('SELECT repeat');
    expect(proxy.connections()).toBe(1);
    await client.end();
  });

  it('keeps a statement, or only its answer, from arriving', async () => {
    const { proxy, url } = await proxyOf(dialect);
    for (const [moment, table] of [
      ['before-request', 'never'],
      ['before-answer', 'made'],
    ] as const) {
      const client = new Client({ connectionString: url });
      client.on('error', () => undefined);
      await client.connect();
      const cut = proxy.cutAt('CREATE TABLE', moment);
      await expect(client.query(`CREATE TABLE ${table} (id INT)`)).rejects.toThrow(/ECONNRESET|terminated/);
      await cut;
    }
    const client = new Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query("SELECT to_regclass('never') AS never, to_regclass('made')::text AS made");
    expect(rows).toEqual([{ never: null, made: 'made' }]);
    await client.end();
  });
});

await describeOn('mysql', 'a proxy', (dialect) => {
  it('holds bytes back until it is resumed, and cuts', async () => {
    const { proxy, url } = await proxyOf(dialect);
    const connection = await createConnection(url);
    connection.on('error', () => undefined);
    proxy.pause();
    let answered = false;
    const asked = connection.query('SELECT 1').then(() => (answered = true));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(answered).toBe(false);
    proxy.resume();
    await asked;
    const slow = connection.query('SELECT SLEEP(30)');
    proxy.cut();
    await expect(slow).rejects.toThrow(/ECONNRESET|closed/);
  });
});
