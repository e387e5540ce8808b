import yargs, { type Argv, type Options } from 'yargs';
import { AludelError } from '../support/aludel-error.ts';
import { nearest } from '../support/text.ts';
import type { Command, Flag, Flags, Positional } from './command.ts';
import { globalFlags } from './global-flags.ts';
import { findCommand, unmarked } from './prepare-arguments.ts';

/** What a prepared command line asks for. */
export type Request =
  | { readonly kind: 'help'; readonly command: string | null }
  | { readonly kind: 'run'; readonly command: Command; readonly values: Readonly<Record<string, unknown>> };

/**
 * Reads an already prepared command line (see `prepareArguments`). No command runs here.
 *
 * Throws usage.invalid for anything it does not understand, with the nearest known word as the hint.
 */
export function readCommandLine(prepared: readonly string[], commands: readonly Command[]): Request {
  if (prepared.includes('--help'))
    return { kind: 'help', command: prepared.find((token) => !token.startsWith('-')) ?? null };

  const command = findCommand(commands, prepared[0] ?? '');
  if (command === undefined) throw usageError('', prepared, commands);
  refuseValues(prepared, command);
  let request: Request | null = null;
  // Described as the default of this line, the only one: yargs lays out the help of every other kind of command.
  describeCommandLine(prepared.slice(1), command)
    .command(
      ['$0', ...positionalsOf(command)].join(' '),
      command.summary,
      (own) => describeCommand(own, command),
      (argv) => {
        request = { kind: 'run', command, values: valuesOf(command, argv) };
      },
    )
    .help(false)
    .fail((message, error) => {
      throw usageError(message ?? error.message, prepared, commands);
    })
    .parseSync();
  // Said again because the compiler does not see that the handler assigns.
  const read = request as Request | null;
  if (read === null) throw usageError('', prepared, commands);
  return read;
}

/** The help of one command, or of all when `command` is null or unknown. */
export async function helpText(command: string | null, commands: readonly Command[], columns: number): Promise<string> {
  const known = command !== null && findCommand(commands, command) !== undefined;
  const parser = describeCommandLine(known ? [command] : [], findCommand(commands, command ?? ''))
    .help('help')
    .wrap(Math.min(100, columns));
  for (const one of commands) {
    const signature = [one.name, ...positionalsOf(one)].join(' ');
    parser.command([signature, ...(one.aliases ?? [])], one.summary, (own) => describeCommand(own, one));
  }
  return parser.getHelp();
}

/** A yargs instance with everything but commands; the global flags are those that `command` leaves. */
function describeCommandLine(argv: readonly string[], command: Command | undefined): Argv {
  return yargs([...argv])
    .scriptName('aludel')
    .usage('$0 <command>\n\nRevision-graph database migrations for SQLite, PostgreSQL, MySQL and MariaDB.')
    .locale('en')
    .version(false)
    .exitProcess(false)
    .parserConfiguration({
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'dot-notation': false,
      'camel-case-expansion': false,
      'greedy-arrays': false,
      'strip-aliased': true,
    })
    .options(optionsOf(withoutTakenLetters(globalFlags, command)))
    .group(Object.keys(globalFlags), 'Flags of every command:')
    .strict()
    .epilogue('aludel <command> --help shows the flags and examples of a command.');
}

function describeCommand(parser: Argv, command: Command): Argv {
  for (const [name, positional] of Object.entries(command.positionals)) {
    parser.positional(name, {
      type: 'string',
      describe: positional.summary,
      array: positional.kind === 'list',
      demandOption: positional.kind !== 'optional',
    });
  }
  parser.options(optionsOf(command.flags)).group(Object.keys(command.flags), 'Flags:').epilogue('');
  for (const [commandLine, meaning] of command.examples) parser.example(commandLine, meaning);
  return parser;
}

/** Two flags with one letter would become one flag to yargs: `current -c` is not the configuration. */
function withoutTakenLetters(flags: Flags, command: Command | undefined): Flags {
  const taken = new Set(Object.values(command?.flags ?? {}).map(({ alias }) => alias));
  return Object.fromEntries(
    Object.entries(flags).map(([name, flag]) => {
      if (flag.alias === undefined || !taken.has(flag.alias)) return [name, flag];
      const { alias: _hidden, ...rest } = flag;
      return [name, rest];
    }),
  );
}

function positionalsOf({ positionals }: Command): readonly string[] {
  return Object.entries(positionals).map(([name, { kind }]) => placeholder(name, kind));
}

function placeholder(name: string, kind: Positional['kind']): string {
  if (kind === 'optional') return `[${name}]`;
  return kind === 'list' ? `<${name}..>` : `<${name}>`;
}

function optionsOf(flags: Flags): Record<string, Options> {
  return Object.fromEntries(Object.entries(flags).map(([name, flag]) => [name, optionOf(flag)]));
}

function optionOf(flag: Flag): Options {
  const common: Options = { describe: flag.summary, ...(flag.alias === undefined ? {} : { alias: flag.alias }) };
  if (flag.kind === 'boolean') return { ...common, type: 'boolean' };
  if (flag.kind === 'list') return { ...common, type: 'array', string: true, requiresArg: true };
  return {
    ...common,
    type: 'string',
    requiresArg: true,
    ...(flag.choices === undefined ? {} : { choices: flag.choices }),
  };
}

