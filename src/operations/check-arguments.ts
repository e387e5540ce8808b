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
 * The same object, whose functions first look at what they are given: revisions run without a type check, and a misspelt
 * option would be ignored. Nothing can be taken of it that it has not: JavaScript would only say that undefined is no function.
 * Both throw migration.failed where that is written; `owner` is what the functions are called on: `op`.
 */
export function guarded<F, T extends F & object>(owner: string, members: T, signatures: Signatures<F>): T {
  const all: Readonly<Record<string, Signature>> = signatures;
  /** Made when it is first asked for: each revision has an `op` of its own and calls little of it. */
  const looking = new Map<string, unknown>();
  const guard = (name: string, work: Work, signature: Signature): unknown => {
    const guardedWork: Work = (...args) => {
      checkCall(`${owner}.${name}`, signature, args, 'migration.failed');
      return work(...args);
    };
    looking.set(name, guardedWork);
    return guardedWork;
  };
  return new Proxy(members, {
    get(target, key, receiver) {
      const value: unknown = Reflect.get(target, key, receiver);
      if (typeof key === 'symbol') return value;
      const signature = Object.hasOwn(all, key) ? all[key] : undefined;
      if (signature !== undefined && isWork(value)) return looking.get(key) ?? guard(key, value, signature);
      if (value !== undefined || key in target || askedByLanguage.has(key)) return value;
      const near = nearest(key, Object.keys(target));
      throw new AludelError('migration.failed', `There is no ${owner}.${key}.`, {
        hint: near === null ? `${owner} has ${listed(Object.keys(target))}.` : `Did you mean ${owner}.${near}?`,
        facts: { operation: `${owner}.${key}` },
      });
    },
  });
}

type Work = (...args: readonly unknown[]) => unknown;

function isWork(value: unknown): value is Work {
  return typeof value === 'function';
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
