import { AludelError } from '../support/aludel-error.ts';

/** The part of a stream that the command line uses. */
export interface OutputStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string, done: (error?: Error | null) => void): unknown;
  on?(event: 'error', listener: (error: Error) => void): unknown;
}

/** The keyboard, where there is one. */
export type InputStream = NodeJS.ReadableStream & { readonly isTTY?: boolean | undefined };

/** The process, or what stands for it in a test. */
export interface Streams {
  /** Where it is absent nobody is ever asked. */
  readonly stdin?: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const guarded = new WeakSet<OutputStream>();

/**
 * Writes all of a text and waits until it is out. A reader that went away (`| head`) is no error: what was asked for
 * is done, and nobody is left to hear of it. Rejects with output.failed for anything else, such as a full disk.
 */
export async function write(
  stream: OutputStream,
  text: string,
  ifItFails = 'The command has done its work; only its report is lost.',
): Promise<void> {
  if (text === '') return;
  guard(stream);
  await new Promise<void>((resolve, reject) => {
    stream.write(text, (error) => {
      if (error === undefined || error === null || isBrokenPipe(error)) resolve();
      else
        reject(
          new AludelError('output.failed', `The output cannot be written: ${error.message}.`, {
            hint: ifItFails,
            cause: error,
          }),
        );
    });
  });
}

/** Like {@link write} where nobody can wait: progress is worth no failure. */
export function writeNow(stream: OutputStream, text: string): void {
  if (text === '') return;
  guard(stream);
  stream.write(text, () => undefined);
}

/** The callback of `write` hears of the failure; without a listener the same failure would also end the process. */
function guard(stream: OutputStream): void {
  if (guarded.has(stream)) return;
  guarded.add(stream);
  stream.on?.('error', () => undefined);
}

function isBrokenPipe(error: Error): boolean {
  return 'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED');
}
