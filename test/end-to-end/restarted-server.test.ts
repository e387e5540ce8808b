/** Servers that are restarted, or crash, under a run. They are private ones. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { describeOn } from '../servers.ts';
import { startPrivateServer, type PrivateServer } from '../support/private-server.ts';
import {
  expectError,
  fileExists,
  pauseInRevision,
  projectOf,
  revision,
  start,
  tableRevision,
  type Finished,
} from './project.ts';

type Row = Readonly<Record<string, unknown>>;

/** A connection of the test's own. */
interface Asker {
  ask(sql: string): Promise<readonly Row[]>;
  close(): Promise<void>;
}

async function connectTo(url: string): Promise<Asker> {
  if (url.startsWith('mysql')) {
    const connection = await createConnection(url);
    connection.on('error', () => undefined);
    return {
      ask: async (sql) => (await connection.query(sql))[0] as readonly Row[],
      close: () => connection.end().catch(() => undefined),
    };
  }
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return { ask: async (sql) => (await client.query<Row>(sql)).rows, close: () => client.end() };
}

async function ask(url: string, sql: string): Promise<readonly Row[]> {
  const asker = await connectTo(url);
  try {
    return await asker.ask(sql);
  } finally {
    await asker.close();
  }
}

/** Settles when a question is answered with a row; fails when the run that is watched ends first. */
async function untilThere(url: string, question: string, running: Promise<Finished>): Promise<void> {
  const asker = await connectTo(url);
  const ended = running.then(({ stderr }) => {
    throw new Error(`the run ended first: ${stderr}`);
  });
  while ((await Promise.race([asker.ask(question), ended])).length === 0) {
    await Promise.race([new Promise((resolve) => setTimeout(resolve, 20)), ended]);
  }
  // It will end, once it has been watched.
  ended.catch(() => undefined);
  await asker.close();
}

let databases = 0;

/** Makes a database on a server, and answers its URL. */
async function databaseOn(serverUrl: string): Promise<string> {
  const name = `app${++databases}`;
  await ask(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

const upgrade = (project: string, url: string) => start(project, ['upgrade', 'head', '--url', url]).finished;

async function expectAppliedOnce(url: string, revisions: readonly string[]): Promise<void> {
  const applied = await ask(url, "SELECT revision FROM aludel_log WHERE event = 'applied' ORDER BY id");
  expect(applied.map((row) => row['revision'])).toEqual(revisions);
}

for (const dialect of ['postgresql', 'mysql'] as const) {
  await describeOn(dialect, 'a server that is restarted under a run', () => {
    let server: PrivateServer;
    beforeAll(async () => {
      server = await startPrivateServer(dialect);
    });
    afterAll(() => server.remove());

    it('between two revisions: the run stops before the next statement, and the next run finishes', async () => {
      const url = await databaseOn(server.url);
      const project = projectOf({
        'a1.ts': tableRevision('a1'),
        'b1.ts': revision('b1', {
          down: 'a1',
          upgrade: `${pauseInRevision}  await op.execute('INSERT INTO a1 (id) VALUES (1)');`,
        }),
      });
      const running = upgrade(project, url);
      await fileExists(join(project, 'reached'));
      await server.stop();
      const refused = await upgrade(project, url);
      await server.start();
      writeFileSync(join(project, 'go-on'), '');
      expectError(refused, 'database.unreachable');
      expectError(await running, 'database.connection-lost', 'before its next statement', 'Run the same command again');

      expect(await upgrade(project, url)).toMatchObject({ code: 0 });
      expect(await ask(url, 'SELECT id FROM a1')).toHaveLength(1);
      await expectAppliedOnce(url, ['a1', 'b1']);
    });
  });
}

await describeOn('postgresql', 'a server that crashes', () => {
  it('in the middle of CREATE INDEX CONCURRENTLY: the next run drops what is left of it and builds it again', async () => {
    const server = await startPrivateServer('postgresql');
    onTestFinished(() => server.remove());
    const url = await databaseOn(server.url);
    const project = projectOf({
      'a1.ts': tableRevision('a1'),
      'b1.sql': `-- revision: b1
-- down_revision: a1
-- migrate:up transaction:false
INSERT INTO a1 (id) VALUES (1);
CREATE INDEX CONCURRENTLY a1_again ON a1 (id);
UPDATE a1 SET id = id + 1;
`,
    });
    expect(await start(project, ['upgrade', 'a1', '--url', url]).finished).toMatchObject({ code: 0 });
    // It waits for every transaction that has written to the table.
    const writer = await connectTo(url);
    await writer.ask('BEGIN');
    await writer.ask('INSERT INTO a1 (id) VALUES (100)');
    const running = upgrade(project, url);
    await untilThere(
      url,
      "SELECT 1 FROM pg_stat_progress_create_index WHERE phase LIKE 'waiting for writers%'",
      running,
    );
    await server.crash();
    expectError(await running, 'database.connection-lost', 'b1.sql:5', 'It finds out whether');
    await server.start();
    const index = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'a1_again'::regclass";
    expect(await ask(url, index)).toEqual([{ indisvalid: false }]);

    expect(await upgrade(project, url)).toMatchObject({ code: 0 });
    expect(await ask(url, index)).toEqual([{ indisvalid: true }]);
    expect(await ask(url, 'SELECT id FROM a1')).toEqual([{ id: 2 }]);
    await expectAppliedOnce(url, ['a1', 'b1']);
  });
});

await describeOn('mysql', 'a server that crashes', () => {
  it('in the middle of ALTER TABLE: the next run finds out that it did not take place, and goes on from there', async () => {
    const server = await startPrivateServer('mysql');
    onTestFinished(() => server.remove());
    const url = await databaseOn(server.url);
    const project = projectOf({
      'a1.sql': `-- revision: a1
-- down_revision: null
-- migrate:up
CREATE TABLE big (id INT PRIMARY KEY, n INT NOT NULL);
INSERT INTO big SELECT seq, 0 FROM seq_1_to_400000;
UPDATE big SET n = n + 1 WHERE id <= 10;
ALTER TABLE big ADD COLUMN label VARCHAR(20) NOT NULL DEFAULT 'x', ALGORITHM = COPY;
UPDATE big SET n = n + 1 WHERE id <= 10;
`,
    });
    const running = upgrade(project, url);
    await untilThere(
      server.url,
      "SELECT 1 FROM information_schema.PROCESSLIST WHERE STATE = 'copy to tmp table' AND INFO LIKE 'ALTER TABLE big%'",
      running,
    );
    await server.crash();
    expectError(await running, 'database.connection-lost', 'a1.sql:7', 'It finds out whether');
    await server.start();

    expect(await upgrade(project, url)).toMatchObject({ code: 0 });
    expect(
      await ask(url, 'SELECT MIN(n) AS n, MAX(label) AS label, COUNT(*) AS rows_ FROM big WHERE id <= 10'),
    ).toEqual([{ n: 2, label: 'x', rows_: 10 }]);
    await expectAppliedOnce(url, ['a1']);
  });
});
