import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openSpool } from '../../src/environment/spool-file.ts';

test('a spool whose head cannot be written leaves neither a file nor a directory', () => {
  const directory = mkdtempSync(join(tmpdir(), 'aludel-spool-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const fullDisk = (): string => {
    throw new Error('ENOSPC: no space left on device');
  };
  expect(() => openSpool(join(directory, 'scripts', 'up.sql'), fullDisk)).toThrow('ENOSPC');
  expect(readdirSync(directory)).toEqual([]);
});
