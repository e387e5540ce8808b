import type { Configuration } from '../../environment/config/configuration.ts';
import type { EventSink } from '../../runtime/run-event.ts';
import { parsePattern, unmatched, type ObjectFilter, type ObjectPattern } from '../../schema/object-filter.ts';
import type { Snapshot } from '../../schema/snapshot.ts';
import { AludelError } from '../../support/aludel-error.ts';

/** Which objects a command is about. What is given takes the place of what the configuration says. */
export interface FilterOptions {
  /** Only these: `table:shop_*`, `*:audit.*`, `users`. */
  readonly include?: readonly string[];
  /** Not these. */
  readonly exclude?: readonly string[];
}

/**
 * What the options say, and where they say nothing, what the configuration does, for commands that compare. Throws
 * usage.invalid for a pattern that means nothing.
 */
export function filterOf(
  options: FilterOptions,
  configured: Pick<Configuration, 'include' | 'exclude'> = { include: [], exclude: [] },
): ObjectFilter {
  const patterns = (key: 'include' | 'exclude'): readonly ObjectPattern[] => {
    const given = options[key] ?? [];
    return (given.length > 0 ? given : configured[key]).map((text) => patternOf(text, key));
  };
  return { include: patterns('include'), exclude: patterns('exclude') };
}

/** Tells of patterns that meet nothing: what was meant is compared, or is not. */
export function warnOfUnmatched(filter: ObjectFilter, snapshots: readonly Snapshot[], onEvent: EventSink): void {
  for (const text of unmatched(filter, snapshots)) {
    onEvent({ kind: 'warning', text: `nothing is called ${text}, which is to be included or excluded` });
  }
}

function patternOf(text: string, key: string): ObjectPattern {
  const pattern = parsePattern(text);
  if (typeof pattern !== 'string') return pattern;
  throw new AludelError('usage.invalid', `The pattern ${text} to ${key} means nothing: ${pattern}.`, {
    where: `${key} ${text}`,
    hint: 'Write a kind and a name, each may be *: table:legacy_*, *:audit.*.',
    facts: { pattern: text },
  });
}
