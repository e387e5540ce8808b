import { describe, expect, test } from 'vitest';
import { libraryFunctions } from '../../src/cli/command-functions.ts';
import { main } from '../../src/cli/main.ts';
import { AludelError } from '../../src/support/aludel-error.ts';
import { revision } from './reports.ts';
import { failingStream, memoryStream, run } from './terminal.ts';

const report = {
  plan: false,
  heads_before: [],
  heads_after: ['e1'],
  warnings: ['careful\u001b[31m'],
  steps: [],
  half_done: null,
};
const upgraded = { ...report, warnings: [], steps: [step('c1'), step('d1'), step('e1')] };

function step(id: string) {
  return { direction: 'upgrade' as const, revision: id, down_revision: [], message: '', duration_ms: 1 };
}

describe('streams', () => {
  test('a result goes to stdout, warnings to stderr', async () => {
    const ran = await run('upgrade head', { upgrade: async () => report });
    expect(ran).toEqual({ code: 0, out: 'Nothing to do: already at e1\n', err: 'warning: careful\n' });
  });

  test('a run says how far it went', async () => {
    expect((await run('upgrade head', { upgrade: async () => upgraded })).out).toBe(
      'Upgraded 3 revisions: base -> e1\n',
    );
  });

  test('--json prints the report as it is and nothing else on stdout', async () => {
    const { out } = await run('upgrade head --json', { upgrade: async () => upgraded });
    expect(JSON.parse(out)).toEqual(upgraded);
    expect(out).toMatch(/^\{\n {2}"plan": false,\n/);
  });

  test('--quiet leaves the exit code, --quiet --json also the report', async () => {
    expect(await run('upgrade head -q', { upgrade: async () => report })).toEqual({ code: 0, out: '', err: '' });
    const { out, err } = await run('upgrade head -q --json', { upgrade: async () => report });
    expect(JSON.parse(out)).toEqual(report);
    expect(err).toBe('');
  });

  test('progress goes to stderr, one line for each revision that is done', async () => {
    const { out, err } = await run('upgrade head', {
      upgrade: async (_config, _target, options) => {
        const place = { direction: 'upgrade', revision: '3f2a', message: 'add phone', step: 3, steps: 12 } as const;
        options?.onEvent?.({ kind: 'step-started', ...place });
        options?.onEvent?.({ kind: 'step-finished', durationMs: 35.2, ...place });
        options?.onEvent?.({ kind: 'warning', text: 'careful' });
        return { ...upgraded, warnings: ['careful'] };
      },
    });
    expect(err).toBe('[ 3/12] upgrade  3f2a  add phone  35 ms\nwarning: careful\n');
    expect(out).not.toContain('3f2a');
  });

  test('a reader that goes away is no error', async () => {
    const stderr = failingStream('EPIPE');
    const streams = { stdout: failingStream('EPIPE'), stderr, env: {} };
    expect(
      await main(['heads'], streams, { ...libraryFunctions, heads: async () => ({ revisions: [revision('a')] }) }),
    ).toBe(0);
  });

  test('a full disk is an error, and no defect of the tool', async () => {
    const streams = { stdout: failingStream('ENOSPC'), stderr: memoryStream(), env: {} };
    const heads = async () => ({ revisions: [revision('a')] });
    expect(await main(['heads'], streams, { ...libraryFunctions, heads })).toBe(1);
    expect(streams.stderr.text()).toBe(
      'output.failed: The output cannot be written: write ENOSPC.\n  The command has done its work; only its report is lost.\n',
    );
  });

  test('a script that is cut off by a full disk is not called done', async () => {
    const streams = { stdout: failingStream('ENOSPC'), stderr: memoryStream(), env: {} };
    async function* script(): AsyncGenerator<string, void, undefined> {
      yield 'SELECT 1;';
    }
    expect(await main(['upgrade', 'head', '--sql'], streams, { ...libraryFunctions, script })).toBe(1);
    expect(streams.stderr.text()).toBe(
      'output.failed: The output cannot be written: write ENOSPC.\n  What came out is not whole. Run the same command again.\n',
    );
  });
});

describe('errors', () => {
  const locked = new AludelError('database.locked', 'Another run holds the lock.', {
    where: 'sqlite:a.db',
    hint: 'Wait for it.',
    facts: { holder: 'pid 7', since: 12n },
  });
  const fail = (thrown: unknown) => ({
    upgrade: async () => {
      throw thrown;
    },
  });

  test('an error of the tool has its code, place and hint on stderr and its exit code', async () => {
    expect(await run('upgrade head', fail(locked))).toEqual({
      code: 3,
      out: '',
      err: 'database.locked: Another run holds the lock.\n  in sqlite:a.db\n  Wait for it.\n',
    });
  });

  test('--json prints the error as a record on stdout and as text on stderr, --quiet or not', async () => {
    const { code, out, err } = await run('upgrade head --json -q', fail(locked));
    expect(code).toBe(3);
    expect(JSON.parse(out)).toEqual({
      error: {
        code: 'database.locked',
        message: 'Another run holds the lock.',
        where: 'sqlite:a.db',
        hint: 'Wait for it.',
        facts: { holder: 'pid 7', since: '12' },
      },
    });
    expect(err).toContain('database.locked');
  });

  test('a wrong command line is reported as JSON too', async () => {
    const { out } = await run('upgrade --json');
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'usage.invalid' } });
  });

  test('anything else is a defect of the tool and shows no stack', async () => {
    const { code, err } = await run('upgrade head', fail(new TypeError('x is not a function')));
    expect(code).toBe(1);
    expect(err).toContain('defect: x is not a function\n');
    expect(err).toContain('This is a defect of aludel');
    expect(err).not.toContain('    at ');
  });

  test.each([
    ['upgrade head --raiseerr', {}],
    ['upgrade head', { ALUDEL_DEBUG: '1' }],
  ])('the stack appears when asked for: %s %o', async (line, env) => {
    const { err } = await run(line, fail(new TypeError('x at postgres://me:secret@host/db')), { env });
    expect(err).toContain('    at ');
    expect(err).not.toContain('secret');
  });

  test('a thrown string is reported like a thrown error', async () => {
    expect((await run('upgrade head', fail('no'))).err).toContain('defect: no');
  });

  test('an error below an unfinished line of progress starts on a new line', async () => {
    const { err } = await run(
      'upgrade head',
      {
        upgrade: async (_config, _target, options) => {
          options?.onEvent?.({
            kind: 'step-started',
            direction: 'upgrade',
            revision: 'a1',
            message: '',
            step: 1,
            steps: 1,
          });
          options?.onEvent?.({ kind: 'statement-started', revision: 'a1', statement: 1, sql: 'select 1' });
          throw locked;
        },
      },
      { terminal: true, env: { NO_COLOR: '1' } },
    );
    expect(err).toContain('[1/1] upgrade  a1 ...\ndatabase.locked:');
  });
});

