import { describe, expect, test } from 'vitest';
import type { CommandFunctions } from '../../src/cli/command-functions.ts';
import { revision } from './reports.ts';
import { run } from './terminal.ts';

const history: CommandFunctions['history'] = async () => ({
  revisions: [
    revision('b2', { message: 'add: phone', branch_labels: ['shop'] }),
    revision('b1', { message: 'first', branch_labels: ['shop'] }),
    revision('c1'),
  ],
  gone: [],
  half_done: null,
});

/** What Tab offers at the end of a line; a line that ends with a blank begins a new word. */
async function offered(line: string, env: Record<string, string> = {}): Promise<string[]> {
  const { code, out, err } = await run(['--get-yargs-completions', 'aludel', ...line.split(' ')], { history }, { env });
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out.split('\n').slice(0, -1);
}

describe('Tab offers', () => {
  test.each<[string, string[]]>([
    ['up', ['upgrade']],
    ['h', ['heads', 'history']],
    ['upgrade b', ['base', 'b2', 'b1']],
    ['upgrade s', ['shop', 'shop@head']],
    ['upgrade --plan c', ['c1']],
    ['upgrade --pl', ['--plan']],
    ['upgrade --transaction-mode ', ['revision', 'all', 'none']],
    ['stamp b1 c', ['c1']],
    ['upgrade b1 c', []],
    ['history -r c', ['c1']],
    ['revision --head c', ['c1']],
    ['revision -m c', []],
    ['-c m.ts downgrade c', ['c1']],
    ['init c', []],
  ])('aludel %s', async (line, words) => {
    expect(await offered(line)).toEqual(words);
  });

  test('every command at the beginning', async () => {
    expect(await offered('')).toEqual(expect.arrayContaining(['init', 'upgrade', 'completion']));
  });

  test('words with their meaning in zsh and fish', async () => {
    expect(await offered('upgrade b2', { SHELL: '/bin/zsh' })).toEqual(['b2:add: phone']);
    expect(await offered('upgrade b2', { SHELL: '/usr/bin/fish' })).toEqual(['b2\tadd: phone']);
  });

  test('the configuration that the line names is asked', async () => {
    const asked: unknown[] = [];
    const line = '--get-yargs-completions aludel -c m.ts -n main upgrade b';
    await run(line, {
      history: async (config) => {
        asked.push(config);
        return { revisions: [], gone: [] };
      },
    });
    expect(asked).toEqual([{ kind: 'config-location', file: 'm.ts', name: 'main' }]);
  });

  test('no revisions, and no error, where there is no project', async () => {
    const broken: CommandFunctions['history'] = async () => {
      throw new Error('no project');
    };
    const { out, err } = await run(['--get-yargs-completions', 'aludel', 'upgrade', ''], { history: broken });
    expect(out).toBe('head\nheads\nbase\n');
    expect(err).toBe('');
  });
});

test('completion prints a script that asks for candidates', async () => {
  const { code, out } = await run('completion');
  expect(code).toBe(0);
  expect(out).toContain('aludel --get-yargs-completions');
});
