import type { Dialect } from '../../dialects/dialect.ts';
import type { GeneratedChange } from '../../revisions/generated-body.ts';
import { isAludelError, type AludelError } from '../../support/aludel-error.ts';
import type { CreatedRevision } from '../results.ts';

export interface Directions {
  readonly upgrade: readonly GeneratedChange[];
  readonly downgrade: readonly GeneratedChange[];
}

/** Proofs before everything that still can is written as statements. */
const mostProofs = 8;

/** As operations where they make the very same: what a proof refuses is written as its own statements instead. */
export async function writeReadable(
  bodies: Directions,
  write: (bodies: Directions) => Promise<CreatedRevision>,
  dialect: Dialect,
): Promise<CreatedRevision> {
  const plain = new Set<GeneratedChange>();
  const written = (list: readonly GeneratedChange[]): readonly GeneratedChange[] =>
    list.map((change) => (plain.has(change) ? { ...change, calls: null } : change));
  for (let proof = 1; ; proof++) {
    try {
      return await write({ upgrade: written(bodies.upgrade), downgrade: written(bodies.downgrade) });
    } catch (error) {
      if (!isAludelError(error) || error.code !== 'schema.not-proved') throw error;
      const direction = error.facts['direction'] === 'upgrade' ? bodies.upgrade : bodies.downgrade;
      const rest = direction.filter(
        (change) => change.calls !== null && !plain.has(change) && !mustBeOperation(change, dialect),
      );
      const refused = rest.filter((change) => isRefused(change, error.facts));
      const preparation = rest.filter(({ kind }) => kind === 'prepare');
      // A body that names what comes later can be created in a session that does not look at bodies.
      const unprepared = refused.some(({ kind, object }) => kind !== 'drop' && isRoutine(object)) ? preparation : [];
      const next = unprepared.length > 0 ? unprepared : refused;
      for (const change of next.length > 0 && proof < mostProofs ? next : rest) plain.add(change);
      if (rest.length === 0) throw error;
    }
  }
}

/** Whether a proof failed at this change, or left a difference in what it makes. */
function isRefused({ kind, object, calls }: GeneratedChange, { objects, line }: AludelError['facts']): boolean {
  if (Array.isArray(objects) && objects.includes(object)) return kind !== 'drop';
  return calls?.some((call) => call.split('\n').some((text) => text.trim() === line)) ?? false;
}

/** An operation commits what came before by itself; a statement does not. */
function mustBeOperation({ statements }: GeneratedChange, dialect: Dialect): boolean {
  return statements.some((sql) => dialect.traitsOf(sql).outsideTransaction);
}

function isRoutine(object: string | null): boolean {
  return /^(?:function|procedure) /.test(object ?? '');
}
