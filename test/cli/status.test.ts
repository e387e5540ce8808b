import { describe, expect, test } from 'vitest';
import type { StatusReport } from '../../src/commands/results.ts';
import { statusText } from '../../src/cli/render/status.ts';
import { drawTable } from '../../src/cli/render/table.ts';
import textWidth from '../../src/cli/render/text-width.ts';
import { plain } from '../../src/cli/render/palette.ts';
import { picture, revision } from './reports.ts';

const report: StatusReport = {
  database: 'sqlite:a.db',
  current: ['a1'],
  heads: ['b1'],
  revisions: [
    { id: 'a1', state: 'applied', revision: revision('a1', { message: 'create users' }) },
    { id: 'b1', state: 'pending', revision: revision('b1', { message: 'add phone', is_head: true }) },
  ],
  gone: [],
  half_done: null,
  pending: ['b1'],
};

describe('status', () => {
  test('is a table with the next step below', () => {
    expect(statusText(report, plain)).toBe(
      picture(`
        Database: sqlite:a.db
        state    revision  marks    message
        applied  a1        current  create users
        pending  b1        head     add phone

        "aludel upgrade heads" runs 1 revision: b1.
      `),
    );
  });

  test('says so when there is nothing to do', () => {
    const { revisions } = report;
    const applied = revisions.map((one) => ({ ...one, state: 'applied' as const }));
    const text = statusText({ ...report, revisions: applied, current: ['b1'], pending: [] }, plain);
    expect(text).toContain('applied  b1        head, current  add phone');
    expect(text).toContain('"aludel upgrade heads" has nothing to do: the database is at b1.');
  });

  test('says so when something half-done comes first', () => {
    const half = { revision: 'b1', direction: 'upgrade', started_at: '', actor: '', statements: [] } as const;
    const nextStep = (change: Partial<StatusReport>): string | undefined =>
      statusText({ ...report, ...change }, plain)
        .split('\n')
        .at(-1);
    expect(nextStep({ half_done: half })).toContain('"aludel upgrade heads" runs 1 revision: b1.');
    const wait = '"aludel upgrade heads" has to wait until the';
    expect(nextStep({ half_done: half, pending: [] })).toBe(`${wait} upgrade of b1 is finished.`);
    expect(nextStep({ half_done: { ...half, direction: 'downgrade' } })).toBe(`${wait} downgrade of b1 is finished.`);
  });

  test('shows a row of the database that no file has', () => {
    const missing = { id: 'zz', state: 'missing' as const, revision: null };
    const text = statusText({ ...report, current: ['a1', 'zz'], revisions: [...report.revisions, missing] }, plain);
    expect(text).toContain('\nmissing  zz        current\n');
    expect(text).toContain('"aludel upgrade heads" is refused: no file has zz.');
  });

  test('an empty project has no table', () => {
    expect(statusText({ ...report, revisions: [], current: [], heads: [], pending: [] }, plain)).toBe(
      'Database: sqlite:a.db\nThere are no revisions yet.',
    );
  });
});

describe('tables', () => {
  const none = (text: string): string => text;

  test('columns line up under wide and combining characters', () => {
    const rows = [
      [{ text: '漢字' }, { text: 'x' }],
      [{ text: 'e\u0301' }, { text: 'y' }],
      [{ text: '🎉' }, { text: 'z' }],
    ];
    expect(drawTable(['id', 'message'], rows, none)).toEqual(['id    message', '漢字  x', 'e\u0301     y', '🎉    z']);
  });

  test('a column without text is left out, and colours take no room', () => {
    const red = (text: string): string => `<${text}>`;
    expect(drawTable(['a', 'b', 'c'], [[{ text: '1', paint: red }, { text: '' }, { text: '2' }]], none)).toEqual([
      'a  c',
      '<1>  2',
    ]);
  });
});

test.each<[string, number]>([
  ['', 0],
  ['plain', 5],
  ['\u001b[31mred\u001b[39m', 3],
  ['é', 1],
  ['e\u0301', 1],
  ['Ж', 1],
  ['漢字かなカナ한글', 16],
  ['ｱｲｳ', 3],
  ['ＡＢＣ', 6],
  ['、。', 4],
  ['🎉', 2],
  ['👩‍👩‍👧', 2],
  ['🇩🇪', 2],
  ['❤', 1],
  ['❤\ufe0f', 2],
  ['│├●', 3],
  ['a\u200bb', 2],
])('%s is %i columns wide', (text, width) => {
  expect(textWidth(text)).toBe(width);
});
