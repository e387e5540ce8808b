import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repository } from '../docs/run-document.ts';
import { annotatedScripts, revisionTexts } from './annotated-script.ts';

const page = join(repository, 'docs/offline-scripts.md');

it('the annotated scripts of the documentation are what is written (UPDATE=1 writes them anew)', async () => {
  const written = await annotatedScripts();
  if (process.env['UPDATE'] === '1') writeFileSync(page, written);
  expect(readFileSync(page, 'utf8')).toBe(written);
  // Every note has found its piece.
  expect(written.split('\n## ').map((section) => section.split('```sql').length - 1)).toEqual([0, 7, 7, 7]);
});

it('the revisions behind them are those of the page before', () => {
  const text = readFileSync(join(repository, 'docs/offline.md'), 'utf8');
  for (const revision of revisionTexts) expect(text).toContain(revision);
});
