import type { Flag } from './command.ts';
import { durationMs } from './duration-flag.ts';

/** The flag of every command that takes the migration lock. */
export const lockTimeoutFlag = {
  kind: 'text',
  summary: 'How long to wait for the migration lock, such as 60s; 0 tries once',
} as const satisfies Flag;

/** The value of {@link lockTimeoutFlag} in milliseconds; undefined when it was not given. */
export function lockTimeoutMs(text: string | undefined): number | undefined {
  return durationMs('lock-timeout', text);
}
