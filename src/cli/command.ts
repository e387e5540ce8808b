import type { AskRename } from '../commands/schema/compare-schemas.ts';
import type { ConfigLocation, Watched } from '../commands/invocation.ts';
import type { CommandFunctions } from './command-functions.ts';
import type { Palette } from './render/palette.ts';

interface FlagBase {
  /** One letter, without its dash. */
  readonly alias?: string;
  readonly summary: string;
}

/**
 * A flag as plain data: the argument preparation, yargs, the help and the shell completion all read this one table.
 *
 * `text` takes a value once, `list` may be repeated. `completes` says that the value is a revision target.
 */
export type Flag =
  | (FlagBase & { readonly kind: 'boolean' })
  | (FlagBase & { readonly kind: 'text'; readonly choices?: readonly string[]; readonly completes?: 'revision' })
  | (FlagBase & { readonly kind: 'list'; readonly completes?: 'revision' });

/** Flags by their long name without dashes, in the order in which the help shows them. */
export type Flags = Readonly<Record<string, Flag>>;

export interface Positional {
  readonly kind: 'required' | 'optional' | 'list';
  readonly summary: string;
  readonly completes?: 'revision';
}

/** Positional arguments in the order in which they are written; a `list` comes last and takes one or more. */
export type Positionals = Readonly<Record<string, Positional>>;

type FlagValue<F extends Flag> = F extends { readonly kind: 'boolean' }
  ? boolean
  : F extends { readonly kind: 'list' }
    ? readonly string[]
    : F extends { readonly choices: readonly (infer Choice)[] }
      ? Choice | undefined
      : string | undefined;

type PositionalValue<P extends Positional> = P extends { readonly kind: 'required' }
  ? string
  : P extends { readonly kind: 'list' }
    ? readonly string[]
    : string | undefined;

/** What the user wrote, by flag and positional name: always text, never a number. */
export type Values<F extends Flags, P extends Positionals> = { readonly [K in keyof F]: FlagValue<F[K]> } & {
  readonly [K in keyof P]: PositionalValue<P[K]>;
};

/** What a command gets beside its own flags. */
export interface CommandContext extends Required<Watched> {
  readonly config: ConfigLocation;
  readonly functions: CommandFunctions;
  /** Asks the user what was renamed; undefined where nobody is there, or wants to be asked. */
  readonly askRename: AskRename | undefined;
}

/** What a command gives back: the record for `--json`, and how to write it for a person. */
export interface Answer {
  /** Printed as it is by `--json`. */
  readonly report: unknown;
  /** Result for stdout, without the last line break; empty text prints nothing. */
  readonly text: (palette: Palette) => string;
  /** A result that is printed as it is instead, piece by piece. With `--json` it is the report's one field, `sql`. */
  readonly stream?: AsyncIterable<string>;
  /** Talk for stderr, one line each: warnings and what to do next. */
  readonly notes?: readonly string[];
  /** 0 unless the answer is a no. */
  readonly exitCode?: number;
}

export interface CommandDefinition<F extends Flags, P extends Positionals> {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly positionals: P;
  readonly flags: F;
  /** Command lines with what they do. The first one is also the hint when an argument is missing. */
  readonly examples: readonly (readonly [commandLine: string, meaning: string])[];
  run(values: Values<F, P>, context: CommandContext): Promise<Answer>;
}

/** A command whose flags are no longer known to the compiler, as lists of commands hold it. */
export interface Command extends Omit<CommandDefinition<Flags, Positionals>, 'run'> {
  run(values: Readonly<Record<string, unknown>>, context: CommandContext): Promise<Answer>;
}

/** Ties the flags of a command to the values its `run` receives. `readCommandLine` makes good on the types. */
export function defineCommand<const F extends Flags, const P extends Positionals>(
  definition: CommandDefinition<F, P>,
): Command {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- readCommandLine builds the values from these very flags
  return { ...definition, run: async (values, context) => definition.run(values as Values<F, P>, context) };
}

/** Without the keys whose value is undefined: an option that was not given is absent, not undefined. */
export function given<T extends Readonly<Record<string, unknown>>>(
  options: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is filtered out is what the type excludes
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
