import { Writable } from 'node:stream';
import type { AskRename, PossibleRename } from '../commands/schema/compare-schemas.ts';
import { AludelError } from '../support/aludel-error.ts';
import type { InputStream, OutputStream } from './output.ts';
import { printable } from './render/printable.ts';

/** Asks in a terminal what something new has been. Rejects with migration.interrupted when nobody answers. */
export function askInTerminal(stdin: InputStream, stderr: OutputStream): AskRename {
  return async (question) => {
    // Loaded here, because few commands ever ask.
    const { default: select } = await import('@inquirer/select');
    const given = new AbortController();
    // Ctrl-D closes the input without a word to the one who waits for it.
    const onKey = (_text: unknown, key: { readonly name?: string; readonly ctrl?: boolean } | undefined): void => {
      if (key?.ctrl === true && key.name === 'd') given.abort();
    };
    const onEnd = (): void => given.abort();
    stdin.on('keypress', onKey).on('end', onEnd);
    try {
      return await select(questionOf(question), { input: stdin, output: through(stderr), signal: given.signal });
    } catch (error) {
      throw unanswered(question, error);
    } finally {
      stdin.off('keypress', onKey).off('end', onEnd);
      stdin.pause();
    }
  };
}

function questionOf({ kind, name, candidates }: PossibleRename) {
  return {
    message: `Is the ${kind} ${printable(name)} new, or was it renamed?`,
    choices: [
      { name: 'It is new', value: null },
      ...candidates.map((old) => ({ name: `It was ${printable(old)} before`, value: old })),
    ],
  };
}

/** The prompt ends its output when it is answered; stderr goes on. */
function through(stream: OutputStream): Writable {
  const output = new Writable({
    decodeStrings: false,
    write: (text: string | Buffer, _encoding, done) => void stream.write(String(text), (error) => done(error)),
  });
  return Object.assign(output, { isTTY: true, columns: stream.columns ?? 80 });
}

function unanswered({ name }: PossibleRename, cause: unknown): AludelError {
  return new AludelError('migration.interrupted', `Stopped at the question what ${name} was. Nothing was written.`, {
    hint: 'Say it with --rename old:new, or let nobody be asked: --no-prompt.',
    facts: { name },
    cause,
  });
}
