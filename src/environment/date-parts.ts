import type { FileDate } from '../revisions/revision-file.ts';

/** A point in time (milliseconds since 1970) as a calendar shows it in an IANA time zone; null is the machine's own. */
export function datePartsIn(timezone: string | null, now: number): FileDate {
  const format = new Intl.DateTimeFormat('en-US', {
    ...(timezone === null ? {} : { timeZone: timezone }),
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const parts = new Map(format.formatToParts(now).map(({ type, value }) => [type, Number(value)]));
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  return {
    year: part('year'),
    month: part('month'),
    day: part('day'),
    hour: part('hour'),
    minute: part('minute'),
    second: part('second'),
    epoch: Math.floor(now / 1000),
  };
}

/** "2026-11-21 05:31:28+01:00". */
export function dateText({ year, month, day, hour, minute, second, epoch }: FileDate): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const offset = Math.round((Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - epoch) / 60);
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.trunc(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}:${two(second)}${zone}`;
}
