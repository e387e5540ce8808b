import type { Command, Flag, Flags } from './command.ts';
import { globalFlags } from './global-flags.ts';

/** Marks a positional that begins with a dash. An operating system cannot pass NUL in an argument, so it is never the user's. */
const dashMark = '\0';

/**
 * Rewrites a command line so that one way of writing is left: the command first, every value tied to its flag by "=",
 * one flag per token. yargs then has nothing to guess. Unknown flags stay as they are, for yargs to refuse.
 *
 * What this allows, and yargs alone does not: `downgrade -1`, `-r -3:current`, `-rabc:def`, `-mmessage`,
 * `-- -1`, flags of a command before its name, and `current -c`, where -c is not the configuration.
 */
export function prepareArguments(argv: readonly string[], commands: readonly Command[]): readonly string[] {
  let command: string | null = null;
  let flags: Flags = globalFlags;
  const prepared: string[] = [];

  const takePositional = (token: string): void => {
    if (command !== null) prepared.push(token.startsWith('-') && token !== '-' ? dashMark + token : token);
    else {
      command = token;
      flags = { ...globalFlags, ...findCommand(commands, token)?.flags };
    }
  };

  for (let i = 0; i < argv.length; i++) {
    const token = argv[i] ?? '';
    const next = argv[i + 1];
    if (token === '--') {
      argv.slice(i + 1).forEach(takePositional);
      break;
    }
    if (!looksLikeFlag(token)) {
      takePositional(token);
      continue;
    }
    const expanded = token.startsWith('--') ? expandLong(token, flags, next) : expandShort(token, flags, next);
    prepared.push(...expanded.tokens);
    if (expanded.usedNext) i++;
  }
  return command === null ? prepared : asHelp([command, ...prepared]);
}

/** A positional as the user wrote it. */
export function unmarked(positional: string): string {
  return positional.replaceAll(dashMark, '');
}

/** The command of this name or alias. */
export function findCommand(commands: readonly Command[], name: string): Command | undefined {
  return commands.find((command) => command.name === name || command.aliases?.includes(name) === true);
}

/** `-1`, `-3:current` and `- text` are values; `-r` and `--rev-range` are flags. */
function looksLikeFlag(token: string): boolean {
  return /^--?[A-Za-z]/.test(token);
}

interface Expanded {
  readonly tokens: readonly string[];
  readonly usedNext: boolean;
}

function expandLong(token: string, flags: Flags, next: string | undefined): Expanded {
  const takesValue = !token.includes('=') && kindOf(flags, token.slice(2)) !== 'boolean';
  if (!takesValue || !Object.hasOwn(flags, token.slice(2)) || next === undefined || looksLikeFlag(next)) {
    return { tokens: [token], usedNext: false };
  }
  return { tokens: [`${token}=${next}`], usedNext: true };
}

/** Walks the letters: boolean flags until one that takes the rest of the token, or the next one, as its value. */
function expandShort(token: string, flags: Flags, next: string | undefined): Expanded {
  const tokens: string[] = [];
  const letters = token.slice(1);
  for (const [i, letter] of letters.split('').entries()) {
    const name = longName(flags, letter);
    if (name === null) return { tokens: [token], usedNext: false };
    if (kindOf(flags, name) === 'boolean') {
      tokens.push(`--${name}`);
      continue;
    }
    const rest = letters.slice(i + 1).replace(/^=/, '');
    if (rest !== '') return { tokens: [...tokens, `--${name}=${rest}`], usedNext: false };
    if (next === undefined || looksLikeFlag(next)) return { tokens: [...tokens, `--${name}`], usedNext: false };
    return { tokens: [...tokens, `--${name}=${next}`], usedNext: true };
  }
  return { tokens, usedNext: false };
}

function kindOf(flags: Flags, name: string): Flag['kind'] {
  return Object.hasOwn(flags, name) ? (flags[name]?.kind ?? 'boolean') : 'boolean';
}

/** The last match wins: a command's own letter comes after the global ones and hides them. */
function longName(flags: Flags, letter: string): string | null {
  if (Object.hasOwn(flags, letter)) return letter;
  return Object.entries(flags).findLast(([, flag]) => flag.alias === letter)?.[0] ?? null;
}

/** `help upgrade` is `upgrade --help`. */
function asHelp(prepared: readonly string[]): readonly string[] {
  return prepared[0] === 'help' ? [...prepared.slice(1), '--help'] : prepared;
}
