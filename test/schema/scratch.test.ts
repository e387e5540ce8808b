import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { DatabaseSettings } from '../../src/dialects/connection.ts';
import { dialectOf } from '../../src/dialects/registry.ts';
import { directoryPrefix } from '../../src/dialects/schema/left-directories.ts';
import { scratchPrefix } from '../../src/dialects/schema/scratch-name.ts';
import { parseDatabaseUrl } from '../../src/environment/config/database-url.ts';
import { describeOnEveryDialect, type TestDatabase } from '../servers.ts';
import { emptyDatabase } from './schemas.ts';

/** The server of a test makes databases: nothing is started for it. */
const noted = (text: string): void => {
  throw new Error(text);
};

await describeOnEveryDialect('a scratch database', (dialect) => {
  test('is empty, can be written, and is gone afterwards', async () => {
    const { settings, rules } = await place();

    const scratch = await rules.createScratch(settings, noted);
    await run(scratch.settings, 'CREATE TABLE t (id int)');
    expect(await exists(scratch.settings)).toBe(true);
    await scratch.remove();

    expect(await exists(scratch.settings)).toBe(false);
  });

  test('that a killed process left is removed by the next one, and one that is used is not', async () => {
    const { settings, rules } = await place();
    const left = await leftover(settings);
    const used = await rules.createScratch(settings, noted);

    const next = await rules.createScratch(settings, noted);

    expect(await exists(left)).toBe(false);
    expect(await exists(used.settings)).toBe(true);
    await next.remove();
    await used.remove();
  });

  async function place() {
    const database: TestDatabase = await emptyDatabase(dialect);
    const { schema: rules } = await dialectOf(dialect);
    return { settings: parseDatabaseUrl(database.url, '/'), rules };
  }

  /** As it is after a process was killed some time ago. */
  async function leftover(settings: DatabaseSettings): Promise<DatabaseSettings> {
    if (dialect === 'sqlite') {
      // No process has this number: it is above the largest one.
      const directory = mkdtempSync(join(tmpdir(), `${directoryPrefix('aludel-scratch')}99999999-`));
      return { ...settings, connection: { filename: join(directory, 'scratch.db') } };
    }
    const name = `${scratchPrefix}1000000000_${Math.random().toString(16).slice(2, 10)}`;
    await run(settings, `CREATE DATABASE ${name}`);
    return { ...settings, connection: { ...settings.connection, database: name } };
  }

  async function exists(settings: DatabaseSettings): Promise<boolean> {
    if (dialect === 'sqlite') return existsSync(dirname(String(settings.connection['filename'])));
    try {
      await run(settings, 'SELECT 1');
      return true;
    } catch {
      return false;
    }
  }

  async function run(settings: DatabaseSettings, sql: string): Promise<void> {
    const rules = await dialectOf(dialect);
    const connection = await rules.connect(settings, { applicationName: 'test', busyTimeoutMs: 1000, readOnly: false });
    try {
      await connection.query(sql);
    } finally {
      await connection.close();
    }
  }
});

test('the scratch database of another container, whose processes have other numbers, is left alone', async () => {
  const { schema: rules } = await dialectOf('sqlite');
  const theirs = mkdtempSync(join(tmpdir(), 'aludel-scratch-00000000-99999999-'));
  onTestFinished(() => rmSync(theirs, { recursive: true }));
  const scratch = await rules.createScratch(parseDatabaseUrl('sqlite:app.db', '/'), () => undefined);
  await scratch.remove();
  expect(existsSync(theirs)).toBe(true);
});
