import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkVectors } from './check-vectors.ts';
import { plannerAdapter } from './planner-adapter.ts';
import { parseVectorFile } from './vector-file.ts';

describe.each(['public-vectors.json', 'documented-cases.json'])('the planner on %s', async (name) => {
  const path = new URL(`../fixtures/conformance/${name}`, import.meta.url);
  const report = await checkVectors(parseVectorFile(readFileSync(path, 'utf8')), plannerAdapter);

  test('agrees with every record that counts', () => {
    expect(report.failed).toEqual([]);
    expect(report.passed).toBeGreaterThan(700);
    expect(report.skipped).toBe(0);
  });

  test('agrees with every fact about the histories', () => {
    expect(report.facts.failed).toEqual([]);
    expect(report.facts.passed).toBeGreaterThan(50);
  });

  test('corrupts nothing where the reference has a quirk', () => {
    expect(report.quirks.corrupt).toEqual([]);
  });
});
