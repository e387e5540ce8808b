import { AludelError } from '../support/aludel-error.ts';

const millisecondsPer: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 };

/**
 * The value of a flag such as `--lock-timeout 60s` in milliseconds; undefined when it was not given. A bare number is
 * refused because tools differ on its unit; only 0 needs none. Throws usage.invalid.
 */
export function durationMs(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|min|h)$/.exec(text.trim()) ?? [];
  if (amount !== undefined && unit !== undefined) return Math.round(Number(amount) * (millisecondsPer[unit] ?? 1));
  if (text.trim() === '0') return 0;
  throw new AludelError('usage.invalid', `--${flag} "${text}" is not a duration.`, {
    hint: `Write a number with its unit, for instance --${flag} 60s, 500ms or 2m.`,
    facts: { flag, given: text },
  });
}
