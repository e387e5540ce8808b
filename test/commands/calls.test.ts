import { describe, expect, it } from 'vitest';
import * as aludel from '../../src/index.ts';
import { errorOf } from '../environment/error-of.ts';
import { projectDirectory } from '../environment/project-directory.ts';

/** The functions as JavaScript sees them. */
const functions: Readonly<Record<string, unknown>> = aludel;

async function call(name: string, ...args: readonly unknown[]): Promise<unknown> {
  const work = functions[name];
  if (typeof work !== 'function') throw new Error(`${name} is no function`);
  const answer: unknown = Reflect.apply(work, undefined, args);
  // A script fails with its first piece.
  return name === 'script' ? await (answer as AsyncGenerator<string>).next() : await answer;
}

const commands = Object.keys(functions).filter(
  (name) =>
    typeof functions[name] === 'function' && !/^(?:AludelError|isAludelError|defineConfig|listTemplates)$/.test(name),
);

describe('a call of the library that no type checker has seen', () => {
  it.each(commands)('of %s is refused with its name where an argument is wrong', async (name) => {
    const refused = { code: 'usage.invalid', exitCode: 2, facts: { operation: name } };
    expect(await errorOf(() => call(name, 5, 5, 5, 5, 5))).toMatchObject(refused);
  });

  it.each(commands)('of %s gives a promise or an iterator, also where it is refused', (name) => {
    if (name === 'configAt') return;
    const work = functions[name];
    if (typeof work !== 'function') throw new Error(`${name} is no function`);
    const answer: unknown = Reflect.apply(work, undefined, [5, 5, 5, 5, 5]);
    if (answer instanceof Promise) answer.catch(() => undefined);
    expect(answer instanceof Promise || name === 'script').toBe(true);
  });

  const config = { database: 'sqlite:./app.db' };
  it.each([
    ['upgrade', [config], 'upgrade: "target" is missing.'],
    ['upgrade', ['sqlite:./app.db', 'head'], 'upgrade: "config" must be a configuration, not this text.'],
    ['current', [Promise.resolve(config)], 'current: "config" must be a configuration, not a promise: await it first.'],
    ['upgrade', [undefined, 'head'], 'upgrade: "config" is missing.'],
    ['upgrade', [config, ['a', 5]], 'upgrade: "target[1]" must be a text, not 5.'],
    ['upgrade', [config, 'head', null], 'upgrade: "options" must be an object, not null.'],
    ['upgrade', [config, 'head', { lockTimeout: 5 }], 'upgrade: there is no option "lockTimeout".'],
    ['upgrade', [config, 'head', { retries: 0.5 }], 'upgrade: "retries" must be a whole number, not 0.5.'],
    ['upgrade', [config, 'head', { signal: {} }], 'upgrade: "signal" must be an AbortSignal, not an object.'],
    ['downgrade', [config, -1], 'downgrade: "target" must be a text, not -1.'],
    ['stamp', [config, 'head'], 'stamp: "targets" must be a list, not this text.'],
    ['current', [{ kind: 'config-location', cdw: '.' }], 'current: there is no "cdw" in "config".'],
    ['configAt', [{ x: 'a=b' }], 'configAt: "x" must be a list, not this text.'],
    ['script', [config], 'script: "request" is missing.'],
    ['script', [config, { command: 'upgrade' }], 'script: "request.range" is missing.'],
    ['script', [config, { command: 'stamp', range: 'a' }], 'script: there is no "range" in "request".'],
    ['script', [config, { command: 'ensure_version' }, { output: 'a.sql' }], 'script: there is no option "output".'],
    ['saveScript', [config, { command: 'ensure_version' }], 'saveScript: "options" is missing.'],
    ['repair', [config, { repair: 'resumee' }], 'repair: "repair" must be "resume", "assume-done", "mark-applied" or '],
  ])('of %s says what is wrong with %j', async (name, args, message) => {
    expect((await errorOf(() => call(name, ...args))).message).toContain(message);
  });

  it('is well with options that are undefined, and with none', async () => {
    const here = aludel.configAt({ cwd: projectDirectory({ 'versions/.keep': '' }), name: undefined } as object);
    const nothing = { signal: undefined, onEvent: undefined, lockTimeoutMs: undefined, transactionMode: undefined };
    expect(await call('upgrade', here, 'head', nothing)).toMatchObject({ steps: [] });
    expect(await call('heads', here, undefined)).toEqual({ revisions: [] });
    expect(await call('heads', here)).toEqual({ revisions: [] });
    const stopping = { signal: new AbortController().signal };
    expect(await call('upgrade', here, ['heads'], stopping)).toMatchObject({ steps: [] });
  });
});
