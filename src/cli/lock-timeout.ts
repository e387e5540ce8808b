import { AludelError } from '../support/aludel-error.ts';
import type { Flag } from './command.ts';

/** The flag of every command that takes the migration lock. */
export const lockTimeoutFlag = {
  kind: 'text',
  summary: 'How long to wait for the migration lock, such as 60s; 0 tries once',
} as const satisfies Flag;

const millisecondsPer: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 };

/**
 * The value of {@link lockTimeoutFlag} in milliseconds; undefined when it was not given. A bare number is refused
 * because tools differ on its unit; only 0 needs none.
 */
export function lockTimeoutMs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|min|h)$/.exec(text.trim()) ?? [];
  if (amount !== undefined && unit !== undefined) return Math.round(Number(amount) * (millisecondsPer[unit] ?? 1));
  if (text.trim() === '0') return 0;
  throw new AludelError('usage.invalid', `--lock-timeout "${text}" is not a duration.`, {
    hint: 'Write a number with its unit, for instance --lock-timeout 60s, 500ms or 2m.',
    facts: { flag: 'lock-timeout', given: text },
  });
}
