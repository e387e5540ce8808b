import { AludelError } from '../support/aludel-error.ts';

/** The value of a flag that takes a whole number, from 0 unless `from` says otherwise; undefined when it was not given. Throws usage.invalid. */
export function wholeNumber(flag: string, text: string | undefined, from = 0): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text) && Number(text) >= from) return Number(text);
  throw new AludelError(
    'usage.invalid',
    `--${flag} takes a whole number${from === 0 ? '' : ` from ${from}`}, and "${text}" is none.`,
    {
      hint: `For example: --${flag} 10.`,
      facts: { flag, given: text },
    },
  );
}
