import { chmodSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFile } from '../../src/environment/write-file.ts';
import { errorOf } from './error-of.ts';
import { projectDirectory } from './project-directory.ts';

describe('createFile', () => {
  it('writes the whole text, makes directories and leaves nothing else', () => {
    const directory = projectDirectory();
    createFile(join(directory, 'a/b/c.txt'), 'käse\n'.repeat(100_000), directory);
    expect(readFileSync(join(directory, 'a/b/c.txt'), 'utf8')).toBe('käse\n'.repeat(100_000));
    expect(readdirSync(join(directory, 'a/b'))).toEqual(['c.txt']);
  });

  it('never overwrites a file, a directory or a link', async () => {
    const directory = projectDirectory({ 'a.txt': 'mine' });
    mkdirSync(join(directory, 'd'));
    for (const name of ['a.txt', 'd']) {
      const error = await errorOf(() => createFile(join(directory, name), 'theirs', directory));
      expect(error).toMatchObject({ code: 'file.exists', where: name, facts: { path: name } });
    }
    expect(readFileSync(join(directory, 'a.txt'), 'utf8')).toBe('mine');
    expect(readdirSync(directory).sort()).toEqual(['a.txt', 'd', 'package.json']);
  });

  it('a place that is no directory is not writable', async () => {
    const directory = projectDirectory({ 'a.txt': '' });
    expect(await errorOf(() => createFile(join(directory, 'a.txt/b.txt'), '', directory))).toMatchObject({
      code: 'file.not-writable',
      where: 'a.txt',
    });
  });

  it.skipIf(process.getuid?.() === 0)('a directory without permission is not writable', async () => {
    const directory = projectDirectory({ 'd/.keep': '' });
    chmodSync(join(directory, 'd'), 0o500);
    expect(await errorOf(() => createFile(join(directory, 'd/a.txt'), '', directory))).toMatchObject({
      code: 'file.not-writable',
    });
  });
});
