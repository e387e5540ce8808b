import { describe, expect, test } from 'vitest';
import type { TestedRevision, TestReport } from '../../src/commands/results.ts';
import { run } from './terminal.ts';

function revision(id: string, more: Partial<TestedRevision> = {}): TestedRevision {
  const path = `versions/${id}.ts`;
  return { revision: id, message: `add ${id}`, path, test_file: null, outcome: 'ok', failure: null, ...more };
}

async function told(revisions: readonly TestedRevision[], isOk: boolean) {
  const report: TestReport = { database: 'sqlite:./shop.db', revisions, is_ok: isOk };
  const { code, out } = await run('test', { testRevisions: async () => report });
  return { code, lines: out.trimEnd().split('\n') };
}

describe('aludel test', () => {
  test('prints one line when every revision is reversible', async () => {
    expect(await told([revision('a1')], true)).toEqual({ code: 0, lines: ['1 revision goes up, down and up again.'] });
    expect(await told([revision('a1'), revision('b1')], true)).toEqual({
      code: 0,
      lines: ['2 revisions go up, down and up again.'],
    });
  });

  test('prints what is wrong with every other revision, and exits with 1', async () => {
    const changes = [
      { kind: 'create', object: 'index i', statements: ['CREATE INDEX i ON t (a)'], loses: [] },
    ] as const;
    const printed = await told(
      [
        revision('a1'),
        revision('b1', {
          outcome: 'failed',
          failure: { at: 'downgrade', reason: 'The schema is not what it was.', where: null, changes },
        }),
        revision('c1', {
          outcome: 'failed',
          message: '',
          failure: { at: 'second-upgrade', reason: 'It fails: no.', where: 'versions/c1.ts:9', changes: [] },
        }),
        revision('d1', { outcome: 'not-reached' }),
        revision('e1', { outcome: 'irreversible' }),
      ],
      false,
    );
    expect(printed).toEqual({
      code: 1,
      lines: [
        'failed  b1  add b1',
        '  downgrade: The schema is not what it was.',
        '    create  index i',
        '  in versions/b1.ts',
        '',
        'failed  c1',
        '  upgrade after the downgrade: It fails: no.',
        '  in versions/c1.ts:9',
        '',
        'not-reached  d1  add d1',
        '  What it needs cannot be applied.',
        '',
        'irreversible  e1  add e1',
        '  It has no downgrade, and was only applied.',
        '',
        '1 of 5 revisions goes up, down and up again.',
      ],
    });
  });

  test('hands target and strictness on', async () => {
    const calls: unknown[] = [];
    await run('test billing@head --strict', {
      testRevisions: async (_config, target, options) => {
        calls.push(target, options?.strict);
        return { database: '', revisions: [], is_ok: true };
      },
    });
    expect(calls).toEqual(['billing@head', true]);
  });
});
