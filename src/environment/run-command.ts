import { spawn, type ChildProcess } from 'node:child_process';
import { AludelError, messageOf } from '../support/aludel-error.ts';
import { redact } from '../support/redact.ts';
import type { SchemaCommand } from './config/configuration.ts';

/** How much of what a failed command said is told: its end, in lines. */
const shownLines = 20;

/** How long the output may be silent before it is taken as complete, when the command has ended and others hold it open. */
const silenceMs = 1000;

/** Signals that would end this process and leave the command behind. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** How a command is named in errors. */
export function shownCommand({ command }: SchemaCommand, secrets: readonly string[]): string {
  return redact(typeof command === 'string' ? command : command.join(' '), secrets);
}

/**
 * What a command prints on stdout, run in `directory`. Nothing is typed into it. It ends with this process: a signal goes
 * to it and to everything it started, and so does `abort`. Throws schema.unreadable when it fails, takes too long or prints
 * nothing.
 */
export async function outputOfCommand(
  target: SchemaCommand,
  directory: string,
  secrets: readonly string[],
  abort?: AbortSignal,
): Promise<string> {
  const { command, timeoutMs } = target;
  const shown = shownCommand(target, secrets);
  const said = { stdout: '', stderr: '' };
  const failed = (what: string, facts: Readonly<Record<string, unknown>>, cause?: unknown): AludelError => {
    const end = redact(said.stderr.trimEnd(), secrets).split('\n').slice(-shownLines).join('\n  ');
    return new AludelError('schema.unreadable', `The command of the target ${what}.${end === '' ? '' : `\n  ${end}`}`, {
      where: shown,
      hint: `It runs in ${directory} and has to print SQL on stdout.`,
      facts: { command: shown, ...facts },
      ...(cause === undefined ? {} : { cause }),
    });
  };
  const child = start(command, directory);
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text;
    });
  }
  closeWhenSilent(child);
  const stopListening = endWithThisProcess(child);
  const stop = (): void => kill(child, 'SIGTERM');
  abort?.addEventListener('abort', stop, { once: true });
  let isLate = false;
  const timer =
    timeoutMs === 0
      ? null
      : setTimeout(() => {
          isLate = true;
          kill(child, 'SIGKILL');
          closeOutput(child);
        }, timeoutMs);
  try {
    const { code, signal } = await ended(child).catch((error: unknown) => {
      throw failed(`could not be started: ${redact(messageOf(error), secrets)}`, {}, error);
    });
    if (isLate) throw failed(`was ended: it took longer than ${timeoutMs / 1000} s`, { timeout_ms: timeoutMs });
    if (signal !== null) throw failed(`was ended by ${signal}`, { signal });
    if (code !== 0) throw failed(`ended with exit code ${code}`, { exit_code: code });
    if (said.stdout.trim() === '') throw failed('printed nothing', { exit_code: code });
    return said.stdout;
  } finally {
    stopListening();
    abort?.removeEventListener('abort', stop);
    if (timer !== null) clearTimeout(timer);
  }
}

/** In a group of its own, so that what a shell has started is ended with it. */
function start(command: SchemaCommand['command'], directory: string): ChildProcess {
  const [program = '', ...args] = typeof command === 'string' ? [command] : command;
  return spawn(program, args, {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: typeof command === 'string',
    detached: process.platform !== 'win32',
  });
}

function ended(child: ChildProcess): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
}

/** What has left the group of the command is not ended with it, and may hold its output open for as long as it lives. */
function closeWhenSilent(child: ChildProcess): void {
  child.once('exit', () => {
    const timer = setTimeout(() => closeOutput(child), silenceMs);
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', () => timer.refresh());
    child.once('close', () => clearTimeout(timer));
  });
}

function closeOutput({ stdout, stderr }: ChildProcess): void {
  stdout?.destroy();
  stderr?.destroy();
}

/** Passes signals on to the command, and then lets them do here what they would have done. */
function endWithThisProcess(child: ChildProcess): () => void {
  const passOn = (signal: NodeJS.Signals): void => {
    kill(child, signal);
    stopListening();
    // Somebody else who listens decides by himself what becomes of this process.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  const stopListening = (): void => {
    for (const signal of signals) process.off(signal, passOn);
  };
  for (const signal of signals) process.on(signal, passOn);
  return stopListening;
}

function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It has ended by itself meanwhile.
  }
}
