import type { CommandFunctions } from '../../src/cli/command-functions.ts';
import { main } from '../../src/cli/main.ts';
import type { InputStream, OutputStream } from '../../src/cli/output.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Circumstances {
  readonly env?: Readonly<Record<string, string>>;
  /** Both streams are terminals. */
  readonly terminal?: boolean;
  /** What is typed; without it there is no keyboard. */
  readonly stdin?: InputStream;
}

/** Runs a command line, split at blanks, against functions of the test's own. */
export async function run(
  line: string | readonly string[],
  functions: Partial<CommandFunctions> = {},
  { env = {}, terminal = false, stdin }: Circumstances = {},
): Promise<Ran> {
  const stdout = memoryStream(terminal);
  const stderr = memoryStream(terminal);
  const argv = typeof line === 'string' ? line.split(' ').filter(Boolean) : line;
  const code = await main(
    argv,
    { stdout, stderr, env, ...(stdin === undefined ? {} : { stdin }) },
    { ...unexpected, ...functions },
  );
  return { code, out: stdout.text(), err: stderr.text() };
}

export interface MemoryStream extends OutputStream {
  text(): string;
}

/** A stream that keeps what is written. */
export function memoryStream(isTTY = false): MemoryStream {
  let text = '';
  return {
    isTTY,
    columns: 80,
    write: (more, done) => {
      text += more;
      done();
    },
    text: () => text,
  };
}

/** A stream whose writes fail as those of a closed pipe or a full disk do. */
export function failingStream(code: string): OutputStream {
  return {
    write: (_text, done) => done(Object.assign(new Error(`write ${code}`), { code })),
  };
}

const refuse = async (): Promise<never> => {
  throw new Error('this function was not expected to be called');
};

const unexpected: CommandFunctions = {
  upgrade: refuse,
  downgrade: refuse,
  stamp: refuse,
  current: refuse,
  heads: refuse,
  history: refuse,
  branches: refuse,
  show: refuse,
  status: refuse,
  revision: refuse,
  log: refuse,
  merge: refuse,
  repair: refuse,
  edit: refuse,
  ensureVersion: refuse,
  init: refuse,
  check: refuse,
  autogenerate: refuse,
  drift: refuse,
  adoptDrift: refuse,
  dump: refuse,
  testRevisions: refuse,
  types: refuse,
  diff: refuse,
  listTemplates: refuse,
  script: () => {
    throw new Error('this function was not expected to be called');
  },
  saveScript: refuse,
  verify: refuse,
};
