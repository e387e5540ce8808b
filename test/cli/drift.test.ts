import { describe, expect, test } from 'vitest';
import type { DriftReport } from '../../src/commands/results.ts';
import { run } from './terminal.ts';

const changes = [
  { kind: 'create', object: 'index night', statements: ['CREATE INDEX night ON t (a)'], loses: [] },
] as const;

const differing: DriftReport = {
  database: 'sqlite:./shop.db',
  current: ['a1'],
  is_at_heads: true,
  changes,
  is_in_step: false,
  is_only_unrecorded: false,
  half_done: null,
};

async function told(report: Partial<DriftReport>, line = 'drift') {
  return await run(line, { drift: async () => ({ ...differing, ...report }) });
}

describe('drift advises commands', () => {
  test('that mean the same database as it did', async () => {
    const { err, code } = await told({}, "drift -n shop --config conf/it's.ts --url sqlite:x -x a=b");

    const flags = String.raw` --config 'conf/it'\''s.ts' -n shop --url … -x …`;
    expect(code).toBe(5);
    expect(err.trimEnd().split('\n')).toEqual([
      `To keep it: aludel drift --adopt -m "…"${flags}`,
      `For the SQL that undoes it: aludel diff database revisions${flags}`,
    ]);
  });

  test('with the flags that each of them has', async () => {
    const { err } = await told({ is_at_heads: false }, 'drift -n shop --grants --scratch sqlite:x');
    expect(err).toBe(
      'To keep it: aludel upgrade heads -n shop, then aludel drift --adopt -m "…" -n shop --grants --scratch …\n' +
        'For the SQL that undoes it: aludel diff database revision:a1 -n shop --grants --scratch …\n',
    );
  });

  test('that go through the pending revisions first', async () => {
    const { err } = await told({ is_at_heads: false });
    expect(err).toBe(
      'To keep it: aludel upgrade heads, then aludel drift --adopt -m "…"\nFor the SQL that undoes it: aludel diff database revision:a1\n',
    );
  });

  test('that need no source where several revisions are current', async () => {
    const { err } = await told({ is_at_heads: false, current: ['a1', 'b1'] });
    expect(err).not.toContain('aludel diff');
  });

  test('of repair alone where a revision is half done', async () => {
    const { err } = await told({
      half_done: { revision: 'b1', direction: 'upgrade', started_at: 'now', actor: 'ada', statements: [] },
    });
    expect(err).toMatch(/^The upgrade of revision b1, .* aludel repair shows which\.\n$/);
  });

  test('of none where nothing differs', async () => {
    expect(await told({ changes: [], is_in_step: true })).toEqual({
      code: 0,
      out: 'sqlite:./shop.db is what its revisions make (a1).\n',
      err: '',
    });
  });

  test('nothing without --adopt that only --adopt means', async () => {
    const { code, err } = await run('drift --stamp --rename a:b');
    expect(code).toBe(2);
    expect(err).toContain('--stamp, --rename are for the revision that --adopt writes.');
  });
});
