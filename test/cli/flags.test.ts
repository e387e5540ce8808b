import { describe, expect, test } from 'vitest';
import type { CommandFunctions } from '../../src/cli/command-functions.ts';
import { run } from './terminal.ts';

/** What each function was called with: its name, then its arguments without the event sink. */
async function callsOf(line: string | readonly string[]): Promise<unknown[]> {
  const calls: unknown[] = [];
  const record =
    (name: keyof CommandFunctions) =>
    async (...given: unknown[]) => {
      calls.push([name, ...given.map(withoutSink)]);
      return anyReport;
    };
  const { code, err } = await run(line, {
    upgrade: record('upgrade'),
    downgrade: record('downgrade'),
    stamp: record('stamp'),
    current: record('current'),
    heads: record('heads'),
    history: record('history'),
    branches: record('branches'),
    show: record('show'),
    status: record('status'),
    revision: record('revision'),
    log: record('log'),
    merge: record('merge'),
    repair: record('repair'),
    edit: record('edit'),
    ensureVersion: record('ensureVersion'),
    init: record('init'),
    listTemplates: record('listTemplates'),
    verify: record('verify'),
  });
  expect(err.replace(/^(Next|The database|No revision is applied).*\n/, '')).toBe('');
  expect(code).toBe(0);
  return calls;
}

function withoutSink(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('onEvent' in value)) return value;
  const {
    onEvent: _onEvent,
    signal: _signal,
    ...rest
  } = value as { readonly onEvent: unknown; readonly signal?: unknown };
  return rest;
}

/** Every field of every report, empty. */
const anyReport = Object.assign([], {
  half_done: null,
  is_intact: true,
  action: 'none' as const,
  held_by: null,
  entries: [],
  plan: false,
  heads_before: [],
  heads_after: [],
  steps: [],
  warnings: [],
  revisions: [],
  branches: [],
  unknown: [],
  gone: [],
  database: 'sqlite:a.db',
  version_table: 'aludel_version',
  is_at_heads: true,
  current: [],
  heads: [],
  pending: [],
  revision: 'ae10',
  down_revision: [],
  depends_on: [],
  branch_labels: [],
  message: '',
  path: 'versions/ae10.ts',
  paths: [],
  template: 'default',
  created: [],
  kept: [],
  advice: [],
});

const here = { kind: 'config-location', x: [] };

describe('flags reach the function', () => {
  test.each<[string, unknown[]]>([
    ['upgrade head', ['upgrade', here, 'head', { plan: false }]],
    ['upgrade +2 --plan', ['upgrade', here, '+2', { plan: true }]],
    ['upgrade 1e5', ['upgrade', here, '1e5', { plan: false }]],
    ['upgrade 0x10', ['upgrade', here, '0x10', { plan: false }]],
    ['upgrade 007', ['upgrade', here, '007', { plan: false }]],
    ['upgrade 4446e08588', ['upgrade', here, '4446e08588', { plan: false }]],
    ['upgrade help', ['upgrade', here, 'help', { plan: false }]],
    ['upgrade a.b@head --transaction-mode all', ['upgrade', here, 'a.b@head', { plan: false, transactionMode: 'all' }]],
    ['upgrade head --lock-timeout 1.5m', ['upgrade', here, 'head', { plan: false, lockTimeoutMs: 90_000 }]],
    [
      'upgrade head --table-lock-timeout 500ms --statement-timeout 0 --retries 7',
      ['upgrade', here, 'head', { plan: false, tableLockTimeoutMs: 500, statementTimeoutMs: 0, retries: 7 }],
    ],
    ['downgrade base --retries 0', ['downgrade', here, 'base', { plan: false, retries: 0 }]],
    ['current --wait-for-db 2m', ['current', { ...here, waitForDbMs: 120_000 }, {}]],
    ['downgrade -1', ['downgrade', here, '-1', { plan: false }]],
    ['downgrade -- -1', ['downgrade', here, '-1', { plan: false }]],
    ['downgrade --plan base', ['downgrade', here, 'base', { plan: true }]],
    ['stamp 1e5 2e5 --purge', ['stamp', here, ['1e5', '2e5'], { purge: true }]],
    ['stamp heads --lock-timeout 0', ['stamp', here, ['heads'], { purge: false, lockTimeoutMs: 0 }]],
    ['stamp heads', ['stamp', here, ['heads'], { purge: false }]],
    ['current', ['current', here, {}]],
    ['current -vc', ['current', here, {}]],
    ['heads', ['heads', here, { resolveDependencies: false }]],
    ['heads -v --resolve-dependencies', ['heads', here, { resolveDependencies: true }]],
    ['history', ['history', here, { indicateCurrent: false }]],
    ['history -r-3:current -v -i', ['history', here, { indicateCurrent: true, range: '-3:current' }]],
    ['branches -v', ['branches', here]],
    ['show 1e5 head', ['show', here, ['1e5', 'head'], {}]],
    ['status', ['status', here, {}]],
    ['revision', ['revision', here, { splice: false, sqlFile: false, edit: false, dependsOn: [] }]],
    [
      'revision -m add --head 1e5 --splice --branch-label b --version-path v --rev-id 2e5 --depends-on 3e5 --depends-on c --sql-file --edit',
      [
        'revision',
        here,
        {
          splice: true,
          sqlFile: true,
          edit: true,
          dependsOn: ['3e5', 'c'],
          message: 'add',
          head: '1e5',
          branchLabel: 'b',
          versionPath: 'v',
          revId: '2e5',
        },
      ],
    ],
    ['merge 1e5 2e5 -m join', ['merge', here, ['1e5', '2e5'], { splice: false, message: 'join' }]],
    [
      'merge heads --branch-label b --rev-id 3e5 --splice',
      ['merge', here, ['heads'], { splice: true, branchLabel: 'b', revId: '3e5' }],
    ],
    ['log', ['log', here, {}]],
    ['log --revision 1e5 --limit 3', ['log', here, { revision: '1e5', limit: 3 }]],
    ['verify', ['verify', here, {}]],
    ['repair', ['repair', here, {}]],
    ['repair --assume-done', ['repair', here, { repair: 'assume-done' }]],
    ['edit head', ['edit', here, ['head']]],
    ['ensure_version', ['ensureVersion', here, {}]],
    ['ensure-version --lock-timeout 500ms', ['ensureVersion', here, { lockTimeoutMs: 500 }]],
    ['init', ['init', '.', {}]],
    ['init db -t sql', ['init', 'db', { template: 'sql' }]],
    ['list_templates', ['listTemplates']],
    ['list-templates', ['listTemplates']],
  ])('%s', async (line, call) => {
    expect(await callsOf(line)).toEqual([call]);
  });

  test('global flags stand before or after the command', async () => {
    const there = { kind: 'config-location', file: 'm.ts', name: '1e5', url: 'sqlite:a.db', x: ['a=1', 'b.c=2'] };
    expect(await callsOf('-c m.ts -n 1e5 --url sqlite:a.db -x a=1 -x b.c=2 status')).toEqual([['status', there, {}]]);
    expect(await callsOf('status -x a=1 -x b.c=2 --url sqlite:a.db --name 1e5 --config m.ts')).toEqual([
      ['status', there, {}],
    ]);
  });

  test('a flag that is on or off may be said to be so', async () => {
    const [on, off] = await Promise.all([callsOf('heads --verbose=true'), callsOf('heads --verbose=false')]);
    expect([on, off]).toEqual([await callsOf('heads --verbose'), await callsOf('heads')]);
  });

  test('text of several words stays one value', async () => {
    const [call] = await callsOf(['revision', '-m', 'add phone -- "number"']);
    expect(call).toMatchObject(['revision', here, { message: 'add phone -- "number"' }]);
  });
});

