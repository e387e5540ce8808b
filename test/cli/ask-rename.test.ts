import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { askInTerminal } from '../../src/cli/ask-rename.ts';
import type { CommandFunctions } from '../../src/cli/command-functions.ts';
import { AludelError } from '../../src/support/aludel-error.ts';
import { memoryStream, run, type Circumstances } from './terminal.ts';

const question = { kind: 'column', name: 'users.mail', candidates: ['users.email', 'users.phone'] } as const;
const down = '\x1b[B';

test.each([
  ['\r', null],
  [`${down}\r`, 'users.email'],
  [`${down}${down}\r`, 'users.phone'],
])('the keys %j answer with %s', async (keys, answer) => {
  const stdin = new PassThrough();
  const stderr = memoryStream(true);
  const answered = askInTerminal(stdin, stderr)(question);
  stdin.write(keys);

  expect(await answered).toBe(answer);
  expect(stderr.text()).toContain('Is the column users.mail new, or was it renamed?');
  expect(stderr.text()).toContain('It was users.phone before');
});

test('several questions are asked one after the other in one terminal', async () => {
  const stdin = new PassThrough();
  const ask = askInTerminal(stdin, memoryStream(true));
  const first = ask(question);
  stdin.write(`${down}\r`);
  await first;
  const second = ask(question);
  stdin.write('\r');

  expect([await first, await second]).toEqual(['users.email', null]);
});

test.each([
  ['Ctrl-C', '\x03'],
  ['Ctrl-D', '\x04'],
  ['the end of the input', null],
])('%s ends the command with nothing written', async (_title, keys) => {
  const stdin = new PassThrough();
  const answered = askInTerminal(stdin, memoryStream(true))(question).catch((error: unknown) => error);
  if (keys === null) stdin.end();
  else stdin.write(keys);
  const error = await answered;

  expect(error).toBeInstanceOf(AludelError);
  expect(error).toMatchObject({
    code: 'migration.interrupted',
    hint: expect.stringContaining('--no-prompt') as string,
  });
});

test('nobody is asked without a terminal at both ends, for JSON, quietly, on a build server or when it is not wanted', async () => {
  const isAsked = async (line: string, circumstances: Circumstances): Promise<boolean> => {
    let asked = false;
    const check: CommandFunctions['check'] = (_config, options) => {
      asked = options?.askRename !== undefined;
      return Promise.resolve({ from: 'database', changes: [], cautions: [], is_in_step: true });
    };
    await run(line, { check }, circumstances);
    return asked;
  };
  const keyboard = Object.assign(new PassThrough(), { isTTY: true });
  const here = { terminal: true, stdin: keyboard };

  expect(await isAsked('check', here)).toBe(true);
  expect(await isAsked('check', { ...here, env: { CI: 'false' } })).toBe(true);
  expect(await isAsked('check', { terminal: true })).toBe(false);
  expect(await isAsked('check', { ...here, stdin: new PassThrough() })).toBe(false);
  expect(await isAsked('check', { ...here, terminal: false })).toBe(false);
  expect(await isAsked('check', { ...here, env: { CI: 'true' } })).toBe(false);
  for (const flag of ['--json', '--quiet', '--no-prompt']) expect(await isAsked(`check ${flag}`, here)).toBe(false);
});

test('filters and renames are handed on by every command that has them', async () => {
  const seen: unknown[] = [];
  const stop = async (...given: readonly unknown[]): Promise<never> => {
    seen.push(given.at(-1));
    throw new AludelError('usage.invalid', 'stopped');
  };
  const functions = {
    check: stop,
    diff: stop,
    dump: stop,
    types: stop,
    autogenerate: stop,
  } as Partial<CommandFunctions>;
  for (const command of ['check', 'diff a b', 'dump', 'types', 'revision --autogenerate']) {
    await run(`${command} --include table:a* --include b --exclude *:x.*`, functions);
  }
  await run('check --rename a:b', functions);

  expect(seen).toHaveLength(6);
  for (const options of seen.slice(0, 5)) {
    expect(options).toMatchObject({ include: ['table:a*', 'b'], exclude: ['*:x.*'] });
  }
  expect(seen[5]).toMatchObject({ renames: ['a:b'] });
  expect((await run('revision -m x --exclude y')).err).toContain('--exclude');
});
