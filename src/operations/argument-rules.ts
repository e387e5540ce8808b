import { listed, nearest } from '../support/text.ts';

/** What is wrong with an argument. */
export interface Complaint {
  /** Where inside the argument, as it would be written: `''`, `.order`, `[2].column`. */
  readonly path: string;
  /** Words that follow the place, such as `must be a name, not a number`. */
  readonly problem: string;
  /** A key that is not known; null for any other complaint. */
  readonly unknownKey: string | null;
  /** What to write instead, as a sentence; null when the call itself says it. */
  readonly advice: string | null;
}

/** What an argument must be: null when the value is that. */
export type Rule = (value: unknown) => Complaint | null;

/** A rule for every key of a type, so that a key that is new does not compile without one. */
type RulesOf<T> = { readonly [K in keyof T]-?: Rule };

/** A value of one kind; `expected` follows "must be". */
export function rule(expected: string, accepts: (value: unknown) => boolean): Rule {
  return (value) => {
    if (accepts(value)) return null;
    return complaint(value === undefined ? 'is missing' : `must be ${expected}, not ${inWords(value)}`);
  };
}

export const name = rule('a name', (value) => typeof value === 'string' && value !== '');
export const sql = rule('SQL', (value) => typeof value === 'string' && value.trim() !== '');
/** Which rows: knex would take an object or a function. */
export const condition: Rule = (value) => {
  const found = sql(value);
  return found === null ? null : { ...found, advice: `Write the condition as SQL: where: 'email IS NULL'.` };
};
export const text = rule('a text', (value) => typeof value === 'string');
export const flag = rule('true or false', (value) => typeof value === 'boolean');
export const callback = rule('a function', (value) => typeof value === 'function');
export const wholeNumber = rule(
  'a whole number',
  (value) => typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value)),
);
export const anything: Rule = () => null;
/** What becomes a literal, or SQL as it is written. */
export const valueOrSql = rule('a value or { sql: … }', (value) =>
  typeof value === 'object' && value !== null
    ? value instanceof Date || value instanceof Uint8Array || 'sql' in value
    : ['string', 'number', 'bigint', 'boolean'].includes(typeof value),
);

export function optional(inner: Rule): Rule {
  return (value) => (value === undefined ? null : inner(value));
}

export function nullable(inner: Rule): Rule {
  return (value) => (value === null ? null : inner(value));
}

/** One of two; where it is neither, the second one says what it must be. */
export function either(first: Rule, second: Rule): Rule {
  return (value) => (first(value) === null ? null : second(value));
}

export function oneOf(...words: readonly string[]): Rule {
  const quoted = listed(
    words.map((word) => `"${word}"`),
    'or',
  );
  const any = rule(quoted, (word) => words.some((one) => one === word));
  return (value) => {
    const found = any(value);
    if (found === null || typeof value !== 'string') return found;
    const near = nearest(value, words);
    const advice = near === null ? null : `Did you mean "${near}"?`;
    return { ...complaint(`must be ${quoted}, not "${value}"`), advice };
  };
}

export function listOf(inner: Rule): Rule {
  return (value) => {
    if (!Array.isArray(value)) return rule('a list', () => false)(value);
    return firstOf(value.keys(), (at) => within(`[${at}]`, inner(value[at])));
  };
}

/** A list that is not empty. */
export function someOf(inner: Rule): Rule {
  return (value) => (Array.isArray(value) && value.length === 0 ? complaint('is an empty list') : listOf(inner)(value));
}

/** An object with the keys of a type and no others; a key that may be left out has an {@link optional} rule. */
export function fields<T>(rules: RulesOf<T>): Rule {
  const known: Readonly<Record<string, Rule>> = rules;
  return (value) => {
    if (!isObject(value)) return rule('an object', () => false)(value);
    const unknown = Object.keys(value).find((key) => !Object.hasOwn(known, key));
    if (unknown !== undefined) return unknownKey(unknown, Object.keys(known));
    return firstOf(Object.entries(known), ([key, inner]) => within(`.${key}`, inner(value[key])));
  };
}

/** The last argument of an operation, which may be left out as each of its keys may. */
export function options<T>(rules: RulesOf<T>): Rule {
  const entries = Object.entries<Rule>(rules).map(([key, inner]) => [key, optional(inner)] as const);
  return optional(fields(Object.fromEntries(entries)));
}

/** What {@link optional} lets be left out is needed here. */
export function required(inner: Rule): Rule {
  return (value) => (value === undefined ? complaint('is missing') : inner(value));
}

/** An object of which one key, usually `kind`, says which others it has. */
export function kinds<K extends string>(rules: Readonly<Record<K, (kind: Rule) => Rule>>, key = 'kind'): Rule {
  const known: Readonly<Record<string, (kind: Rule) => Rule>> = rules;
  const kind = oneOf(...Object.keys(known));
  return (value) => {
    if (!isObject(value)) return rule('an object', () => false)(value);
    const found = within(`.${key}`, kind(value[key]));
    return found ?? known[String(value[key])]?.(kind)(value) ?? null;
  };
}

/** An object with keys of the user's own; one that is undefined counts as left out. */
export function mapOf(inner: Rule): Rule {
  return (value) => {
    if (!isObject(value)) return rule('an object', () => false)(value);
    return firstOf(Object.entries(value), ([key, one]) => within(`.${key}`, optional(inner)(one)));
  };
}

/** {@link mapOf} columns, at least one. */
export function columnsTo(inner: Rule): Rule {
  return (value) =>
    isObject(value) && Object.values(value).every((one) => one === undefined)
      ? complaint('names no column')
      : mapOf(inner)(value);
}

function complaint(problem: string): Complaint {
  return { path: '', problem, unknownKey: null, advice: null };
}

function unknownKey(key: string, known: readonly string[]): Complaint {
  const near = nearest(key, known);
  const all = `There ${known.length === 1 ? 'is' : 'are'} ${listed(known)}.`;
  return {
    path: '',
    problem: '',
    unknownKey: key,
    advice: near === null ? all : `Did you mean "${near}"? ${all}`,
  };
}

function within(path: string, inner: Complaint | null): Complaint | null {
  return inner === null ? null : { ...inner, path: path + inner.path };
}

function firstOf<T>(all: Iterable<T>, complain: (one: T) => Complaint | null): Complaint | null {
  for (const one of all) {
    const found = complain(one);
    if (found !== null) return found;
  }
  return null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a value is; never a text or an object itself, in which a secret may be. */
function inWords(value: unknown): string {
  if (value === null) return 'null';
  if (value === '') return 'an empty text';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Promise) return 'a promise: await it first';
  switch (typeof value) {
    case 'string':
      return value.trim() === '' ? 'white space' : 'this text';
    case 'boolean':
    case 'number':
      return String(value);
    case 'object':
      return 'an object';
    default:
      return `a ${typeof value}`;
  }
}
