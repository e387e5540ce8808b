import { describe, expect, test } from 'vitest';
import { commandList } from '../../src/cli/command-list.ts';
import { prepareArguments, unmarked } from '../../src/cli/prepare-arguments.ts';

/** The prepared line with the mark of a dash-positional written as "'". */
function prepared(line: readonly string[]): string {
  return prepareArguments(line, commandList)
    .map((token) => (unmarked(token) === token ? token : `'${unmarked(token)}`))
    .join(' ');
}

describe('a command line is rewritten into one form', () => {
  test.each([
    ['downgrade -1', "downgrade '-1"],
    ['downgrade -- -1', "downgrade '-1"],
    ['upgrade +2', 'upgrade +2'],
    ['upgrade 1e5', 'upgrade 1e5'],
    ['upgrade --plan 4446e08588', 'upgrade --plan 4446e08588'],
    ['show -3:head', "show '-3:head"],
    ['stamp -- --purge', "stamp '--purge"],
    ['history -r-3:current', 'history --rev-range=-3:current'],
    ['history -r -3:current', 'history --rev-range=-3:current'],
    ['history -r=a:b', 'history --rev-range=a:b'],
    ['history -rabc:def', 'history --rev-range=abc:def'],
    ['history -vir :head', 'history --verbose --indicate-current --rev-range=:head'],
    ['history --rev-range -2: -v', 'history --rev-range=-2: --verbose'],
    ['history --rev-range=-2:', 'history --rev-range=-2:'],
    ['revision -mtext', 'revision --message=text'],
    ['revision -m --head x', 'revision --message --head=x'],
    ['current -c', 'current --check-heads'],
    ['current -vc', 'current --verbose --check-heads'],
    ['-c m.ts current -c', 'current --config=m.ts --check-heads'],
    ['-c current heads', 'heads --config=current'],
    ['heads -c m.ts', 'heads --config=m.ts'],
    ['-qn main heads', 'heads --quiet --name=main'],
    ['-x a=b -x c=d upgrade head', 'upgrade --x=a=b --x=c=d head'],
    ['heads --no-color', 'heads --no-color'],
    ['--graph history', 'history --graph'],
    ['help upgrade', 'upgrade --help'],
    ['help', '--help'],
    ['upgrade -h', 'upgrade --help'],
    ['heads -zv', 'heads -zv'],
    ['heads --toString x', 'heads --toString x'],
    ['upgrade -', 'upgrade -'],
    ['', ''],
  ])('%s', (line, expected) => {
    expect(prepared(line.split(' ').filter(Boolean))).toBe(expected);
  });

  test('a value keeps its blanks, line breaks and dashes', () => {
    expect(prepareArguments(['revision', '-m', '- drop "x"\nand y'], commandList)).toEqual([
      'revision',
      '--message=- drop "x"\nand y',
    ]);
    expect(prepareArguments(['revision', '-m', ''], commandList)).toEqual(['revision', '--message=']);
  });
});
