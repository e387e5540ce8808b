import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { revisionSource } from '../commands/live-project.ts';
import { sqliteDatabase } from '../dialects/sqlite-database.ts';
import { torture } from '../dialects/torture-table.ts';
import { buildWorker, runWorker, type WorkerProgram } from './run-worker.ts';

/** One rebuild with a rename, a type, a constraint less, a column less and one more. */
const batch = `await op.batchAlterTable('person', (batch) => {
  batch.renameColumn('score', 'points');
  batch.alterColumn('points', { type: 'NUMERIC' });
  batch.dropColumn('nick');
  batch.dropConstraint('a b');
  batch.addColumn((t) => t.specificType('twice', 'INT AS (id * 2) STORED'));
});`;

describe('a rebuild killed at any statement leaves the old table or the new one, and the next run ends with the new,', () => {
  let program: WorkerProgram;
  beforeAll(async () => {
    program = await buildWorker();
  });
  afterAll(() => program.remove());

  it.each([
    // Every statement where nothing is special, every third otherwise: a run takes most of a second.
    ['with a rollback journal', 'DELETE', 'revision', 1],
    ['in WAL mode', 'WAL', 'revision', 3],
    ['outside a transaction of the revision', 'DELETE', 'none', 3],
  ] as const)('%s', { timeout: 600_000 }, async (_, journalMode, transactionMode, everyNth) => {
    const directory = mkdtempSync(join(tmpdir(), 'aludel-rebuild-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const original = join(directory, 'original.db');
    const made = await sqliteDatabase(`PRAGMA journal_mode = ${journalMode}; ${torture}`, original);
    await made.connection.close();
    writeFileSync(join(directory, 'a.mjs'), revisionSource('a', null, batch));

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
