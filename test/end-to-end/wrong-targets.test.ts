import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ErrorCode } from '../../src/support/error-catalog.ts';
import { addFiles, aludel, contentsOf, expectRefused, projectOf, succeed, tableRevision } from './project.ts';

/** abc1 <- abc2 <- xyz3, with the first two applied. */
async function chain(): Promise<string> {
  const directory = projectOf({
    'abc1.ts': tableRevision('abc1'),
    'abc2.ts': tableRevision('abc2', { down: 'abc1', labels: 'shop' }),
    'xyz3.ts': tableRevision('xyz3', { down: 'abc2' }),
  });
  await succeed(directory, 'upgrade', 'abc2');
  return directory;
}

describe('a target that cannot be followed changes nothing', () => {
  const refusals: readonly (readonly [string, readonly string[], ErrorCode, ...(string | RegExp)[]])[] = [
    ['an unknown id', ['upgrade', 'nope'], 'target.unknown', '"nope"'],
    ['a nearly right id', ['upgrade', 'xyz4'], 'target.unknown', '"xyz4"', 'xyz3'],
    ['a word that is nearly head', ['upgrade', 'hed'], 'target.unknown', 'Did you mean "head"?'],
    ['a label that is nearly right', ['upgrade', 'shp@head'], 'target.unknown', 'Did you mean "shop"?'],
    ['a part of two ids', ['upgrade', 'abc'], 'target.ambiguous-name', 'abc1', 'abc2'],
    ['a wrong branch before @base', ['downgrade', 'typo@base'], 'target.unknown', '"typo"'],
    ['a wrong revision on a branch', ['downgrade', 'shop@bse'], 'target.unknown', 'Did you mean "base"?'],
    ['two branches', ['upgrade', 'a@b@c'], 'target.unknown', '"a@b@c" has more than one @'],
    ['no branch', ['upgrade', '@head'], 'usage.syntax', 'names no branch before the @'],
    ['no revision on a branch', ['upgrade', 'shop@'], 'usage.syntax', 'names no revision after the @'],
    ['steps that are no number', ['upgrade', 'head+x'], 'target.unknown', 'Steps are written as a number'],
    ['words after the steps', ['upgrade', '+1.5'], 'usage.syntax', '".5" after its number'],
    ['a step where none can be counted', ['stamp', 'head+1'], 'target.unknown', 'Steps can be counted'],
    ['the database itself', ['upgrade', 'current'], 'target.unknown', 'show, edit and history only'],
    ['a step above the head', ['upgrade', 'head+1'], 'target.out-of-range', 'head+1'],
    ['more steps than there are', ['upgrade', '+9'], 'target.out-of-range'],
    ['more steps down than there are', ['downgrade', '-9'], 'target.out-of-range'],
    ['a range of three parts', ['upgrade', 'a:b:c'], 'usage.syntax', 'a:b:c'],
    ['a range of three parts in history', ['history', '-r', 'a:b:c'], 'usage.syntax', 'a:b:c'],
    ['a range that is no range', ['history', '-r', 'abc1'], 'usage.syntax', 'exactly one colon'],
    ['a range upside down', ['history', '-r', 'xyz3:abc1'], 'target.not-related', 'xyz3 is not below abc1'],
    ['an empty target', ['upgrade', ''], 'usage.syntax'],
    ['an unknown id to stamp', ['stamp', 'nope'], 'target.unknown', '"nope"'],
    ['an unknown id to show', ['show', 'nope'], 'target.unknown', '"nope"'],
    ['an unknown id to merge', ['merge', 'nope', 'xyz3'], 'target.unknown', '"nope"'],
    ['an unknown parent', ['revision', '--head', 'nope', '-m', 'x'], 'target.unknown', '"nope"'],
    ['a parent with a child', ['revision', '--head', 'abc1', '-m', 'x'], 'revision.not-a-head', 'abc1', '--splice'],
  ];

  test('each is refused by name', { timeout: 60_000 }, async () => {
    const directory = await chain();
    for (const [what, args, code, ...mentions] of refusals) {
      await expectRefused(directory, args, code, ...mentions).catch((error: unknown) => {
        throw new Error(`${what}: aludel ${args.join(' ')}`, { cause: error });
      });
    }
  });

  test('a unique part of an id is enough', async () => {
    const directory = await chain();
    const { stdout } = await succeed(directory, 'upgrade', 'xy');
    expect(stdout).toContain('xyz3');
  });

  test('head of a history with two heads names both', async () => {
    const directory = projectOf({ 'a1.ts': tableRevision('a1'), 'b1.ts': tableRevision('b1') });
    await expectRefused(directory, ['upgrade', 'head'], 'target.multiple-heads', 'a1', 'b1', 'heads');
  });
});

describe('a command line that is not understood names the nearest word', () => {
  test.each([
    [['upgrad', 'head'], '"upgrad"', 'Did you mean upgrade?'],
    [['upgrade', 'head', '--pln'], '--pln', 'Did you mean --plan?'],
    [['upgrade', 'head', '--transaction-mode', 'al'], 'transaction-mode', 'revision'],
    [['upgrade'], 'upgrade', 'target'],
    [['revision', '--massage', 'x'], '--massage', '--message'],
  ])('%j', async (args, ...mentions) => {
    await expectRefused(projectOf({}), args, 'usage.invalid', ...mentions);
  });
});

describe('what only reads creates nothing', () => {
  const commands = [
    ['heads'],
    ['history', '-i'],
    ['branches'],
    ['show', 'heads', 'current'],
    ['current', '-v', '--check-heads'],
    ['status'],
    ['upgrade', 'head', '--plan'],
    ['upgrade', 'nope'],
    ['downgrade', 'base'],
    ['downgrade', '-1'],
    ['stamp', 'nope'],
  ] as const;

  test('neither a database file nor a version table, whatever the command', async () => {
    const missing = projectOf({ 'a1.ts': tableRevision('a1') });
    const empty = projectOf({ 'a1.ts': tableRevision('a1') });
    addFiles(empty, { 'app.db': '' });
    for (const directory of [missing, empty]) {
      const before = contentsOf(directory);
      for (const args of commands) {
        await aludel(directory, ...args);
        expect(contentsOf(directory), args.join(' ')).toEqual(before);
      }
      expect(existsSync(join(directory, 'app.db-aludel-lock'))).toBe(false);
    }
  });

  test('an error under --json is a record on stdout', async () => {
    const run = await aludel(projectOf({}), 'upgrade', 'nope', '--json');
    expect(run.code).toBe(2);
    expect(JSON.parse(run.stdout)).toMatchObject({ error: { code: 'target.unknown', facts: { name: 'nope' } } });
  });
});
