import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openEditor } from '../../src/environment/open-editor.ts';
import { errorOf } from './error-of.ts';
import { projectDirectory } from './project-directory.ts';

// The name has what a shell would take apart.
const fileName = 'it\'s $HOME; a "file".ts';

describe.skipIf(process.platform === 'win32')('openEditor', () => {
  const setUp = () => {
    const directory = projectDirectory({
      [fileName]: 'before',
      'my editor.sh': '#!/bin/sh\nprintf "%s" "$*" > "$2"\n',
    });
    return { directory, file: join(directory, fileName), editor: `sh '${join(directory, 'my editor.sh')}' --wait` };
  };
  const path = process.env['PATH'];

  it('runs the editor with its arguments on the file and waits for it', async () => {
    const { directory, file, editor } = setUp();
    await openEditor(file, directory, { PATH: path, EDITOR: editor });
    expect(readFileSync(file, 'utf8')).toBe(`--wait ${file}`);
  });

  it('VISUAL comes before EDITOR', async () => {
    const { directory, file, editor } = setUp();
    await openEditor(file, directory, { PATH: path, EDITOR: 'false', VISUAL: editor });
    expect(readFileSync(file, 'utf8')).toContain('--wait');
  });

  it.for([
    ['false', 'ended with exit code 1'],
    ['no-such-editor-anywhere', 'was not found'],
    ['sh -c "kill -9 $$"', 'SIGKILL'],
  ] as const)('%s is an error that says: %s', async ([editor, reason]) => {
    const { directory, file } = setUp();
    const error = await errorOf(() => openEditor(file, directory, { PATH: path, EDITOR: editor }));
    expect(error).toMatchObject({ code: 'editor.failed', exitCode: 1, where: fileName });
    expect(error.message).toContain(reason);
  });

  it.for([
    ['there is no terminal', {}, false],
    ['EDITOR is empty and there is no terminal', { EDITOR: ' ' }, false],
    ['the terminal cannot move its cursor', { TERM: 'dumb' }, true],
  ] as const)('vi is not waited for where %s', async ([, env, hasTerminal]) => {
    const { directory, file } = setUp();
    const error = await errorOf(() => openEditor(file, directory, { PATH: path, ...env }, hasTerminal));
    expect(error).toMatchObject({ code: 'editor.failed', exitCode: 1, where: fileName });
    expect(error.message).toContain('No editor is set');
    expect(error.hint).toContain('EDITOR');
  });

  it('an editor that was chosen is started without a terminal', async () => {
    const { directory, file, editor } = setUp();
    await openEditor(file, directory, { PATH: path, EDITOR: editor }, false);
    expect(readFileSync(file, 'utf8')).toContain('--wait');
  });
});
