import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DialectName } from '../../src/dialects/connection.ts';
import { createDatabase, describeOnEveryDialect, type TestDatabase } from '../servers.ts';
import { checkVectors, type CheckReport } from './check-vectors.ts';
import { type LiveAdapter, openLiveAdapter } from './live-adapter.ts';
import { parseVectorFile, type VectorFile } from './vector-file.ts';

/** A run of all records on a server takes longer than a check before every commit should. */
const isFull = process.env['ALUDEL_CONFORMANCE'] === 'full';
/** On a server, one case in so many unless all are asked for. */
const sampleEvery = 5;
/** Milliseconds; several times what a two-core machine needs for all records. */
const timeLimit = 600_000;

function vectorsOf(name: string): VectorFile {
  const path = new URL(`../fixtures/conformance/${name}.json`, import.meta.url);
  return parseVectorFile(readFileSync(path, 'utf8'));
}

function sampled(file: VectorFile): VectorFile {
  return { ...file, cases: file.cases.filter((_, index) => index % sampleEvery === 0) };
}

function selections(dialect: DialectName): readonly (readonly [string, VectorFile])[] {
  const documented = ['documented-cases', vectorsOf('documented-cases')] as const;
  if (dialect === 'sqlite' || isFull) return [documented, ['public-vectors', vectorsOf('public-vectors')]];
  const title = `every ${sampleEvery}th case of public-vectors (all with ALUDEL_CONFORMANCE=full)`;
  return [documented, [title, sampled(vectorsOf('public-vectors'))]];
}

/** Thousands of small commits: none of them has to survive a power cut. MySQL offers this for the whole server only. */
function withoutWaitingForDisk({ dialect, url }: TestDatabase): string {
  return dialect === 'postgresql' ? `${url}?options=${encodeURIComponent('-c synchronous_commit=off')}` : url;
}

await describeOnEveryDialect('the commands', (dialect) => {
  let database: TestDatabase;
  let adapter: LiveAdapter;
  beforeAll(async () => {
    database = await createDatabase(dialect);
    adapter = await openLiveAdapter(withoutWaitingForDisk(database));
  });
  afterAll(async () => {
    await adapter.close();
    await database.drop();
  });

  describe.each(selections(dialect))('on %s', (_, file) => {
    let report: CheckReport;
    beforeAll(async () => {
      report = await checkVectors(file, adapter);
    }, timeLimit);

    test('agree with every record that counts', () => {
      expect(report.failed).toEqual([]);
      expect(report.passed).toBeGreaterThan(700);
      // Records with one transaction around a whole run cannot be asked of MySQL.
      expect(report.skipped).toBeLessThanOrEqual(dialect === 'mysql' ? 10 : 0);
    });

    test('agree with every fact about the histories', () => {
      expect(report.facts.failed).toEqual([]);
      expect(report.facts.passed).toBeGreaterThan(50);
    });

    test('corrupt nothing where the reference has a quirk', () => {
      expect(report.quirks.corrupt).toEqual([]);
    });
  });
});
