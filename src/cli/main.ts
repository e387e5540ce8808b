import type { AskRename } from '../commands/schema/compare-schemas.ts';
import { configAt, type ConfigLocation } from '../commands/invocation.ts';
import { isAludelError } from '../support/aludel-error.ts';
import { askInTerminal } from './ask-rename.ts';
import { given, type Answer, type Command } from './command.ts';
import { durationMs } from './duration-flag.ts';
import { libraryFunctions, type CommandFunctions } from './command-functions.ts';
import { commandList } from './command-list.ts';
import { write, writeNow, type OutputStream, type Streams } from './output.ts';
import { prepareArguments } from './prepare-arguments.ts';
import { completionCandidates } from './completion.ts';
import { helpText, readCommandLine } from './read-command-line.ts';
import { plain, wantsColor, type Palette } from './render/palette.ts';
import { errorReport, errorText } from './render/error.ts';
import { jsonText } from './render/json.ts';
import { printable } from './render/printable.ts';
import { occasionally, progressText } from './render/progress.ts';
import { ownVersion } from './version.ts';

/**
 * Runs one command line and returns its exit code (see the error catalogue). Nothing is thrown, and nothing ends the
 * process: whoever calls decides that. Results go to stdout, everything else to stderr.
 */
export async function main(
  argv: readonly string[],
  streams: Streams = process,
  functions: CommandFunctions = libraryFunctions,
): Promise<number> {
  // Shells call this on every Tab, so it comes before anything that could fail or print.
  if (argv[0] === '--get-yargs-completions') return complete(argv.slice(1), streams, functions);

  const prepared = prepareArguments(argv, commandList);
  const terminal = openTerminal(streams, prepared);
  try {
    return await perform(prepared, terminal, functions);
  } catch (thrown) {
    return report(thrown, prepared, terminal);
  }
}

/** The streams with what the command line says about them. */
interface Terminal extends Streams {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly paletteOf: (stream: OutputStream) => Promise<Palette>;
  readonly askRename: AskRename | undefined;
  /** True while a line of progress has no line break yet. */
  lineIsOpen: boolean;
}

async function perform(prepared: readonly string[], terminal: Terminal, functions: CommandFunctions): Promise<number> {
  if (isOn(prepared, 'version')) {
    await write(terminal.stdout, `aludel ${ownVersion()}\n`);
    return 0;
  }
  const request = readCommandLine(prepared, commandList);
  if (request.kind === 'help') {
    await write(terminal.stdout, `${await helpText(request.command, commandList, terminal.stdout.columns ?? 80)}\n`);
    return 0;
  }
  return runCommand(request.command, request.values, terminal, functions);
}

/** How often a log, which keeps every line, hears of a backfill, in milliseconds. */
const linesOfBackfillMs = 10_000;

async function runCommand(
  command: Command,
  values: Readonly<Record<string, unknown>>,
  terminal: Terminal,
  functions: CommandFunctions,
): Promise<number> {
  const palette = await terminal.paletteOf(terminal.stderr);
  const style = { palette, isTerminal: terminal.stderr.isTTY === true };
  const said = new Set<string>();
  const isDue = occasionally(linesOfBackfillMs, () => performance.now());
  const answer = await command.run(values, {
    functions,
    config: configOf(values),
    askRename: terminal.askRename,
    onEvent: (event) => {
      if (event.kind === 'warning') said.add(`warning: ${event.text}`);
      if (terminal.quiet) return;
      if (event.kind === 'backfill-progress' && !style.isTerminal && !isDue()) return;
      const text = progressText(event, style);
      writeNow(terminal.stderr, text);
      if (text !== '') terminal.lineIsOpen = !text.endsWith('\n');
    },
  });
  await writeAnswer(answer, terminal);
  const notes = terminal.quiet ? [] : (answer.notes ?? []).filter((note) => !said.has(note));
  await write(terminal.stderr, notes.map((note) => `${printable(note)}\n`).join(''));
  return answer.exitCode ?? 0;
}

