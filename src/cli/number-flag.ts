import { AludelError } from '../support/aludel-error.ts';

/** The value of a flag that takes a whole number from 0; undefined when it was not given. Throws usage.invalid. */
export function wholeNumber(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new AludelError('usage.invalid', `--${flag} takes a whole number, and "${text}" is none.`, {
    hint: `For example: --${flag} 10.`,
    facts: { flag, given: text },
  });
}