describe('help and version', () => {
  test('--help lists every command on stdout', async () => {
    const { code, out, err } = await run('--help');
    expect(code).toBe(0);
    expect(err).toBe('');
    expect(out).toContain('aludel upgrade <target>');
    expect(out).toContain('[aliases: ensure-version]');
  });

  test.each(['upgrade --help', 'help upgrade', 'upgrade -h', 'upgrade head --nonsense --help'])(
    '%s shows the flags and an example of the command',
    async (line) => {
      const { code, out } = await run(line);
      expect(code).toBe(0);
      expect(out).toContain('aludel upgrade <target>');
      expect(out).toContain('--lock-timeout');
      expect(out).toContain('aludel upgrade head');
    },
  );

  test('the help of current gives -c to --check-heads', async () => {
    const { out } = await run('current --help');
    expect(out).toContain('-c, --check-heads');
    expect(out).not.toContain('-c, --config');
  });

  test('--version prints name and version', async () => {
    expect((await run('--version')).out).toMatch(/^aludel \d+\.\d+\.\d+\n$/);
  });
});

describe('exit codes', () => {
  const current = {
    database: 'sqlite:a.db',
    revisions: [revision('a')],
    unknown: [],
    gone: [],
    half_done: null,
    is_at_heads: false,
  };

  test('current --check-heads is 5 when the database is behind', async () => {
    expect(await run('current -c', { current: async () => current })).toEqual({
      code: 5,
      out: 'a\n',
      err: 'The database is not at every head: aludel upgrade heads\n',
    });
    expect((await run('current', { current: async () => current })).code).toBe(0);
    expect((await run('current -c', { current: async () => ({ ...current, is_at_heads: true }) })).code).toBe(0);
  });

  test('current is 6 when no file has a revision of the database, whether heads are checked or not', async () => {
    const lost = { ...current, unknown: ['zzz'] };
    for (const line of ['current', 'current -c', 'current -c --json']) {
      const { code, err } = await run(line, { current: async () => lost });
      expect({ line, code }).toEqual({ line, code: 6 });
      expect(err).toBe('No file has zzz: restore it, or set the table with aludel stamp --purge\n');
    }
  });
});

describe('colours', () => {
  const heads = async () => ({ revisions: [revision('a', { is_head: true })] });
  const isColored = async (line: string, env: Record<string, string>, terminal: boolean) =>
    (await run(line, { heads }, { env, terminal })).out.includes('\u001b[');

  test.each<[string, Record<string, string>, boolean, boolean]>([
    ['heads', {}, true, true],
    ['heads', {}, false, false],
    ['heads', { NO_COLOR: '1' }, true, false],
    ['heads', { NO_COLOR: '' }, true, true],
    ['heads', { TERM: 'dumb' }, true, false],
    ['heads', { FORCE_COLOR: '1' }, false, true],
    ['heads', { FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
    ['heads', { FORCE_COLOR: '0' }, true, false],
    ['heads --color', { NO_COLOR: '1' }, false, true],
    ['heads --no-color', { FORCE_COLOR: '1' }, true, false],
    ['heads --json', {}, true, false],
  ])('%s with %o, terminal %s: %s', async (line, env, terminal, expected) => {
    expect(await isColored(line, env, terminal)).toBe(expected);
  });
});
