import type { PlanStep } from '../planner/migration-plan.ts';
import { AludelError, isAludelError, messageOf } from '../support/aludel-error.ts';
import { counted } from '../support/text.ts';
import { obstacleInWords } from './retries.ts';
import type { RunPorts } from './run-ports.ts';

/**
 * The error of a transaction around several revisions whose COMMIT failed, by a deferred constraint for instance: which
 * ones it held, and the database's own words. Nobody can tell which revision brought it about.
 */
export function commitFailed(steps: readonly PlanStep[], thrown: unknown, ports: RunPorts): AludelError {
  const known = isAludelError(thrown) ? thrown : null;
  const explained = known === null ? ports.dialect.explainError(thrown, '') : null;
  const obstacle = known === null ? ports.retries.obstacle() : null;
  const reason = obstacle === null ? (explained?.message ?? messageOf(thrown)) : obstacleInWords(obstacle);
  const ids = steps.map(({ revision }) => revision.id);
  const which =
    ids.length === 1 ? `Revision ${ids.join()}` : `${counted(ids.length, 'revision')}, ${ids[0]} to ${ids.at(-1)},`;
  const outcome =
    known?.facts['may_last'] === true ? null : 'The whole run was rolled back: the database is as it was.';
  return new AludelError(
    known?.code ?? (obstacle === null ? 'migration.failed' : 'migration.blocked'),
    ports.redact(`${which} failed at the COMMIT of the whole run: ${reason.replace(/\.$/, '')}.`),
    {
      where: known?.where ?? null,
      hint: [known?.hint ?? null, outcome].filter((part) => part !== null).join('\n'),
      facts: { revisions: ids, database_code: explained?.code ?? null, completed: [], ...known?.facts },
      cause: thrown,
    },
  );
}
