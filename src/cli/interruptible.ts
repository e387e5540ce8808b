import { constants } from 'node:os';

/** Signals that ask a process to end: Ctrl-C, an orchestrator such as Kubernetes or systemd, a closed terminal. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** npx and shells pass on a signal that the terminal has sent to the whole group already; in milliseconds. */
const echoMs = 500;

/** How long what a stopped revision left running (a timer, a socket) may keep the process; in milliseconds. */
const lingerMs = 1000;

/**
 * Lets `work` work with a signal that is aborted by the first SIGINT, SIGTERM or SIGHUP, its name being the reason. A
 * second one ends the process at once, as if nobody had listened. Afterwards the process is as it was.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  // While a revision runs, process.exit() only throws.
  const exit = process.exit.bind(process);
  let firstAt: number | null = null;
  const listen = (name: NodeJS.Signals): void => {
    if (firstAt === null) {
      firstAt = performance.now();
      controller.abort(name);
    } else if (performance.now() - firstAt > echoMs) {
      endAtOnce(name, exit);
    }
  };
  for (const name of signals) process.on(name, listen);
  try {
    return await work(controller.signal);
  } finally {
    for (const name of signals) process.off(name, listen);
    // With the exit code that is set by then. Does nothing when the process ends by itself.
    if (controller.signal.aborted) setTimeout(() => exit(), lingerMs).unref();
  }
}

/** By the signal itself: process.exit() waits for a statement that SQLite has under way in a thread of its own. */
function endAtOnce(name: NodeJS.Signals, exit: (code: number) => never): void {
  process.removeAllListeners(name);
  process.kill(process.pid, name);
  // The first process of a container is not ended by a signal that nobody handles.
  exit(128 + constants.signals[name]);
}