async function writeAnswer(answer: Answer, terminal: Terminal): Promise<void> {
  if (answer.stream !== undefined) {
    await writeStream(answer.stream, terminal);
  } else if (terminal.json) {
    await write(terminal.stdout, `${jsonText(answer.report)}\n`);
  } else if (!terminal.quiet) {
    const text = answer.text(await terminal.paletteOf(terminal.stdout));
    await write(terminal.stdout, text === '' ? '' : `${text}\n`);
  }
}

const cutOff = 'What came out is not whole. Run the same command again.';

/** What was asked for is printed even under --quiet. It is all that the command does. */
async function writeStream(pieces: AsyncIterable<string>, terminal: Terminal): Promise<void> {
  const kept: string[] = [];
  for await (const piece of pieces) {
    if (terminal.json) kept.push(piece);
    else await write(terminal.stdout, piece, cutOff);
  }
  if (terminal.json) await write(terminal.stdout, `${jsonText({ sql: kept.join('') })}\n`, cutOff);
}

/** An error is told even under --quiet: an exit code alone helps nobody. With --json its record goes to stdout as well. */
async function report(thrown: unknown, prepared: readonly string[], terminal: Terminal): Promise<number> {
  const debug = terminal.env['ALUDEL_DEBUG'];
  const showStack = isOn(prepared, 'raiseerr') || (debug !== undefined && debug !== '' && debug !== '0');
  const text = errorText(thrown, { showStack, palette: await terminal.paletteOf(terminal.stderr) });
  writeNow(terminal.stderr, `${terminal.lineIsOpen ? '\n' : ''}${text}\n`);
  if (terminal.json) {
    writeNow(terminal.stdout, `${jsonText(errorReport(thrown))}\n`);
  }
  return isAludelError(thrown) ? thrown.exitCode : 1;
}

async function complete(words: readonly string[], streams: Streams, functions: CommandFunctions): Promise<number> {
  const candidates = await completionCandidates(words, commandList, functions, streams.env);
  writeNow(streams.stdout, candidates.map((candidate) => `${candidate}\n`).join(''));
  return 0;
}

function openTerminal(streams: Streams, prepared: readonly string[]): Terminal {
  const { stdout, stderr, env } = streams;
  return {
    stdout,
    stderr,
    env,
    json: isOn(prepared, 'json'),
    quiet: isOn(prepared, 'quiet'),
    lineIsOpen: false,
    askRename: askerOf(streams, prepared),
    paletteOf: async (stream) => {
      if (!wantsColor({ isTerminal: stream.isTTY === true, env, flag: switchOf(prepared, 'color') })) return plain;
      const { colors } = await import('./render/colors.ts');
      return colors();
    },
  };
}

/** Only a person at both ends is asked: not a program that reads JSON, not a build server that gives itself a terminal. */
function askerOf(streams: Streams, prepared: readonly string[]): AskRename | undefined {
  const { stderr, env } = streams;
  const isBuild = env['CI'] !== undefined && !['', '0', 'false'].includes(env['CI']);
  if (isBuild || isOn(prepared, 'json') || isOn(prepared, 'quiet') || switchOf(prepared, 'prompt') === false)
    return undefined;
  if (stderr.isTTY !== true || streams.stdin?.isTTY !== true) return undefined;
  return askInTerminal(streams.stdin, stderr);
}

function configOf(values: Readonly<Record<string, unknown>>): ConfigLocation {
  return configAt({
    ...given({
      file: textIn(values['config']),
      name: textIn(values['name']),
      url: textIn(values['url']),
      scratch: textIn(values['scratch']),
      dialect: textIn(values['dialect']),
      // Without the flag the configuration decides.
      grants: values['grants'] === true ? true : undefined,
      waitForDbMs: durationMs('wait-for-db', textIn(values['wait-for-db'])),
    }),
    x: [values['x']].flat().filter((one) => typeof one === 'string'),
  });
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isOn(prepared: readonly string[], flag: string): boolean {
  return switchOf(prepared, flag) === true;
}

/** A boolean flag before yargs has read the line, because a mistake in the line must be reported in the right form. */
function switchOf(prepared: readonly string[], flag: string): boolean | null {
  const last = prepared.findLast((token) =>
    [`--${flag}`, `--${flag}=true`, `--${flag}=false`, `--no-${flag}`].includes(token),
  );
  return last === undefined ? null : last === `--${flag}` || last === `--${flag}=true`;
}
