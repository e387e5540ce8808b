import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from './run-document.ts';

test('the first command of the README migrates the sample of a fresh clone', () => {
  const directory = mkdtempSync(join(tmpdir(), 'aludel-sample-'));
  try {
    for (const name of ['versions', 'migrate.config.ts', 'package.json']) {
      cpSync(join(repository, name), join(directory, name), { recursive: true });
    }
    mkdirSync(join(directory, 'node_modules'));
    symlinkSync(repository, join(directory, 'node_modules', 'aludel'));
    const aludel = (...args: readonly string[]): string =>
      execFileSync(process.execPath, [join(repository, 'bin/aludel.js'), ...args], {
        cwd: directory,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
    expect(aludel('upgrade', 'head')).toMatch(/^Upgraded \d+ revisions: base -> /);
    expect(aludel('current', '--check-heads')).toContain('(head)');
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
