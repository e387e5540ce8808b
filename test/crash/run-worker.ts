import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { WorkerAnswer, WorkerJob } from './worker.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The worker as one file that Node starts at once. */
export interface WorkerProgram {
  readonly file: string;
  remove(): void;
}

/** How a worker ended. */
export interface WorkerEnd {
  readonly killed: boolean;
  readonly exitCode: number | null;
  readonly answer: WorkerAnswer | null;
  readonly output: string;
}

/** Bundles the worker inside the package, where its imports of pg, mysql2 and sqlite3 are found. */
export async function buildWorker(): Promise<WorkerProgram> {
  const directory = join(root, 'node_modules', '.cache', `aludel-crash-${process.pid}-${Date.now()}`);
  mkdirSync(directory, { recursive: true });
  const file = join(directory, 'worker.mjs');
  await build({
    entryPoints: [join(root, 'test/crash/worker.ts')],
    outfile: file,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  });
  return { file, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

export function startWorker(
  program: WorkerProgram,
  job: WorkerJob,
): { readonly child: ChildProcess; readonly stopped: Promise<void>; readonly end: Promise<WorkerEnd> } {
  const child = spawn(process.execPath, [program.file, JSON.stringify(job)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Compiling knex and the drivers anew for each child would take longer than the runs do.
    env: { ...process.env, NODE_COMPILE_CACHE: join(program.file, '..', 'compiled') },
  });
  let output = '';
  let tellStopped: () => void;
  const stopped = new Promise<void>((resolve) => {
    tellStopped = resolve;
  });
  const listen = (chunk: Buffer): void => {
    output += chunk.toString();
    if (output.includes('stopped\n')) tellStopped();
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  const end = new Promise<WorkerEnd>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode, signal) => {
      const line = output.split('\n').findLast((text) => text.startsWith('{'));
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by worker.ts
      const answer = line === undefined ? null : (JSON.parse(line) as WorkerAnswer);
      resolve({ killed: signal === 'SIGKILL', exitCode, answer, output });
    });
  });
  return { child, stopped, end };
}

export function runWorker(program: WorkerProgram, job: WorkerJob): Promise<WorkerEnd> {
  return startWorker(program, job).end;
}
