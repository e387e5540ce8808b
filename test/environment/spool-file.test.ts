import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openSpool } from '../../src/environment/spool-file.ts';

function emptyDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'aludel-spool-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

function place(path: string, content: string): void {
  const spool = openSpool(path, dirname(path), () => 'head\n');
  spool.append(content);
  spool.finish();
  spool.place();
  spool.discard();
}

test('a spool whose head cannot be written leaves neither a file nor a directory', () => {
  const directory = emptyDirectory();
  const fullDisk = (): string => {
    throw new Error('ENOSPC: no space left on device');
  };
  expect(() => openSpool(join(directory, 'scripts', 'up.sql'), directory, fullDisk)).toThrow('ENOSPC');
  expect(readdirSync(directory)).toEqual([]);
});

test('a spool for a directory is refused before anything is written', () => {
  const directory = emptyDirectory();
  mkdirSync(join(directory, 'scripts'));
  const open = () => openSpool(join(directory, 'scripts'), directory, () => '');
  expect(open).toThrow(/^scripts cannot be written: it is a directory$/);
  expect(readdirSync(directory)).toEqual(['scripts']);
});

describe.skipIf(process.platform === 'win32')('what has the name already', () => {
  test('is written into when it is a pipe', async () => {
    const directory = emptyDirectory();
    const pipe = join(directory, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const reader = spawn('cat', [pipe]);
    onTestFinished(() => void reader.kill());
    const long = 'SELECT 1;\n'.repeat(20_000);
    place(pipe, long);
    expect(lstatSync(pipe).isFIFO()).toBe(true);
    expect(await text(reader.stdout)).toBe(`head\n${long}`);
    expect(readdirSync(directory)).toEqual(['pipe']);
  });

  test('stays a symbolic link, and the file behind it is replaced', () => {
    const directory = emptyDirectory();
    writeFileSync(join(directory, 'real.sql'), 'before');
    symlinkSync('real.sql', join(directory, 'link.sql'));
    place(join(directory, 'link.sql'), 'after');
    expect(lstatSync(join(directory, 'link.sql')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(directory, 'real.sql'), 'utf8')).toBe('head\nafter');
  });

  test('stays a symbolic link that leads nowhere yet, and the file is made where it leads', () => {
    const directory = emptyDirectory();
    mkdirSync(join(directory, 'links'));
    symlinkSync('../made/up.sql', join(directory, 'links', 'second.sql'));
    symlinkSync('links/second.sql', join(directory, 'first.sql'));
    place(join(directory, 'first.sql'), 'new');
    expect(lstatSync(join(directory, 'first.sql')).isSymbolicLink()).toBe(true);
    expect(lstatSync(join(directory, 'links', 'second.sql')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(directory, 'made', 'up.sql'), 'utf8')).toBe('head\nnew');
    expect(readdirSync(directory).toSorted()).toEqual(['first.sql', 'links', 'made']);
  });

  test('is refused when it is a symbolic link that leads to itself', () => {
    const directory = emptyDirectory();
    symlinkSync('circle.sql', join(directory, 'circle.sql'));
    expect(() => place(join(directory, 'circle.sql'), 'new')).toThrow('circle.sql cannot be written: ELOOP');
    expect(readdirSync(directory)).toEqual(['circle.sql']);
  });

  test('keeps its rights', () => {
    const path = join(emptyDirectory(), 'up.sql');
    writeFileSync(path, 'before');
    chmodSync(path, 0o600);
    place(path, 'after');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
});
