import { AludelError, isAludelError } from '../support/aludel-error.ts';
import type { GoneRevision } from './results.ts';

/** "c1 was applied on … by …; its file was versions/c1.ts." */
export function describeGone({ revision, applied_at, applied_by, path }: GoneRevision): string {
  const file = path === null ? '' : `; its file was ${path}`;
  return `${revision} was applied on ${applied_at} by ${applied_by}${file}.`;
}

/** An error about rows that no file has, with what the journal knows of them; any other error as it is. */
export function withGone(error: unknown, gone: readonly GoneRevision[], hint: string | null = null): unknown {
  if (!isAludelError(error) || error.code !== 'database.unknown-revision' || gone.length === 0) return error;
  return new AludelError(error.code, [error.message, ...gone.map(describeGone)].join('\n'), {
    where: error.where,
    hint: hint ?? error.hint,
    facts: { ...error.facts, gone },
    cause: error,
  });
}
