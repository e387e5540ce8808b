import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { packageRoot } from '../package-root.ts';

/** Changes whenever the layout of an entry does. */
const layout = 'aludel-transform-1';

/** A TypeScript file as the compiler got it; `flavour` is whatever else decides its output. */
export interface TransformInput {
  readonly path: string;
  readonly source: string;
  readonly flavour: string;
}

/** The JavaScript kept for exactly this source at this path, or null. */
export function readTransformed(input: TransformInput): string | null {
  const directory = cacheDirectoryFor(input.path);
  if (directory === null) return null;
  let entry: string;
  try {
    entry = readFileSync(entryFile(directory, input), 'utf8');
  } catch {
    return null;
  }
  // The whole source is part of the entry: comparing it needs no hash, and a half-written or foreign entry never matches.
  const prefix = entryPrefix(input);
  if (!entry.startsWith(prefix)) return null;
  const code = entry.slice(prefix.length);
  return code.endsWith(terminator) ? code.slice(0, -terminator.length) : null;
}

/** Keeps the JavaScript of a source. A cache that cannot be written costs time and nothing else. */
export function writeTransformed(input: TransformInput, code: string): void {
  const directory = cacheDirectoryFor(input.path);
  if (directory === null) return;
  const file = entryFile(directory, input);
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, entryPrefix(input) + code + terminator);
    renameSync(temporary, file);
  } catch {
    // A full or read-only disk: the next run compiles again.
  }
}

const terminator = '\n/* end */\n';

function entryPrefix({ path, source, flavour }: TransformInput): string {
  return `${JSON.stringify([layout, compilerVersion(), flavour, path, source.length])}\n${source}\n`;
}

function entryFile(directory: string, { path, flavour }: TransformInput): string {
  return join(
    directory,
    `${basename(path)
      .replaceAll(/[^\w.-]/g, '_')
      .slice(0, 80)}.${fingerprint(`${flavour} ${path}`)}.js`,
  );
}

/** FNV-1a, 52 bits of two runs. It spreads names only, equality is checked on the entry, and node:crypto costs 4 ms to load. */
function fingerprint(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x01000193;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x85ebca6b);
  }
  return (a >>> 0).toString(36) + (b >>> 0).toString(36);
}

let version: string | null = null;

/** A newer jiti may compile differently: what the older one made is then not used. */
function compilerVersion(): string {
  version ??= /"version":\s*"([^"]+)"/.exec(compilerManifest() ?? '')?.[1] ?? 'unknown';
  return version;
}

/** Looked for by hand, as Node would: to ask Node for its place costs every command 15 ms. */
function compilerManifest(): string | null {
  for (let directory = packageRoot(); ; directory = dirname(directory)) {
    const file = join(directory, 'node_modules', 'jiti', 'package.json');
    if (existsSync(file)) return readFileSync(file, 'utf8');
    if (directory === dirname(directory)) return null;
  }
}

const directories = new Map<string, string | null>();

/** `node_modules/.cache/aludel` of the nearest project above the file, else a private directory in the temp directory. */
function cacheDirectoryFor(path: string): string | null {
  const from = dirname(path);
  let directory = directories.get(from);
  if (directory === undefined) {
    directory = projectCache(from) ?? privateTemporaryCache();
    directories.set(from, directory);
  }
  return directory;
}

function projectCache(from: string): string | null {
  for (let directory = from; ; directory = dirname(directory)) {
    const modules = join(directory, 'node_modules');
    if (existsSync(modules)) return writableDirectory(join(modules, '.cache', 'aludel'), 0o777);
    if (directory === dirname(directory)) return null;
  }
}

/** What is read from the cache is run, so a directory that someone else could have filled is not used. */
function privateTemporaryCache(): string | null {
  const user = process.getuid?.();
  const directory = writableDirectory(join(tmpdir(), `aludel-cache-${user ?? 'user'}`), 0o700);
  if (directory === null || user === undefined) return directory;
  const status = lstatSync(directory);
  return status.isDirectory() && status.uid === user && (status.mode & 0o022) === 0 ? directory : null;
}

function writableDirectory(directory: string, mode: number): string | null {
  try {
    mkdirSync(directory, { recursive: true, mode });
    accessSync(directory, constants.W_OK);
    return directory;
  } catch {
    return null;
  }
}
