import { callback, flag, listOf, oneOf, rule, type Rule, text } from '../operations/argument-rules.ts';
import { checkCall, type Signature } from '../operations/check-arguments.ts';

/**
 * Looks at what a function of the library was given before it does anything. Its caller may be JavaScript, where a misspelt
 * option would be ignored and a wrong argument fail deep inside. Throws usage.invalid.
 */
export function requireArguments(call: string, signature: Signature, args: readonly unknown[]): void {
  checkCall(call, signature, args, 'usage.invalid');
}

export const milliseconds = rule('a number of milliseconds', (value) => typeof value === 'number' && value >= 0);
export const count = rule(
  'a whole number',
  (value) => typeof value === 'number' && Number.isInteger(value) && value >= 0,
);
export const texts = listOf(text);
export const textOrTexts: Rule = (value) => (Array.isArray(value) ? texts(value) : text(value));

/** Not by its class: test runners have one of their own. */
const abortSignal = rule(
  'an AbortSignal',
  (value) => typeof value === 'object' && value !== null && 'aborted' in value && 'addEventListener' in value,
);
export const watchedKeys = { onEvent: callback };
export const stoppableKeys = { ...watchedKeys, signal: abortSignal };
/** What of a schema is looked at. */
export const filterKeys = { include: texts, exclude: texts };
export const comparisonKeys = { ...filterKeys, renames: texts, askRename: callback };
/** What is compared with the target of the configuration. */
export const targetKeys = { ...comparisonKeys, from: oneOf('database', 'revisions') };
/** What a run and a script are told about their statements. */
export const statementKeys = {
  tableLockTimeoutMs: milliseconds,
  statementTimeoutMs: milliseconds,
  transactionMode: oneOf('revision', 'all', 'none'),
};
/** What a new file is told. */
export const creationKeys = {
  message: text,
  branchLabel: textOrTexts,
  revId: text,
  splice: flag,
  versionPath: text,
  sqlFile: flag,
  edit: flag,
};
export const newRevisionKeys = { ...creationKeys, head: textOrTexts, dependsOn: texts };