describe('a mistake in the command line', () => {
  test.each([
    ['', 'No command is given.', 'aludel --help'],
    ['upgrade', '"aludel upgrade" needs <target>.', 'aludel upgrade head'],
    ['stamp', '"aludel stamp" needs <revisions..>.', 'aludel stamp head'],
    ['upgrad head', 'There is no command "upgrad".', 'Did you mean upgrade?'],
    ['ensure-versoin', 'There is no command "ensure-versoin".', 'Did you mean ensure-version?'],
    ['upgrade head --plam', '"aludel upgrade" does not take "--plam".', 'Did you mean --plan?'],
    ['revision add phone', '"aludel revision" does not take "add".', 'aludel revision -m "add phone number"'],
    ['upgrade head b', '"aludel upgrade" does not take "b".', 'aludel upgrade --help'],
    ['upgrade head -1', '"aludel upgrade" does not take "-1".', 'aludel upgrade --help'],
    ['heads -z', '"aludel heads" does not take "-z".', 'aludel heads --help'],
    ['history -r', '--rev-range needs a value.', 'aludel history --help'],
    ['revision -m --splice', '--message needs a value.', 'aludel revision --help'],
    ['revision -m a -m b', '--message is given 2 times.', 'Give it once.'],
    ['upgrade head --lock-timeout 60', '--lock-timeout "60" is not a duration.', '--lock-timeout 60s'],
    ['upgrade head --table-lock-timeout 5', '--table-lock-timeout "5" is not a duration.', '--table-lock-timeout 60s'],
    ['upgrade head --retries many', '--retries takes a whole number, and "many" is none.', '--retries 10'],
    ['status --wait-for-db soon', '--wait-for-db "soon" is not a duration.', '--wait-for-db 60s'],
    ['upgrade head --transaction-mode each', '--transaction-mode is "each"', '"revision", "all", "none"'],
    ['test --strict=3', '--strict takes no value, and "3" is given.', 'Write --strict alone'],
    ['heads --json=', '--json takes no value, and "" is given.', 'Write --json alone'],
    ['heads -v=no', '-v takes no value, and "no" is given.', 'Write -v alone'],
    ['current -c m.ts', '"aludel current" does not take "m.ts".', 'aludel current --help'],
  ])('%s', async (line, message, hint) => {
    const { code, out, err } = await run(line);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain(`usage.invalid: ${message}`);
    expect(err).toContain(hint);
    expect(err.split('\n').length).toBeLessThanOrEqual(3);
  });
});
