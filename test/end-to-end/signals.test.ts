import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { configAt } from '../../src/commands/invocation.ts';
import { upgrade } from '../../src/commands/upgrade.ts';
import type { Connection, DialectName } from '../../src/dialects/connection.ts';
import { dialectOf } from '../../src/dialects/registry.ts';
import { connectSqlite } from '../../src/dialects/sqlite/driver.ts';
import { parseDatabaseUrl } from '../../src/environment/config/database-url.ts';
import { createDatabase, describeOn, describeOnEveryDialect } from '../servers.ts';
import {
  addFiles,
  aludel,
  directoryOf,
  fileExists,
  report,
  revision,
  start,
  succeed,
  tableRevision,
} from './project.ts';

/** A statement that takes a minute unless it is cancelled. */
const aMinute: Readonly<Record<DialectName, string>> = {
  sqlite:
    'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000000) SELECT count(*) FROM n',
  postgresql: 'SELECT pg_sleep(60)',
  mysql: 'SELECT SLEEP(60)',
};

/** Creates a table, writes the file `reached` and runs for a minute. */
function slow(id: string, down: string, statement: string): string {
  return revision(id, {
    down,
    upgrade: `
  const { writeFileSync } = await import('node:fs');
  await op.execute('CREATE TABLE ${id} (id INTEGER PRIMARY KEY)');
  setTimeout(() => writeFileSync('reached', ''), 200);
  await op.execute(${JSON.stringify(statement)});`,
    downgrade: `  await op.dropTable('${id}');`,
  });
}

interface Project {
  readonly directory: string;
  readonly url: string;
}

async function projectOn(dialect: DialectName, files: Readonly<Record<string, string>>): Promise<Project> {
  const database = await createDatabase(dialect);
  onTestFinished(() => database.drop());
  const versions = Object.entries(files).map(([name, text]) => [`versions/${name}`, text] as const);
  return { directory: directoryOf(Object.fromEntries(versions)), url: database.url };
}

/** Starts an upgrade, sends the signal when the slow statement is under way, and tells how it ended. */
async function interrupted({ directory, url }: Project, signal: NodeJS.Signals, ...args: readonly string[]) {
  const { child, finished } = start(directory, ['upgrade', 'head', '--url', url, ...args]);
  await fileExists(join(directory, 'reached'));
  const sentAt = performance.now();
  child.kill(signal);
  const run = await finished;
  return { ...run, tookMs: performance.now() - sentAt };
}

