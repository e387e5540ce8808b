import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { datePartsIn, dateText } from '../../src/environment/date-parts.ts';
import { parseDuration } from '../../src/environment/duration.ts';
import { builtInTemplates, packageRoot, packageVersion } from '../../src/environment/package-root.ts';
import { shownPath } from '../../src/environment/shown-path.ts';
import { processOwner, randomRevisionId, systemClock } from '../../src/environment/system.ts';

describe('the machine', () => {
  it('revision ids have twelve hexadecimal digits and differ', () => {
    const ids = Array.from({ length: 1000 }, randomRevisionId);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{12}$/);
    expect(new Set(ids).size).toBe(1000);
  });

  it('the owner names user, host and process', () => {
    expect(processOwner()).toMatch(new RegExp(`^.+@.+ pid ${process.pid}$`));
  });

  it('the clock sleeps as long as asked', async () => {
    const before = systemClock.monotonic();
    await systemClock.sleep(20);
    expect(systemClock.monotonic() - before).toBeGreaterThan(15);
    expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1000);
  });

  it('the package finds itself', () => {
    expect(existsSync(join(packageRoot(), 'package.json'))).toBe(true);
    expect(existsSync(builtInTemplates())).toBe(true);
    expect(readFileSync(join(packageRoot(), 'package.json'), 'utf8')).toContain(`"version": "${packageVersion()}"`);
  });
});

describe('dates', () => {
  it.for([
    ['UTC', '2026-11-21 04:31:28+00:00'],
    ['Asia/Kolkata', '2026-11-21 10:01:28+05:30'],
    ['America/St_Johns', '2026-11-21 01:01:28-03:30'],
  ] as const)('in %s it is %s', ([timezone, text]) => {
    expect(dateText(datePartsIn(timezone, Date.UTC(2026, 10, 21, 4, 31, 28)))).toBe(text);
  });

  it('midnight is hour 0', () => {
    expect(datePartsIn('UTC', Date.UTC(2026, 0, 1)).hour).toBe(0);
  });

  it("without a time zone the machine's own counts", () => {
    const now = new Date(2026, 10, 21, 4, 31, 28);
    expect(datePartsIn(null, now.getTime())).toMatchObject({ year: 2026, month: 11, day: 21, hour: 4, minute: 31 });
  });
});

describe('durations', () => {
  it.for([
    [1500, 1500],
    ['500ms', 500],
    ['60s', 60_000],
    ['1.5 s', 1500],
    ['5m', 300_000],
    ['5min', 300_000],
    ['1h', 3_600_000],
    ['250', 250],
    [-1, null],
    ['soon', null],
    ['5 weeks', null],
    ['', null],
    [Number.NaN, null],
  ] as const)('%s is %s ms', ([duration, milliseconds]) => {
    expect(parseDuration(duration)).toBe(milliseconds);
  });
});

describe('shown paths', () => {
  it.for([
    ['/project/versions/a.ts', '/project', 'versions/a.ts'],
    ['/project', '/project', '.'],
    ['/a', '/very/deep/directory/of/a/project', '/a'],
    ['/project/versions/a.ts', '/project/src', '../versions/a.ts'],
  ] as const)('%s seen from %s is %s', ([path, workingDirectory, shown]) => {
    expect(shownPath(path, workingDirectory)).toBe(shown);
  });
});
