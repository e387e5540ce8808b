import { expect, test } from 'vitest';
import { durationText, occasionally, progressText } from '../../src/cli/render/progress.ts';
import { plain } from '../../src/cli/render/palette.ts';

const place = {
  direction: 'downgrade',
  revision: '3f2a91c07b5e',
  message: 'add phone\u0007 number',
  step: 3,
  steps: 12,
} as const;
const pipe = { palette: plain, isTerminal: false };
const terminal = { palette: plain, isTerminal: true };

test('a pipe gets one line when a step is done', () => {
  expect(progressText({ kind: 'step-started', ...place }, pipe)).toBe('');
  expect(progressText({ kind: 'step-finished', durationMs: 35, ...place }, pipe)).toBe(
    '[ 3/12] downgrade  3f2a91c07b5e  add phone number  35 ms\n',
  );
});

test('a terminal shows the step under way and replaces it by its result', () => {
  expect(progressText({ kind: 'step-started', ...place }, terminal)).toBe(
    '\r\u001b[K[ 3/12] downgrade  3f2a91c07b5e ...',
  );
  expect(progressText({ kind: 'step-finished', durationMs: 35, ...place }, terminal)).toBe(
    '\r\u001b[K[ 3/12] downgrade  3f2a91c07b5e  add phone number  35 ms\n',
  );
});

test('a revision that was tested is told with its outcome', () => {
  const { revision, message } = place;
  const event = { kind: 'revision-tested', revision, message, outcome: 'not-reached', number: 3, of: 12 } as const;
  expect(progressText({ ...event, durationMs: 35 }, pipe)).toBe(
    '[ 3/12] not-reached  3f2a91c07b5e  add phone number  35 ms\n',
  );
});

test('a wait for the lock names its holder', () => {
  expect(progressText({ kind: 'waiting-for-lock', holder: 'pid 7 on web1' }, pipe)).toBe(
    'waiting for the migration lock, held by pid 7 on web1\n',
  );
  expect(progressText({ kind: 'waiting-for-lock', holder: null }, pipe)).toBe('waiting for the migration lock\n');
});

test('a wait for the database says why', () => {
  expect(progressText({ kind: 'waiting-for-database', reason: 'Cannot connect to x: refused.' }, pipe)).toBe(
    'waiting for the database: Cannot connect to x: refused.\n',
  );
});

test('a statement that waits for another session names it', () => {
  const blocked = { revision: 'a1', statement: 1, sql: 'x', blockers: 'session 7 (psql, user bob)' };
  expect(progressText({ kind: 'blocked', ...blocked }, pipe)).toBe('a1 waits for session 7 (psql, user bob)\n');
});

test('a retry says why, which one it is and when', () => {
  const retry = { revision: 'a1', reason: 'deadlock detected', attempt: 1, of: 3, delayMs: 420 };
  expect(progressText({ kind: 'retrying', ...retry }, pipe)).toBe(
    'a1 did not get through: deadlock detected; retry 1 of 3 in 420 ms\n',
  );
});

test('a backfill shows how far it came, and its share while the estimate holds', () => {
  const batch = { kind: 'backfill-progress', revision: 'a', statement: 2, sql: 'UPDATE …' } as const;
  expect(progressText({ ...batch, rows: 12_000, total: 48_000 }, terminal)).toBe(
    '\r\u001b[Ka: 12,000 of about 48,000 rows (25 %) ...',
  );
  expect(progressText({ ...batch, rows: 12_000, total: 11_000 }, pipe)).toBe('a: 12,000 rows\n');
  expect(progressText({ ...batch, rows: 0, total: null }, pipe)).toBe('a: 0 rows\n');
});

test('what comes often is due once in a while', () => {
  let now = 0;
  const isDue = occasionally(10, () => now);
  const due = [5, 9, 10, 11, 19, 20, 45, 54].filter((time) => {
    now = time;
    return isDue();
  });
  expect(due).toEqual([10, 20, 45]);
});

test('what happens inside a step is not told', () => {
  expect(progressText({ kind: 'statement-started', revision: 'a', statement: 1, sql: 'x' }, terminal)).toBe('');
  expect(progressText({ kind: 'committed', revision: 'a' }, terminal)).toBe('');
});

test.each([
  [0.4, '0 ms'],
  [999.4, '999 ms'],
  [999.6, '1.0 s'],
  [1234, '1.2 s'],
  [59_960, '1 min 0 s'],
  [185_000, '3 min 5 s'],
])('%d milliseconds are "%s"', (milliseconds, text) => {
  expect(durationText(milliseconds)).toBe(text);
});
