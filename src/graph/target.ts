import { AludelError } from '../support/aludel-error.ts';
import { reservedWords } from './name-rules.ts';
import type { RevisionGraph } from './revision-graph.ts';

/**
 * What a person wrote to say where to go, taken apart but not yet looked up.
 *
 *     target   := [branch '@'] place
 *     place    := name | 'head' | 'heads' | 'base' | [name | 'head' | 'heads' | 'base'] ('+' | '-') digits
 *     name     := id | label | prefix of an id
 */
export type Target =
  | { readonly kind: 'absolute'; readonly text: string; readonly branch: string | null; readonly name: string }
  | {
      readonly kind: 'relative-to-name';
      readonly text: string;
      readonly branch: string | null;
      readonly name: string;
      readonly steps: number;
    }
  | {
      readonly kind: 'relative-to-current';
      readonly text: string;
      readonly branch: string | null;
      readonly steps: number;
    };

/**
 * Parses a target of upgrade or downgrade. Exact ids and labels win over every other reading, so a label `release-2`
 * is that label, and `1.2.0-1` is one below `1.2.0`.
 *
 * Throws usage.syntax when the text is not a target, target.unknown when it can only be a name and is none.
 */
export function parseTarget(graph: RevisionGraph, text: string): Target {
  const parts = splitTarget(graph, text);
  const { branch, name } = parts;
  if (isExactName(graph, name) || reservedWords.has(name)) return { kind: 'absolute', text, branch, name };
  const relative = /^(.*)([+-]\d+)$/su.exec(name);
  const start = relative?.[1] ?? '';
  const steps = Number(relative?.[2]);
  if (relative !== null && start === '') return { kind: 'relative-to-current', text, branch, steps };
  if (relative !== null && (isExactName(graph, start) || !looksRelative(start))) {
    return { kind: 'relative-to-name', text, branch, name: start, steps };
  }
  const junk = /[+-]\d+(.+)$/su.exec(name);
  if (junk !== null) {
    throw new AludelError('usage.syntax', `The target "${text}" has "${junk[1] ?? ''}" after its number.`, {
      where: text,
      hint: 'A relative target ends with its number, as in +2 or head-1.',
      facts: { target: text },
    });
  }
  return { kind: 'absolute', text, branch, name };
}

/**
 * Parses a target where counting steps makes no sense (stamp, show, starts of ranges, parents of a new revision).
 *
 * Throws usage.syntax when the text is not a target.
 */
export function parseAbsoluteTarget(graph: RevisionGraph, text: string): Target & { readonly kind: 'absolute' } {
  return { kind: 'absolute', text, ...splitTarget(graph, text) };
}

/** True when the text is an id or a branch label, letter for letter. */
export function isExactName(graph: RevisionGraph, name: string): boolean {
  return graph.positionOf.has(name) || graph.labels.has(name);
}

/** True when a name that was not found looks as if steps were meant to be counted. */
export function looksRelative(name: string): boolean {
  return /[+-]\d/u.test(name);
}

function splitTarget(graph: RevisionGraph, text: string): { readonly branch: string | null; readonly name: string } {
  if (isExactName(graph, text)) return { branch: null, name: text };
  if (text === '') throw malformed(text, 'The target is empty.');
  if (text.includes(':')) {
    throw new AludelError('usage.syntax', `The range "${text}" cannot be used here.`, {
      where: text,
      hint: 'Ranges are for history and, as the start and the end of a script, for --sql.',
      facts: { target: text },
    });
  }
  const at = text.indexOf('@');
  if (at < 0) return { branch: null, name: text };
  const branch = text.slice(0, at);
  const name = text.slice(at + 1);
  if (branch === '') throw malformed(text, `The target "${text}" names no branch before the @.`);
  if (name === '') throw malformed(text, `The target "${text}" names no revision after the @.`);
  if (name.includes('@')) {
    throw new AludelError('target.unknown', `The target "${text}" has more than one @, so it names nothing.`, {
      where: text,
      hint: targetInWords,
      facts: { name: text, nearest: null },
    });
  }
  if (reservedWords.has(branch))
    throw malformed(text, `"${branch}" in the target "${text}" is a reserved word, not a branch.`);
  return { branch, name };
}

const targetInWords = 'A target is an id, a label, head, heads or base, with an optional branch@ before it.';

function malformed(text: string, message: string): AludelError {
  return new AludelError('usage.syntax', message, {
    where: text,
    hint: targetInWords,
    facts: { target: text },
  });
}
