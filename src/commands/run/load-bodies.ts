import type { Dialect } from '../../dialects/dialect.ts';
import type { Configuration } from '../../environment/config/configuration.ts';
import { loadKeptRevision, loadRevision, type LoadedRevision } from '../../environment/revisions/load-revision.ts';
import type { Revision } from '../../graph/revision.ts';
import type { MigrationPlan, PlanStep } from '../../planner/migration-plan.ts';
import type { RevisionBody } from '../../runtime/revision-body.ts';
import type { TransactionMode } from '../../runtime/run-ports.ts';
import { AludelError } from '../../support/aludel-error.ts';
import { counted, listedBriefly } from '../../support/text.ts';
import { checksumOf, exactChecksumOf } from '../checksums.ts';
import type { KeptRevision } from '../recorded-revisions.ts';

/**
 * Loads what every step of a plan will run, before any of it runs; a revision whose file is gone from what was kept of it.
 * Throws revision.not-loadable, revision.no-downgrade.
 */
export async function loadBodies(
  plan: MigrationPlan,
  configuration: Configuration,
  dialect: Dialect,
  transactionMode: TransactionMode,
  keptOf: ReadonlyMap<string, KeptRevision>,
): Promise<(step: PlanStep) => RevisionBody> {
  const bodies = new Map<PlanStep, RevisionBody>();
  const irreversible: PlanStep[] = [];
  for (const step of plan.steps) {
    const body = await loadBody(step, configuration, dialect, keptOf.get(step.revision.id));
    if (body === null) irreversible.push(step);
    else bodies.set(step, body);
  }
  if (irreversible.length > 0) throw withoutDowngrade(irreversible);
  if (transactionMode === 'all') {
    refuseSpanningRun(plan, dialect);
    refuseWhatCannotShare([...bodies]);
  }
  return (step) => {
    const body = bodies.get(step);
    if (body === undefined) throw new Error(`revision ${step.revision.id} is not part of the plan that was loaded`);
    return body;
  };
}

/** Loads what one step runs; null when it is a downgrade that the revision does not have. Throws revision.not-loadable. */
export async function loadBody(
  step: PlanStep,
  { workingDirectory }: Pick<Configuration, 'workingDirectory'>,
  dialect: Dialect,
  kept?: KeptRevision,
): Promise<RevisionBody | null> {
  const { revision } = step;
  const loaded =
    kept === undefined
      ? await loadRevision(revision, workingDirectory)
      : await loadKeptRevision(revision, keptSource(kept, revision), workingDirectory);
  return bodyOf(step, loaded, dialect);
}

function bodyOf(step: PlanStep, loaded: LoadedRevision, dialect: Dialect): RevisionBody | null {
  const common = {
    path: step.revision.path,
    source: loaded.source,
    limits: loaded.limits,
    checksum: checksumOf(loaded.source, step.revision.path, dialect),
    exactChecksum: exactChecksumOf(loaded.source),
  };
  if (loaded.kind === 'sql') {
    const section = loaded[step.direction];
    return section === null ? null : { ...common, kind: 'sql', ...section };
  }
  const run = loaded[step.direction];
  if (run !== null) return { ...common, kind: 'code', run };
  // A merge point without functions joins two lines and does nothing else, in either direction.
  return loaded.upgrade === null ? { ...common, kind: 'code', run: () => undefined } : null;
}

/** Only the very text that was applied may run: a masked secret would be run as three stars. */
function keptSource({ source, exactChecksum, at }: KeptRevision, { id, path }: Revision): string {
  if (source !== null && exactChecksumOf(source) === exactChecksum) return source;
  throw new AludelError(
    'revision.not-loadable',
    `The file of revision ${id} is gone, and what the journal kept of it on ${at} is not the text that ran: secrets in it were masked, or somebody changed it.`,
    { where: path, hint: 'Nothing was run. Check out the branch that has the file.', facts: { revision: id, path } },
  );
}

export function withoutDowngrade(steps: readonly PlanStep[]): AludelError {
  const ids = steps.map(({ revision }) => revision.id);
  return new AludelError(
    'revision.no-downgrade',
    `${counted(ids.length, 'revision')} on the way down ${ids.length === 1 ? 'has' : 'have'} no downgrade: ${listedBriefly(ids)}.`,
    {
      where: steps[0]?.revision.path ?? null,
      hint: 'Nothing was run. Write the downgrade, or restore a backup.',
      facts: { revisions: ids },
    },
  );
}

/** A promise to roll the whole run back that the first DDL statement would break. */
export function refuseSpanningRun(plan: MigrationPlan, dialect: Dialect): void {
  if (dialect.transactionalDdl || plan.steps.length === 0) return;
  throw new AludelError('usage.invalid', 'MySQL and MariaDB cannot hold a whole run in one transaction.', {
    where: '--transaction-mode all',
    hint: 'They commit with every DDL statement. Use --transaction-mode revision: a run that dies is then finished by the next one.',
  });
}

/** One transaction around everything holds nothing that must run outside one. */
export function refuseWhatCannotShare(bodies: readonly (readonly [PlanStep, RevisionBody])[]): void {
  const found = bodies.filter(([, body]) =>
    body.kind === 'sql' ? !body.transaction : /\.\s*autocommit\s*\(/.test(body.run.toString()),
  );
  if (found.length === 0) return;
  const ids = found.map(([step]) => step.revision.id);
  throw new AludelError(
    'usage.invalid',
    `${counted(ids.length, 'pending revision')} must run outside a transaction: ${listedBriefly(ids)}.`,
    {
      where: found[0]?.[1].path ?? null,
      hint: 'Nothing was run. Use --transaction-mode revision, which commits around such places.',
      facts: { revisions: ids },
    },
  );
}
