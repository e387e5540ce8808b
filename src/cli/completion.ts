import { configAt, type ConfigLocation } from '../commands/invocation.ts';
import type { RevisionDetail } from '../commands/results.ts';
import type { Command, Flag, Flags } from './command.ts';
import type { CommandFunctions } from './command-functions.ts';
import { globalFlags } from './global-flags.ts';
import { findCommand, prepareArguments } from './prepare-arguments.ts';
import { printable } from './render/printable.ts';

/**
 * Candidates for the last of the words on a command line, in the form the shell wants: commands, flags, choices, and
 * where a revision is expected ids, labels and symbols. The first word is the program itself.
 */
export async function completionCandidates(
  words: readonly string[],
  commands: readonly Command[],
  functions: CommandFunctions,
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly string[]> {
  const prepared = prepareArguments(words.slice(1), commands);
  const current = words.at(-1) ?? '';
  const wanted = wantedIn(prepared, current, commands);
  const found = wanted === 'revision' ? revisionCandidates(await revisionsOf(configOf(prepared), functions)) : wanted;
  return found.filter(({ word }) => word.startsWith(current)).map((candidate) => forShell(candidate, env));
}

interface Candidate {
  readonly word: string;
  readonly meaning: string;
}

/** What may stand where the last word is; 'revision' has to be asked for. */
function wantedIn(
  prepared: readonly string[],
  current: string,
  commands: readonly Command[],
): readonly Candidate[] | 'revision' {
  const command = findCommand(commands, prepared[0] ?? '');
  const flags: Flags = { ...globalFlags, ...command?.flags };
  const flag = flags[/^--([^=]+)=/.exec(prepared.at(-1) ?? '')?.[1] ?? ''];
  if (flag !== undefined && !current.startsWith('--')) return wantedByFlag(flag);
  if (current.startsWith('-'))
    return Object.entries(flags).map(([name, { summary }]) => ({ word: `--${name}`, meaning: summary }));
  if (command === undefined || prepared.length === 1)
    return commands.map(({ name, summary }) => ({ word: name, meaning: summary }));
  const written = prepared.filter((token) => !token.startsWith('-')).length - 1;
  const positionals = Object.values(command.positionals);
  const positional = positionals[written - 1] ?? positionals.findLast(({ kind }) => kind === 'list');
  return positional?.completes ?? [];
}

function wantedByFlag(flag: Flag): readonly Candidate[] | 'revision' {
  if (flag.kind === 'boolean') return [];
  if (flag.kind === 'text' && flag.choices !== undefined)
    return flag.choices.map((choice) => ({ word: choice, meaning: '' }));
  return flag.completes ?? [];
}

function configOf(prepared: readonly string[]): ConfigLocation {
  const valueOf = (flag: keyof typeof globalFlags): string | undefined =>
    prepared.find((token) => token.startsWith(`--${flag}=`))?.slice(flag.length + 3);
  const file = valueOf('config');
  const name = valueOf('name');
  return configAt({ ...(file === undefined ? {} : { file }), ...(name === undefined ? {} : { name }) });
}

async function revisionsOf(config: ConfigLocation, functions: CommandFunctions): Promise<readonly RevisionDetail[]> {
  try {
    return (await functions.history(config, {})).revisions;
  } catch {
    // Pressing Tab in a directory without a project, or with a broken one, must not print an error into the prompt.
    return [];
  }
}

function revisionCandidates(revisions: readonly RevisionDetail[]): readonly Candidate[] {
  const labels = [...new Set(revisions.flatMap(({ branch_labels }) => branch_labels))];
  return [
    { word: 'head', meaning: 'the newest revision' },
    { word: 'heads', meaning: 'the newest revisions of all branches' },
    { word: 'base', meaning: 'before the first revision' },
    ...labels.flatMap((label) => [
      { word: label, meaning: 'branch' },
      { word: `${label}@head`, meaning: 'the newest revision of the branch' },
    ]),
    ...revisions.map(({ revision, message }) => ({ word: revision, meaning: message })),
  ];
}

/** zsh and fish show a meaning beside the word; bash takes the word alone. */
function forShell({ word, meaning }: Candidate, env: Readonly<Record<string, string | undefined>>): string {
  const shell = `${env['SHELL'] ?? ''} ${env['ZSH_NAME'] ?? ''}`;
  const shown = printable(word);
  if (shell.includes('zsh')) return `${shown.replaceAll(':', String.raw`\:`)}:${printable(meaning)}`;
  return shell.includes('fish') ? `${shown}\t${printable(meaning)}` : shown;
}
