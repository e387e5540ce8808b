import { AludelError } from '../support/aludel-error.ts';

/** The file that `--output` names; undefined for `-`, which is stdout as everywhere: there the result goes by itself. */
export function outputFile(output: string | undefined): string | undefined {
  return output === '-' ? undefined : output;
}

/** Refuses `-` for what cannot go to stdout, instead of making a file of that name. */
export function refuseStdout(flag: string, path: string | undefined): void {
  if (path !== '-') return;
  throw new AludelError('usage.invalid', `--${flag} cannot be stdout.`, {
    hint: `Name a ${flag === 'split' ? 'directory' : 'file'}; one that is called "-" is ./-`,
    facts: { flag },
  });
}