await describeOnEveryDialect('a signal', (dialect) => {
  const rollsBack = dialect !== 'mysql';

  it('cancels the statement under way, rolls back, frees the lock, and the next run completes', async () => {
    const project = await projectOn(dialect, {
      'a1.ts': tableRevision('a1'),
      'b1.ts': slow('b1', 'a1', aMinute[dialect]),
    });
    const { directory, url } = project;
    const run = await interrupted(project, 'SIGTERM');
    expect(run.tookMs).toBeLessThan(10_000);
    expect(run).toMatchObject({ code: rollsBack ? 1 : 4, stdout: '' });
    expect(run.stderr).toContain('interrupted by SIGTERM: stopping');
    expect(run.stderr).toMatch(rollsBack ? /^migration\.interrupted: /m : /^migration\.partial: /m);
    expect(run.stderr).toContain('Run the same command again to go on.');
    expect(await report(directory, 'current', '--url', url)).toMatchObject({ revisions: [{ revision: 'a1' }] });
    const { entries } = (await report(directory, 'log', '--url', url)) as { entries: readonly unknown[] };
    expect(entries[0]).toMatchObject({
      event: 'failed',
      revision: 'b1',
      message: expect.stringContaining('interrupted by SIGTERM') as string,
    });

    addFiles(directory, { 'versions/b1.ts': slow('b1', 'a1', 'SELECT 1') });
    const again = await aludel(directory, 'upgrade', 'head', '--lock-timeout', '0', '--url', url);
    expect(again).toMatchObject({ code: 0 });
    expect(await report(directory, 'current', '--url', url)).toMatchObject({ revisions: [{ revision: 'b1' }] });
  });

  it('in the code between two statements stops the run at once, whatever the code waits for', async () => {
    const project = await projectOn(dialect, {
      'a1.ts': revision('a1', {
        upgrade: `
  const { writeFileSync } = await import('node:fs');
  writeFileSync('reached', '');
  await new Promise((done) => setTimeout(done, 60_000));
  await op.execute('CREATE TABLE never (id INTEGER)');`,
      }),
    });
    const run = await interrupted(project, 'SIGINT', '--json');
    expect(run.tookMs).toBeLessThan(10_000);
    expect(run.code).toBe(1);
    expect(JSON.parse(run.stdout)).toMatchObject({
      error: { code: 'migration.interrupted', facts: { revision: 'a1' } },
    });
    expect(await report(project.directory, 'current', '--url', project.url)).toMatchObject({ revisions: [] });
  });

  it('ends the waiting for the lock', async () => {
    const project = await projectOn(dialect, {
      'a1.ts': tableRevision('a1'),
      'b1.ts': slow('b1', 'a1', aMinute[dialect]),
    });
    const { directory, url } = project;
    const holder = start(directory, ['upgrade', 'head', '--url', url]);
    await fileExists(join(directory, 'reached'));
    const waiter = start(directory, ['upgrade', 'head', '--url', url]);
    await new Promise<void>((resolve) => {
      waiter.child.stderr?.on('data', (text: string) => text.includes('waiting for the migration lock') && resolve());
    });
    waiter.child.kill('SIGTERM');
    const waited = await waiter.finished;
    expect(waited.code).toBe(1);
    expect(waited.stderr).toMatch(/migration\.interrupted: .*interrupted by SIGTERM before it began/);
    holder.child.kill('SIGTERM');
    expect((await holder.finished).code).toBe(rollsBack ? 1 : 4);
  });
});

/** Lets `use` work with a session of its own on the project's database. */
async function besides<T>(
  { directory, url }: Project,
  dialect: DialectName,
  use: (session: Connection) => Promise<T>,
): Promise<T> {
  const session = await (
    await dialectOf(dialect)
  ).connect(parseDatabaseUrl(url, directory), { applicationName: 'test', busyTimeoutMs: 0, readOnly: false });
  try {
    return await use(session);
  } finally {
    await session.close();
  }
}

/** Creates an index by a statement that commits by itself, 300 ms after the file `reached` was written. */
const indexing = (statement: string): string =>
  revision('b1', {
    down: 'a1',
    upgrade: `
  const { writeFileSync } = await import('node:fs');
  setTimeout(() => writeFileSync('reached', ''), 300);
  await op.autocommit(async () => {
    await op.execute(${JSON.stringify(statement)});
  });`,
  });

await describeOn('postgresql', 'a signal while an index is built concurrently', () => {
  it('ends the run while another session still holds the table, and the next run builds the index anew', async () => {
    const project = await projectOn('postgresql', { 'a1.ts': tableRevision('a1') });
    const { directory, url } = project;
    await succeed(directory, 'upgrade', 'head', '--url', url);
    addFiles(directory, { 'versions/b1.ts': indexing('CREATE INDEX CONCURRENTLY a1_id ON a1 (id)') });
    const indexes = "SELECT indisvalid FROM pg_index WHERE indrelid = 'a1'::regclass AND NOT indisprimary";
    const holding = ['BEGIN', 'INSERT INTO a1 VALUES (1)'];
    const run = await besides(project, 'postgresql', async (session) => {
      for (const sql of holding) await session.query(sql);
      return await interrupted(project, 'SIGTERM');
    });
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.tookMs).toBeLessThan(10_000);
    expect(run.stderr).toContain('migration.interrupted: ');
    await succeed(directory, 'upgrade', 'head', '--url', url);
    expect(await besides(project, 'postgresql', (session) => session.query(indexes))).toMatchObject({
      rows: [{ indisvalid: true }],
    });
  });
});

