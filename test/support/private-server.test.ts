import { createConnection } from 'mysql2/promise';
import { Client } from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { describeOn } from '../servers.ts';
import { startPrivateServer } from './private-server.ts';

async function count(url: string): Promise<number> {
  if (url.startsWith('mysql')) {
    const connection = await createConnection(url);
    const [rows] = await connection.query('SELECT * FROM mysql.kept');
    await connection.end();
    return (rows as readonly unknown[]).length;
  }
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query('SELECT * FROM kept');
  await client.end();
  return rows.length;
}

await describeOn('postgresql', 'a private server', () => {
  it('keeps its data over a restart', async () => {
    const server = await startPrivateServer('postgresql', ['-c', 'max_connections=17']);
    onTestFinished(() => server.remove());
    const client = new Client({ connectionString: server.url });
    client.on('error', () => undefined);
    await client.connect();
    expect((await client.query('SHOW max_connections')).rows).toEqual([{ max_connections: '17' }]);
    await client.query('CREATE TABLE kept AS SELECT 1 AS id');
    await server.stop();
    await expect(count(server.url)).rejects.toThrow(/ECONNREFUSED/);
    await server.start();
    expect(await count(server.url)).toBe(1);
  });
});

await describeOn('mysql', 'a private server', () => {
  it('keeps its data over a restart', async () => {
    const server = await startPrivateServer('mysql', ['--max-connections=17']);
    onTestFinished(() => server.remove());
    const connection = await createConnection(server.url);
    connection.on('error', () => undefined);
    const [rows] = await connection.query('SELECT @@max_connections AS n');
    expect(rows).toEqual([{ n: 17 }]);
    await connection.query('CREATE TABLE mysql.kept AS SELECT 1 AS id');
    await server.stop();
    await expect(count(server.url)).rejects.toThrow(/ECONNREFUSED/);
    await server.start();
    expect(await count(server.url)).toBe(1);
  });
});
