import type { Statement } from '../dialects/statement.ts';
import { AludelError } from '../support/aludel-error.ts';

/**
 * Why the values of a statement cannot be bound; null when they can. Of what is no value the drivers make one: of a function
 * its source, "[object Object]" or NULL, of a date that could not be parsed NULL.
 */
export function unbindable({ bindings }: Statement): AludelError | null {
  for (const value of bindings) {
    if (typeof value === 'function' || typeof value === 'symbol') {
      return new AludelError('migration.failed', `A ${typeof value} is no value`, {
        hint: typeof value === 'function' ? 'It may have been meant to be called: write () behind its name.' : null,
      });
    }
    if (value instanceof Date && Number.isNaN(value.getTime())) {
      return new AludelError('migration.failed', 'An invalid date is no value', {
        hint: 'It comes of a text that new Date(…) does not understand. Where there is none, write null.',
      });
    }
  }
  return null;
}
