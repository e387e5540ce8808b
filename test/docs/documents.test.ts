import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { repository, runDocument } from './run-document.ts';

const pages = readdirSync(join(repository, 'docs'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);

describe('every example of the documentation works', () => {
  test.each(['README.md', ...pages])('%s', async (path) => {
    await runDocument(path);
  });
});
