import { describe, expect, test } from 'vitest';
import { createdText } from '../../src/cli/render/created.ts';
import { currentText } from '../../src/cli/render/current.ts';
import { historyText } from '../../src/cli/render/history.ts';
import { planText, runText, stampText } from '../../src/cli/render/run.ts';
import { branchText, lineOf, shortLine, verboseBlock } from '../../src/cli/render/text.ts';
import { colors } from '../../src/cli/render/colors.ts';
import { plain } from '../../src/cli/render/palette.ts';
import { picture, revision } from './reports.ts';

const merge = revision('53ff', {
  down_revision: ['27c6', 'ae10'],
  depends_on: ['55af'],
  branch_labels: ['c1br', 'c2br'],
  message: 'merge',
  is_head: true,
});

describe('the short line is that of Alembic', () => {
  test.each([
    ['a base', revision('ae10', { message: 'first' }), '<base> -> ae10, first'],
    ['a merge with everything', merge, '27c6, ae10 (55af) -> 53ff (c1br, c2br) (head) (mergepoint), merge'],
    [
      'a current head',
      { ...merge, is_current: true, depends_on: [] },
      '27c6, ae10 -> 53ff (c1br, c2br) (head) (current) (mergepoint), merge',
    ],
    [
      'a head that something depends on',
      revision('ae10', { is_head: true, is_effective_head_only_by_line: true }),
      '<base> -> ae10 (effective head)',
    ],
    ['a branch point', revision('ae10', { children: ['b', 'c'] }), '<base> -> ae10 (branchpoint)'],
  ])('history: %s', (_what, report, line) => {
    expect(shortLine(report, lineOf.history, plain)).toBe(line);
  });

  test('heads shows labels and no points', () => {
    expect(shortLine(merge, lineOf.heads, plain)).toBe('53ff (c1br, c2br) (head)');
  });

  test('current shows points and no labels', () => {
    expect(shortLine({ ...merge, is_current: true }, lineOf.current, plain)).toBe('53ff (head) (mergepoint)');
  });

  test('a message cannot steer the terminal', () => {
    const evil = revision('ae10', { message: '\u0007a\u001b[2Jb\r\nc\u202ed\u009b31m' });
    expect(shortLine(evil, lineOf.history, plain)).toBe('<base> -> ae10, ab cd');
  });

  test('colours are the only difference that a palette makes', () => {
    const colored = shortLine(merge, lineOf.history, colors());
    expect(colored).toContain('\u001b[');
    // oxlint-disable-next-line no-control-regex -- colour codes
    expect(colored.replaceAll(/\u001b\[\d+m/g, '')).toBe(shortLine(merge, lineOf.history, plain));
  });
});

describe('the block is that of Alembic', () => {
  test('a revision with everything', () => {
    const report = {
      ...merge,
      children: ['x1', 'x2'],
      is_branch_point: true,
      is_current: true,
      doc: 'merge\n\nSecond paragraph.',
    };
    expect(verboseBlock(report, plain).join('\n')).toBe(
      [
        'Rev: 53ff (head) (branchpoint) (mergepoint) (current)',
        'Merges: 27c6, ae10',
        'Also depends on: 55af',
        'Branches into: x1, x2',
        'Branch names: c1br, c2br',
        'Path: versions/53ff.ts',
        '',
        '    merge',
        '',
        '    Second paragraph.',
        '',
      ].join('\n'),
    );
  });

  test('a base', () => {
    expect(verboseBlock(revision('ae10'), plain)).toEqual([
      'Rev: ae10',
      'Parent: <base>',
      'Path: versions/ae10.ts',
      '',
    ]);
  });
});

test('branches shows each branch point with its children, indented by its id', () => {
  const branch = {
    revision: revision('ae1027', { children: ['b', 'c'] }),
    children: [revision('b', { branch_labels: ['shop'], message: 'add b' }), revision('c', { is_head: true })],
  };
  expect(branchText(branch, false, plain)).toEqual([
    'ae1027 (branchpoint)',
    '       -> b (shop)',
    '       -> c (head)',
    '',
  ]);
  expect(branchText(branch, true, plain).slice(-3)).toEqual(['       -> b (shop), add b', '       -> c (head)', '']);
});

describe('current', () => {
  const report = {
    database: 'postgresql://me:***@host/db',
    revisions: [revision('ae10', { is_head: true, is_current: true })],
    unknown: ['zzz\u001b[31m'],
    gone: [],
    half_done: null,
    is_at_heads: false,
  };

  test('shows a line for each revision, and rows that no file has', () => {
    expect(currentText(report, false, plain)).toBe('ae10 (head)\nzzz (missing: no file has it)');
  });

  test('-v names the database', () => {
    expect(currentText(report, true, plain).split('\n').slice(0, 2)).toEqual([
      'Current revision(s) for postgresql://me:***@host/db:',
      'Rev: ae10 (head)',
    ]);
  });

  test('a database at base prints nothing', () => {
    expect(currentText({ ...report, revisions: [], unknown: [] }, false, plain)).toBe('');
  });
});

describe('history', () => {
  const revisions = [
    revision('d', { down_revision: ['b', 'c'], message: 'join', is_head: true }),
    revision('c', { down_revision: ['a'], message: 'right' }),
    revision('b', { down_revision: ['a'], message: 'left' }),
    revision('a', { message: 'root', children: ['b', 'c'] }),
  ];

  test('is one line for each revision', () => {
    expect(historyText(revisions.slice(2), { verbose: false, graph: false }, plain)).toBe(
      'a -> b, left\n<base> -> a (branchpoint), root',
    );
  });

  test('--graph draws the lanes in the place of the parents', () => {
    expect(historyText(revisions, { verbose: false, graph: true }, plain)).toBe(
      picture(`
        ● d (head) (mergepoint), join
        ├─╮
        │ ● c, right
        ● │ b, left
        ├─╯
        ● a (branchpoint), root
      `),
    );
  });

  test('--graph -v puts the blocks beside the lanes', () => {
    const [first, second] = historyText(revisions, { verbose: true, graph: true }, plain).split('\n');
    expect([first, second]).toEqual(['●   Rev: d (head) (mergepoint)', '├─╮ Merges: b, c']);
  });
});

describe('the summary of a run', () => {
  const step = (id: string, down: string[] = [], message = '') => ({
    direction: 'upgrade' as const,
    revision: id,
    down_revision: down,
    message,
  });
  const report = {
    plan: false,
    heads_before: ['c'],
    heads_after: ['d1', 'd2'],
    steps: [step('d1'), step('d2')],
    warnings: [],
    half_done: null,
  };

  test.each([
    ['upgrade' as const, report, 'Upgraded 2 revisions: c -> d1, d2'],
    ['downgrade' as const, { ...report, heads_after: [], steps: [step('c')] }, 'Downgraded 1 revision: c -> base'],
    ['upgrade' as const, { ...report, plan: true }, 'Would upgrade 2 revisions: c -> d1, d2'],
    ['upgrade' as const, { ...report, steps: [], heads_after: ['c'] }, 'Nothing to do: already at c'],
    ['downgrade' as const, { ...report, steps: [], heads_after: [] }, 'Nothing to do: already at base'],
  ])('%s', (direction, run, text) => {
    expect(runText(direction, run, plain)).toBe(text);
  });

  test('a plan is a table with the summary below', () => {
    const plan = {
      ...report,
      plan: true,
      heads_before: [],
      heads_after: ['m'],
      steps: [step('a1', [], 'create users'), step('b1', ['a1']), step('m', ['a1', 'b1'], 'join')],
    };
    expect(planText('upgrade', plan, plain)).toBe(
      picture(`
        step  direction  revision  down_revision  message
        1     upgrade    a1        <base>         create users
        2     upgrade    b1        a1
        3     upgrade    m         a1, b1         join

        Would upgrade 3 revisions: base -> m
      `),
    );
  });

  test('stamp', () => {
    expect(stampText({ heads_before: [], heads_after: ['a', 'b'] }, plain)).toBe('Stamped: base -> a, b');
    expect(stampText({ heads_before: ['a'], heads_after: ['a'] }, plain)).toBe('Nothing to do: already at a');
  });
});

test('a new revision says where it is and where it stands', () => {
  const created = {
    revision: 'd4',
    down_revision: ['c3'],
    depends_on: ['x9'],
    branch_labels: ['shop'],
    message: 'add phone',
    path: 'versions/d4_add_phone.ts',
  };
  expect(createdText(created, plain)).toBe('Created versions/d4_add_phone.ts\nc3 (x9) -> d4 (shop), add phone');
  expect(createdText({ ...created, down_revision: [], depends_on: [], branch_labels: [], message: '' }, plain)).toBe(
    'Created versions/d4_add_phone.ts\n<base> -> d4',
  );
});
