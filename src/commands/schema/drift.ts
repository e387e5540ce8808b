import { dialectOf } from '../../dialects/registry.ts';
import { effectiveHeads, idsAt } from '../../graph/shape.ts';
import { flag, options } from '../../operations/argument-rules.ts';
import { planUpgrade } from '../../planner/plan-upgrade.ts';
import { diff } from '../../schema/diff.ts';
import { throwIfInterrupted } from '../../runtime/interruption.ts';
import { leaveOut } from '../../schema/leave-out.ts';
import type { ObjectFilter } from '../../schema/object-filter.ts';
import type { Snapshot } from '../../schema/snapshot.ts';
import { AludelError, isAludelError } from '../../support/aludel-error.ts';
import type { ErrorCode } from '../../support/error-catalog.ts';
import { listedBriefly } from '../../support/text.ts';
import { compareSchemas, comparing, type CompareOptions } from './compare-schemas.ts';
import { generatedRevision, generateRevision, type GenerateOptions } from './generate-revision.ts';
import { comparisonKeys, newRevisionKeys, requireArguments, stoppableKeys } from '../call-rules.ts';
import { configSource, sinkOf, type Stoppable, type Watch } from '../invocation.ts';
import { halfDoneFirst } from '../run/half-done-first.ts';
import { halfDoneReport } from '../run/half-done-report.ts';
import { openProject, type ConfigSource, type Project } from '../open-project.ts';
import type { AdoptReport, DriftReport } from '../results.ts';
import { stoppable } from '../run/stoppable.ts';
import { schemaAt } from './schema-at.ts';
import { undeclared } from './schema-source.ts';
import { schemaOfApplied } from './schema-of-applied.ts';
import { stamp } from '../stamp.ts';

/** What was done by hand is told as it was done; only who adopts it says what was a rename. */
const neverAsked: CompareOptions = { askRename: () => Promise.resolve(null) };

const driftSignature = { config: configSource, options: options<Stoppable>(stoppableKeys) };

/** What was done to the database beside its revisions: it, against them replayed on a scratch database. Changes nothing. */
export async function drift(config: ConfigSource, options: Stoppable = {}): Promise<DriftReport> {
  requireArguments('drift', driftSignature, [config, options]);
  return await stoppable(options, async (watch) => {
    const project = await openProject(config);
    const { configuration, graph } = project;
    const how = comparing(neverAsked, configuration);
    const { rows, replayed, present, halfDone } = await schemaOfApplied(project, watch);
    const { changes } = await compareSchemas(replayed, undeclared(present), how, configuration, watch);
    const isAtHeads = rows.join() === idsAt(graph, effectiveHeads(graph)).join();
    return {
      database: configuration.database.display,
      current: rows,
      is_at_heads: isAtHeads,
      changes,
      is_in_step: changes.length === 0,
      is_only_unrecorded: changes.length > 0 && !isAtHeads && (await isAsAtHeads(project, present, how.filter, watch)),
      half_done: halfDone === null ? null : halfDoneReport(halfDone),
    };
  });
}

/** Whether a database has the schema that all revisions make, so that only its version table is behind. */
async function isAsAtHeads(project: Project, present: Snapshot, filter: ObjectFilter, watch: Watch): Promise<boolean> {
  const { schema } = await dialectOf(present.dialect);
  try {
    const from = await schemaAt(project, ['heads'], watch);
    const { to } = leaveOut({ from, to: present }, filter);
    return diff({ from, to }, schema).length === 0;
  } catch (error) {
    throwIfInterrupted(watch.signal);
    if (isAludelError(error) && saysNo.has(error.code)) return false;
    throw error;
  }
}

/** A pending revision that does not run yet says nothing of this database; one that no change leads to is another. */
const saysNo: ReadonlySet<ErrorCode> = new Set([
  'migration.failed',
  'revision.not-loadable',
  'sql.unterminated',
  'sql.unsupported',
  'schema.cannot-change',
]);

export interface AdoptOptions extends GenerateOptions, Stoppable {
  /** Records the revision as applied here, where its changes are already. */
  readonly stamp?: boolean;
}

const adoptSignature = {
  config: configSource,
  options: options<AdoptOptions>({ ...newRevisionKeys, ...comparisonKeys, ...stoppableKeys, stamp: flag }),
};

/**
 * Writes the revision that does what was done to the database beside its revisions, so that other databases get it too; none
 * when nothing was. It has run up and down on a scratch database before it is written. Here it has only to be stamped.
 *
 * Throws database.not-at-head while revisions are pending, and migration.half-done.
 */
export async function adoptDrift(config: ConfigSource, options: AdoptOptions = {}): Promise<AdoptReport> {
  requireArguments('adoptDrift', adoptSignature, [config, options]);
  const written = await stoppable(options, async (watch) => {
    const project = await openProject(config);
    const { configuration } = project;
    const revision = generatedRevision(project, options);
    const how = comparing(options, configuration);
    const { rows, replayed, present, halfDone } = await schemaOfApplied(project, watch);
    if (halfDone !== null) throw halfDoneFirst(halfDone);
    await refusePending(project, rows, present, how.filter, watch);
    const comparison = await compareSchemas(replayed, undeclared(present), how, configuration, watch);
    const generated = await generateRevision(project, revision, comparison, options, watch);
    return { ...generated, database: configuration.database.display };
  });
  const { created } = written;
  const isStamped = options.stamp === true && created !== null;
  if (isStamped) await stamp(config, [created.revision], { onEvent: sinkOf(options) });
  return { ...written, stamped: isStamped };
}

/** The new revision stands on the head, so that all below it must be what the database was changed from. */
async function refusePending(
  project: Project,
  rows: readonly string[],
  present: Snapshot,
  filter: ObjectFilter,
  watch: Watch,
): Promise<void> {
  const { configuration, graph } = project;
  const { display } = configuration.database;
  const pending = planUpgrade(graph, rows, ['heads']).steps.map(({ revision }) => revision.id);
  if (pending.length === 0) return;
  const isThere = await isAsAtHeads(project, present, filter, watch);
  throw new AludelError(
    'database.not-at-head',
    `${display} is not at the heads: ${listedBriefly(pending)} ${pending.length === 1 ? 'is' : 'are'} pending.`,
    {
      where: display,
      hint: isThere
        ? 'Nothing was written: the database is what the heads make already. Record that: aludel stamp heads'
        : 'Nothing was written. Run "aludel upgrade heads" first; "aludel drift" without --adopt shows the difference as it is.',
      facts: { pending, heads: idsAt(graph, effectiveHeads(graph)), is_only_unrecorded: isThere },
    },
  );
}
