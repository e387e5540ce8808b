import { spawn } from 'node:child_process';
import { AludelError, messageOf } from '../support/aludel-error.ts';
import { shownPath } from './shown-path.ts';

/**
 * Opens the file in the user's editor and waits until it is closed. VISUAL comes before EDITOR, as in git; without
 * either it is vi, on Windows notepad. The variable may hold arguments: `code --wait`.
 *
 * Throws editor.failed when the editor cannot be started or ends with an error; and at once when it would be vi and there
 * is no terminal, where vi waits for ever. An editor that was chosen may have a window of its own, so it is started.
 */
export async function openEditor(
  file: string,
  workingDirectory: string,
  env: Readonly<Record<string, string | undefined>>,
  hasTerminal = process.stdin.isTTY && process.stdout.isTTY,
): Promise<void> {
  const shown = shownPath(file, workingDirectory);
  const windows = process.platform === 'win32';
  const chosen = env['VISUAL']?.trim() || env['EDITOR']?.trim() || null;
  if (chosen === null && !windows && (!hasTerminal || env['TERM'] === 'dumb')) {
    throw new AludelError('editor.failed', 'No editor is set, and there is no terminal to start vi in.', {
      where: shown,
      hint: 'The file is kept. Set VISUAL or EDITOR to a program that waits until the file is closed.',
      facts: { editor: null, path: shown },
    });
  }
  const command = chosen ?? (windows ? 'notepad' : 'vi');
  // The shell splits the variable, as it does for git, so quotes in it work; the file goes beside it, never into it.
  const child = windows
    ? spawn(`${command} "${file}"`, { stdio: 'inherit', shell: true, env })
    : spawn('/bin/sh', ['-c', `${command} "$1"`, 'editor', file], { stdio: 'inherit', env });
  const failed = (what: string, facts: Readonly<Record<string, unknown>>): AludelError =>
    new AludelError('editor.failed', `The editor "${command}" ${what}.`, {
      where: shown,
      hint: 'The file is kept. Set VISUAL or EDITOR to a program that waits until the file is closed.',
      facts: { editor: command, path: shown, ...facts },
    });
  await new Promise<void>((resolve, reject) => {
    child.once('error', (error) => reject(failed(`could not be started: ${messageOf(error)}`, {})));
    child.once('exit', (code, signal) => {
      if (code === 0) resolve();
      else if (code === 127) reject(failed('was not found', { exit_code: code }));
      else if (signal !== null) reject(failed(`was ended by ${signal}`, { signal }));
      else reject(failed(`ended with exit code ${code}`, { exit_code: code }));
    });
  });
}
