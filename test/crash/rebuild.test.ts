import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { revisionSource } from '../commands/live-project.ts';
import { sqliteDatabase } from '../dialects/sqlite-database.ts';
import { torture } from '../dialects/torture-table.ts';
import { buildWorker, runWorker, type WorkerProgram } from './run-worker.ts';

/** `ALUDEL_REBUILD_KILLS=all` kills at every statement in every setting: a run takes most of a second. */
const everywhere = process.env['ALUDEL_REBUILD_KILLS'] === 'all';

/** One rebuild with a rename, a type, a constraint less, a column less and one more. */
const batch = `await op.batchAlterTable('person', (batch) => {
  batch.renameColumn('score', 'points');
  batch.alterColumn('points', { type: 'NUMERIC' });
  batch.dropColumn('nick');
  batch.dropConstraint('a b');
  batch.addColumn((t) => t.specificType('twice', 'INT AS (id * 2) STORED'));
});`;

/** They can be switched outside a transaction only. */
const foreignKeysOn = `await op.autocommit(async () => void (await op.execute('PRAGMA foreign_keys = ON')));\n`;

describe('a rebuild killed at any statement leaves the old table or the new one, and the next run ends with the new,', () => {
  let program: WorkerProgram;
  beforeAll(async () => {
    program = await buildWorker();
  });
  afterAll(() => program.remove());

  it.each([
    ['with a rollback journal', 'DELETE', 'revision', false, 1],
    ['in WAL mode', 'WAL', 'revision', false, 3],
    ['outside a transaction of the revision', 'DELETE', 'none', false, 3],
    ['with foreign keys on and a rollback journal', 'DELETE', 'revision', true, 3],
    ['with foreign keys on in WAL mode', 'WAL', 'revision', true, 3],
  ] as const)('%s', { timeout: 600_000 }, async (_, journalMode, transactionMode, foreignKeys, usualNth) => {
    const everyNth = everywhere ? 1 : usualNth;
    const directory = mkdtempSync(join(tmpdir(), 'aludel-rebuild-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const original = join(directory, 'original.db');
    const made = await sqliteDatabase(`PRAGMA journal_mode = ${journalMode}; ${torture}`, original);
    await made.connection.close();
    writeFileSync(join(directory, 'a.mjs'), revisionSource('a', null, foreignKeys ? foreignKeysOn + batch : batch));

    /** Schema and rows, without what the tool writes of itself. */
    const stateOf = async (file: string): Promise<unknown> => {
      const { connection, query, rows, schema } = await sqliteDatabase('', file);
      const own = ([name]: readonly [string, unknown]): boolean => !name.startsWith('aludel_');
      const state = [Object.entries(await schema()).filter(own), Object.entries(await rows()).filter(own)];
      expect(await query('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
      expect(await query('PRAGMA journal_mode')).toEqual([{ journal_mode: journalMode.toLowerCase() }]);
      await connection.close();
      return state;
    };
    const upgrade = (file: string, killAt: number | null) =>
      runWorker(program, {
        config: { database: `sqlite:${file}`, versionLocations: [directory] },
        direction: 'upgrade',
        target: 'head',
        options: { transactionMode },
        killAt,
        killAfterMs: null,
      });

    const finished = join(directory, 'finished.db');
    copyFileSync(original, finished);
    const undisturbed = await upgrade(finished, null);
    expect(undisturbed.output).toContain('"exitCode":0');
    const [before, after] = [await stateOf(original), await stateOf(finished)];
    expect(after).not.toEqual(before);

    const moments = (undisturbed.answer?.events ?? []).flatMap((kind, at) =>
      kind === 'statement-executed' ? [at] : [],
    );
    expect(moments.length).toBeGreaterThan(20);
    const states = new Set<unknown>();
    for (const [index, killAt] of moments.filter((_moment, at) => at % everyNth === 0).entries()) {
      const file = join(directory, `killed-${killAt}.db`);
      copyFileSync(original, file);
      expect((await upgrade(file, killAt)).killed).toBe(true);
      const found = await stateOf(file);
      states.add(JSON.stringify(found));
      expect([before, after]).toContainEqual(found);
      if (index % 3 !== 0) continue;
      expect((await upgrade(file, null)).output).toContain('"exitCode":0');
      expect(await stateOf(file)).toEqual(after);
    }
    expect(states).toContain(JSON.stringify(before));
  });
});