await describeOn('mysql', 'a signal while a statement waits for a table', () => {
  it('leaves the table as it was, and the next run changes it', async () => {
    const project = await projectOn('mysql', { 'a1.ts': tableRevision('a1') });
    const { directory, url } = project;
    await succeed(directory, 'upgrade', 'head', '--url', url);
    addFiles(directory, { 'versions/b1.ts': indexing('CREATE INDEX a1_again ON a1 (id)') });
    const indexes = "SHOW INDEX FROM a1 WHERE Key_name = 'a1_again'";
    const holding = ['START TRANSACTION', 'SELECT * FROM a1'];
    const run = await besides(project, 'mysql', async (session) => {
      for (const sql of holding) await session.query(sql);
      return await interrupted(project, 'SIGTERM');
    });
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toContain('migration.interrupted: ');
    expect(await besides(project, 'mysql', (session) => session.query(indexes))).toMatchObject({ rows: [] });
    await succeed(directory, 'upgrade', 'head', '--url', url);
    expect(await besides(project, 'mysql', (session) => session.query(indexes))).toMatchObject({ rows: [{}] });
  });
});

describe('a second signal', () => {
  it('ends the process at once', async () => {
    const { directory, url } = await projectOn('sqlite', { 'a1.ts': tableRevision('a1') });
    addFiles(directory, { 'migrate.config.json': '{ "busyTimeout": "60s" }' });
    await succeed(directory, 'upgrade', 'head', '--url', url);
    // A statement that waits for another connection's transaction is deaf to the first signal.
    const other = await connectSqlite(parseDatabaseUrl(url, directory), {
      applicationName: 'test',
      busyTimeoutMs: 0,
      readOnly: false,
    });
    onTestFinished(() => other.close());
    await other.script('BEGIN IMMEDIATE');
    addFiles(directory, { 'versions/b1.ts': slow('b1', 'a1', 'SELECT 1') });
    const { child, finished } = start(directory, ['upgrade', 'head', '--url', url]);
    const heard = new Promise<void>((resolve) => {
      child.stderr?.on('data', (text: string) => text.includes('interrupted by SIGTERM') && resolve());
    });
    await new Promise((resolve) => setTimeout(resolve, 2000));
    child.kill('SIGTERM');
    await heard;
    // One that follows at once is an echo: npx passes on what the terminal has sent already.
    child.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(child.exitCode).toBe(null);
    child.kill('SIGTERM');
    const sentAt = performance.now();
    await finished;
    // A shell tells this as 128 and the number of the signal.
    expect(child).toMatchObject({ exitCode: null, signalCode: 'SIGTERM' });
    expect(performance.now() - sentAt).toBeLessThan(5000);
  });
});

describe('the library', () => {
  it('is stopped by an AbortSignal, and leaves no listener on the process', async () => {
    const { directory, url } = await projectOn('sqlite', {
      'a1.ts': tableRevision('a1'),
      'b1.ts': revision('b1', { down: 'a1', upgrade: `  await op.execute(${JSON.stringify(aMinute.sqlite)});` }),
    });
    const listeners = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((name) => process.listenerCount(name));
    const controller = new AbortController();
    const running = upgrade(configAt({ cwd: directory, url }), 'head', {
      signal: controller.signal,
      onEvent: (event) => {
        if (event.kind === 'statement-started' && event.revision === 'b1') setTimeout(() => controller.abort(), 100);
      },
    });
    await expect(running).rejects.toMatchObject({
      code: 'migration.interrupted',
      message: expect.stringContaining('interrupted: This operation was aborted') as string,
      facts: { revision: 'b1', completed: ['a1'] },
    });
    expect(['SIGINT', 'SIGTERM', 'SIGHUP'].map((name) => process.listenerCount(name))).toEqual(listeners);
    await expect(
      upgrade(configAt({ cwd: directory, url }), 'head', { signal: AbortSignal.abort('the deployment') }),
    ).rejects.toMatchObject({ message: 'The run was interrupted by the deployment before it began.' });
  });
});
