import { expect, test } from 'vitest';
import type { CheckReport } from '../../src/commands/results.ts';
import { run } from './terminal.ts';

const inStep: CheckReport = { from: 'database', changes: [], cautions: [], is_in_step: true };
const differing: CheckReport = {
  ...inStep,
  changes: [{ kind: 'create', object: 'table people', statements: [], loses: [] }],
  is_in_step: false,
};

test('check says which command prints the SQL, with the flags that it had itself', async () => {
  const told = async (line: string): Promise<string> =>
    (await run(line, { check: () => Promise.resolve(differing) })).err.trimEnd();

  expect(await told('check')).toBe('For the SQL: aludel diff database target');
  expect(
    await told(
      'check --from revisions -n shop --grants --rename users:people --include table:* --exclude a --exclude b',
    ),
  ).toBe(
    `For the SQL: aludel diff revisions target -n shop --grants --rename users:people --include 'table:*' --exclude a --exclude b`,
  );
  expect((await run('check', { check: () => Promise.resolve(inStep) })).err).toBe('');
});
