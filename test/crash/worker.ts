/**
 * A child process that upgrades or downgrades and, at the n-th event of the run, kills itself with SIGKILL: at that very
 * moment, or a little later, when the next statement is on its way. Bundled before use, so that it starts fast.
 */
import { writeSync } from 'node:fs';
import {
  downgrade,
  isAludelError,
  upgrade,
  type AludelConfig,
  type RunEvent,
  type RunOptions,
} from '../../src/index.ts';

/** What a worker is told to do, as JSON in its only argument. */
export interface WorkerJob {
  readonly config: AludelConfig;
  readonly direction: 'upgrade' | 'downgrade';
  readonly target: string;
  readonly options?: Pick<RunOptions, 'transactionMode' | 'lockTimeoutMs'>;
  /** Number of the event to die at, from 0; null runs to the end. */
  readonly killAt: number | null;
  /** Milliseconds between the event and the kill; null kills inside the event. */
  readonly killAfterMs: number | null;
  /** Stops itself with SIGSTOP at this kind of event, holding whatever it holds. */
  readonly stopAt?: RunEvent['kind'];
}

/** The last line a worker prints. */
export interface WorkerAnswer {
  readonly exitCode: number;
  /** The kind of every event of the run, in order. */
  readonly events: readonly RunEvent['kind'][];
  readonly steps: number;
  readonly message: string | null;
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by run-worker.ts
const job = JSON.parse(process.argv[2] ?? '{}') as WorkerJob;
const events: RunEvent['kind'][] = [];
const die = (): void => {
  process.kill(process.pid, 'SIGKILL');
};

function onEvent(event: RunEvent): void {
  if (event.kind === job.stopAt) {
    writeSync(1, 'stopped\n');
    process.kill(process.pid, 'SIGSTOP');
  }
  if (events.push(event.kind) - 1 !== job.killAt) return;
  if (job.killAfterMs === null) die();
  else if (job.killAfterMs === 0) setImmediate(die);
  else setTimeout(die, job.killAfterMs);
}

function answer(given: WorkerAnswer): void {
  writeSync(1, `${JSON.stringify(given)}\n`);
  process.exitCode = given.exitCode;
}

try {
  const options = { ...job.options, onEvent };
  const { steps } = await (job.direction === 'upgrade'
    ? upgrade(job.config, job.target, options)
    : downgrade(job.config, job.target, options));
  answer({ exitCode: 0, events, steps: steps.length, message: null });
} catch (error) {
  if (!isAludelError(error)) throw error;
  answer({ exitCode: error.exitCode, events, steps: 0, message: `${error.message} ${error.hint ?? ''}` });
}
