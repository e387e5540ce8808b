import yargs from 'yargs';

/** The script for the shell that $SHELL names: bash, zsh or fish. */
export function completionScript(): string {
  let script = '';
  yargs()
    .scriptName('aludel')
    .locale('en')
    .version(false)
    .help(false)
    .completion('completion')
    .parseSync(['completion'], {}, (_error, _argv, output) => {
      script = output;
    });
  return script;
}
