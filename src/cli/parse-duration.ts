import { AludelError } from '../support/aludel-error.ts';

const millisecondsPer: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** "500ms", "60s", "1.5m", "1h" or "0" in milliseconds. A bare number is refused: tools differ on its unit. */
export function parseDuration(text: string, flag: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text.trim()) ?? [];
  if (amount !== undefined && unit !== undefined) return Math.round(Number(amount) * (millisecondsPer[unit] ?? 1));
  if (text.trim() === '0') return 0;
  throw new AludelError('usage.invalid', `${flag} "${text}" is not a duration.`, {
    hint: `Write a number with its unit, for instance ${flag} 60s, 500ms or 2m.`,
    facts: { flag, given: text },
  });
}