/** Every flag and positional by name, with the types that `Values` in command.ts promises. */
function valuesOf(command: Command, argv: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  for (const [name, flag] of Object.entries({ ...globalFlags, ...command.flags })) {
    values[name] = flagValue(name, flag, argv[name]);
  }
  for (const [name, { kind }] of Object.entries(command.positionals)) {
    const texts = textsIn(argv[name]).map(unmarked);
    values[name] = kind === 'list' ? texts : texts[0];
  }
  return values;
}

function flagValue(name: string, flag: Flag, value: unknown): boolean | string | readonly string[] | undefined {
  if (flag.kind === 'boolean') return value === true;
  const texts = textsIn(value);
  if (flag.kind === 'list') return texts;
  if (texts.length <= 1) return texts[0];
  throw new AludelError('usage.invalid', `${dashed(name)} is given ${texts.length} times.`, {
    hint: 'Give it once.',
    facts: { flag: name, given: texts },
  });
}

/** None, one or several, as yargs gives them. */
function textsIn(value: unknown): readonly string[] {
  return [value].flat().filter((one): one is string => typeof one === 'string');
}

/** Turns what yargs says into what happened and what to do. */
function usageError(said: string, prepared: readonly string[], commands: readonly Command[]): AludelError {
  const name = prepared.find((token) => !token.startsWith('-'));
  if (name === undefined) {
    return new AludelError('usage.invalid', 'No command is given.', { hint: 'aludel --help lists the commands.' });
  }
  const command = findCommand(commands, name);
  if (command === undefined) {
    const near = nearest(
      name,
      commands.flatMap((known) => [known.name, ...(known.aliases ?? [])]),
    );
    const hint = near === null ? 'aludel --help lists the commands.' : `Did you mean ${near}?`;
    return new AludelError('usage.invalid', `There is no command "${name}".`, { hint, facts: { command: name } });
  }
  const { message, hint, facts } = mistakeIn(said, prepared, command);
  return new AludelError('usage.invalid', message, {
    hint: hint ?? `aludel ${command.name} --help shows its arguments and flags.`,
    facts: { command: command.name, ...facts },
  });
}

/** To yargs every value of a flag that is on or off means off, but for `true`. */
function refuseValues(prepared: readonly string[], command: Command): void {
  const flags = Object.entries<Flag>({ ...globalFlags, ...command.flags });
  for (const token of prepared) {
    const [, name = '', value] = /^--?([\w-]+)=(.*)$/s.exec(token) ?? [];
    if (value === undefined || value === 'true' || value === 'false') continue;
    if (flags.findLast(([long, { alias }]) => name === long || name === alias)?.[1].kind !== 'boolean') continue;
    throw new AludelError('usage.invalid', `${dashed(name)} takes no value, and "${value}" is given.`, {
      hint: `Write ${dashed(name)} alone, or leave it out.`,
      facts: { command: command.name, flag: name, given: value },
    });
  }
}

function forInstance({ examples }: Command): Pick<Mistake, 'hint'> {
  const [first] = examples;
  return first === undefined ? {} : { hint: `For instance: ${first[0].replace('$0', 'aludel')}` };
}

interface Mistake {
  readonly message: string;
  readonly hint?: string;
  readonly facts?: Readonly<Record<string, unknown>>;
}

function mistakeIn(said: string, prepared: readonly string[], command: Command): Mistake {
  const flags: Flags = { ...globalFlags, ...command.flags };
  if (said.startsWith('Not enough non-option arguments')) {
    const missing = positionalsOf(command);
    return {
      message: `"aludel ${command.name}" needs ${missing.join(' ')}.`,
      ...forInstance(command),
      facts: { missing },
    };
  }
  const unknown = /^Unknown arguments?: (.*)$/s.exec(said)?.[1]?.split(', ')[0];
  if (unknown !== undefined) {
    const written = prepared.find((token) => /^--?/.test(token) && token.replace(/^--?/, '').split('=')[0] === unknown);
    const near = written === undefined || unknown.length < 3 ? null : nearest(unknown, Object.keys(flags));
    // Where a message is taken and no word can stand by itself, the word is one of a message.
    const isStrayWord =
      written === undefined && 'message' in command.flags && Object.keys(command.positionals).length === 0;
    return {
      message: `"aludel ${command.name}" does not take "${unmarked(written ?? unknown)}".`,
      ...(isStrayWord ? forInstance(command) : near === null ? {} : { hint: `Did you mean ${dashed(near)}?` }),
      facts: { unknown: unmarked(written ?? unknown) },
    };
  }
  const valueless = /^Not enough arguments following: (.*)$/.exec(said)?.[1];
  if (valueless !== undefined) {
    const name = Object.entries(flags).findLast(([, { alias }]) => alias === valueless)?.[0] ?? valueless;
    return { message: `${dashed(name)} needs a value.`, facts: { flag: name } };
  }
  const [, flag, wrong, choices] = /Argument: (.*), Given: (.*), Choices: (.*)/.exec(said) ?? [];
  if (flag !== undefined)
    return { message: `${dashed(flag)} is ${wrong}, which is not one of ${choices}.`, facts: { flag } };
  return { message: unmarked(said) };
}

function dashed(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`;
}
