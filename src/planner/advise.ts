import { AludelError, isAludelError } from '../support/aludel-error.ts';

/** Commands that are written out; more would hide what the error says. */
const shown = 8;

/** A way of planning a target, and what its errors are to advise. */
export interface Advised<T> {
  readonly command: 'upgrade' | 'downgrade';
  readonly plan: (target: string) => T;
  /** The target that goes to `end`, an id or base, from the revision at which the counting began. */
  readonly targetTo: (end: string, from: string | null) => string;
  readonly argumentsOf: ArgumentsOf;
}

/** What stands behind a command that goes to this target: a script needs its start as well. */
export type ArgumentsOf = (target: string) => string;

/**
 * Plans; where the target leaves the way open, the error shows the commands that go on. Each has been planned too, so that
 * no error names a command that is refused.
 */
export function withAdvice<T>(target: string, { command, plan, targetTo, argumentsOf }: Advised<T>): T {
  try {
    return plan(target);
  } catch (error) {
    if (!isAludelError(error)) throw error;
    const working = waysIn(error, targetTo).filter((way) => planned(() => plan(way)) !== null);
    if (working.length === 0) throw error;
    const commands = working.slice(0, shown).map((way) => `  aludel ${command} ${argumentsOf(way)}`);
    const { code, message, where, facts } = error;
    throw new AludelError(code, message, {
      where,
      hint: ['Say which way, with one of:', ...commands].join('\n'),
      facts,
    });
  }
}

function waysIn({ code, facts }: AludelError, targetTo: Advised<unknown>['targetTo']): readonly string[] {
  if (code === 'target.ambiguous-walk') {
    const from = typeof facts['from'] === 'string' ? facts['from'] : null;
    return textsIn(facts['ends']).map((end) => targetTo(end, from));
  }
  return code === 'target.ambiguous-current' ? textsIn(facts['ways']) : [];
}

function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

/** Null when planning is refused. */
export function planned<T>(plan: () => T): T | null {
  try {
    return plan();
  } catch (error) {
    if (isAludelError(error)) return null;
    throw error;
  }
}
