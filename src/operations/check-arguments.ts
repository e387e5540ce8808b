import { AludelError } from '../support/aludel-error.ts';
import { counted, listed, nearest } from '../support/text.ts';
import type { ErrorCode } from '../support/error-catalog.ts';
import type { Complaint, Rule } from './argument-rules.ts';

/** The arguments of a call in their order, by name; one called `options` is named by its keys alone. */
export type Signature = Readonly<Record<string, Rule>>;

/** The arguments of every function of `T`. */
export type Signatures<T> = { readonly [K in keyof T]: Signature };

/** The options that a function takes as its last argument. */
export type OptionsOf<F> = F extends (...args: infer A) => unknown ? Exclude<Last<Required<A>>, undefined> : never;

type Last<T extends readonly unknown[]> = T extends readonly [...unknown[], infer L] ? L : never;

/**
 * The same functions, which first look at what they are given: revisions run without a type check, and a misspelt option
 * would be ignored. They throw migration.failed at the call itself; `owner` is what they are called on: `op`.
 */
export function checked<T extends object>(owner: string, functions: T, signatures: Signatures<T>): T {
  const all: Readonly<Record<string, Signature>> = signatures;
  const looking: Record<string, unknown> = {};
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every member of T has a signature, so it is a function
  for (const [name, work] of Object.entries(functions as Record<string, (...args: unknown[]) => unknown>)) {
    looking[name] = (...args: unknown[]) => {
      checkCall(`${owner}.${name}`, all[name] ?? {}, args, 'migration.failed');
      return work(...args);
    };
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the loop above took every member of T
  return looking as T;
}

/**
 * The same object, of which nothing can be taken that it has not: JavaScript would only say that undefined is no function.
 * It throws migration.failed where that is written.
 */
export function withoutUnknown<T extends object>(owner: string, known: T): T {
  return new Proxy(known, {
    get(target, key, receiver) {
      if (typeof key === 'symbol' || key in target || askedByLanguage.has(key)) {
        return Reflect.get(target, key, receiver) as unknown;
      }
      const near = nearest(key, Object.keys(target));
      throw new AludelError('migration.failed', `There is no ${owner}.${key}.`, {
        hint: near === null ? `${owner} has ${listed(Object.keys(target))}.` : `Did you mean ${owner}.${near}?`,
        facts: { operation: `${owner}.${key}` },
      });
    },
  });
}

/** Looked for by `await` and by JSON.stringify in any object that they are given. */
const askedByLanguage: ReadonlySet<string> = new Set(['then', 'toJSON']);

/** Throws an error of this code when a call is given anything else than what it takes. */
export function checkCall(call: string, signature: Signature, args: readonly unknown[], code: ErrorCode): void {
  const names = Object.keys(signature);
  const misuse = (problem: string, advice: string | null): AludelError =>
    new AludelError(code, `${call}: ${problem}.`, {
      hint: advice ?? `Write ${call}(${listed(names).replace(' and ', ', ')}).`,
      facts: { operation: call },
    });
  for (const [at, name] of names.entries()) {
    const found = signature[name]?.(args[at]);
    if (found != null) throw misuse(inPlace(name, found), found.advice);
  }
  if (args.length > names.length) throw misuse(`takes ${counted(names.length, 'argument')}, not ${args.length}`, null);
}

/** What is wrong, with the place in the call. */
function inPlace(argument: string, { path, problem, unknownKey }: Complaint): string {
  const isOption = argument === 'options';
  const place = isOption ? path.replace(/^\./, '') : argument + path;
  if (unknownKey === null) return `"${place || argument}" ${problem}`;
  return `there is ${place === '' ? `no option "${unknownKey}"` : `no "${unknownKey}" in "${place}"`}`;
}
