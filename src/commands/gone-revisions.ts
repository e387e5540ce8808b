import type { Configuration } from '../environment/config/configuration.ts';
import { readKeptRevision } from '../environment/revisions/kept-revision.ts';
import { buildGraph } from '../graph/build-graph.ts';
import type { Revision } from '../graph/revision.ts';
import type { RevisionGraph } from '../graph/revision-graph.ts';
import { knownRows } from '../planner/version-rows.ts';
import type { EventSink } from '../runtime/run-event.ts';
import { isAludelError } from '../support/aludel-error.ts';
import { withGone } from './describe-gone.ts';
import { isMissing, withDatabase, type Database } from './open-database.ts';
import type { Project } from './open-project.ts';
import { readKept, readRecorded, type KeptRevision } from './recorded-revisions.ts';
import { readHalfDone } from './run/half-done-report.ts';
import type { GoneRevision, HalfDoneReport } from './results.ts';

/** A history together with revisions that are applied here and whose files are gone. */
export interface ExtendedHistory {
  readonly graph: RevisionGraph;
  /** What the journal kept of those revisions, by id. */
  readonly kept: ReadonlyMap<string, KeptRevision>;
}

/**
 * The history with every revision that the rows name or need and no file has, as the journal kept it: what another git
 * branch applied can be taken down here. A row that the journal does not know, or whose line ends in the unknown, is
 * left out; planning then says so.
 */
export async function withGoneRevisions(
  { configuration, graph }: Project,
  database: Database,
  rows: readonly string[],
): Promise<ExtendedHistory> {
  const { unknown } = knownRows(graph, rows);
  if (unknown.length === 0) return { graph, kept: new Map() };
  const kept = await keptOutside(graph, database, unknown);
  const gone: Revision[] = [];
  for (const id of unknown) {
    const line = await lineOf(id, graph, kept, configuration);
    for (const revision of line ?? []) if (!gone.some((other) => other.id === revision.id)) gone.push(revision);
  }
  if (gone.length === 0) return { graph, kept };
  const taken = new Set([...graph.labels.keys(), ...graph.positionOf.keys()]);
  const joining = gone.map((revision) => ({
    ...revision,
    branchLabels: revision.branchLabels.filter((label) => !taken.has(label)),
  }));
  return { graph: buildGraph([...graph.revisions, ...joining]), kept };
}

async function keptOutside(
  graph: RevisionGraph,
  { journal }: Database,
  unknown: readonly string[],
): Promise<ReadonlyMap<string, KeptRevision>> {
  const recorded = (await readRecorded(journal)).map(({ revision }) => revision);
  return await readKept(
    journal,
    [...new Set([...unknown, ...recorded])].filter((id) => !graph.positionOf.has(id)),
  );
}

/** A gone revision and those it needs down to where files begin; null when one of them was not kept. */
async function lineOf(
  id: string,
  graph: RevisionGraph,
  kept: ReadonlyMap<string, KeptRevision>,
  configuration: Configuration,
): Promise<readonly Revision[] | null> {
  const line = new Map<string, Revision>();
  const missing = [id];
  for (let next = missing.pop(); next !== undefined; next = missing.pop()) {
    if (line.has(next) || graph.positionOf.has(next) || graph.labels.has(next)) continue;
    const { path = null, source = null } = kept.get(next) ?? {};
    if (path === null || source === null) return null;
    const reading = await readKeptRevision(path, source, configuration);
    // Masking may have changed the text, and the journal is a table that anyone may edit: only its own id counts.
    if (reading.kind === 'problem' || reading.revision.id !== next) return null;
    line.set(next, reading.revision);
    missing.push(...reading.revision.downRevisions, ...reading.revision.dependsOn);
  }
  return [...line.values()];
}

/** What a database holds. */
export interface AppliedState {
  /** Of the version table. */
  readonly rows: readonly string[];
  /** What the journal knows of those that no file has. */
  readonly gone: readonly GoneRevision[];
  /** The history, with those of them of which the journal kept enough. */
  readonly extended: RevisionGraph;
  readonly half_done: HalfDoneReport | null;
}

/** Reads without creating anything. */
export async function readState(project: Project, onEvent: EventSink): Promise<AppliedState> {
  const { configuration, graph } = project;
  if (await isMissing(configuration)) return { rows: [], gone: [], extended: graph, half_done: null };
  return await withDatabase(configuration, { access: 'read', onEvent }, async (database) => {
    const rows = await database.versions.read();
    const { graph: extended, kept } = await withGoneRevisions(project, database, rows);
    const half_done = await readHalfDone(database.journal);
    return { rows, gone: goneReports(knownRows(graph, rows).unknown, kept), extended, half_done };
  });
}

function goneReports(ids: readonly string[], kept: ExtendedHistory['kept']): readonly GoneRevision[] {
  return ids
    .flatMap((id) => kept.get(id) ?? [])
    .map(({ revision, at, actor, path }) => ({ revision, applied_at: at, applied_by: actor, path }));
}

/** Lets `plan` plan; an error about rows that no file has says what the journal knows of them and how to go on. */
export async function namingGone<T>(
  project: Project,
  database: Database,
  rows: readonly string[],
  plan: () => T,
): Promise<T> {
  try {
    return plan();
  } catch (error) {
    if (!isAludelError(error) || error.code !== 'database.unknown-revision') throw error;
    const { unknown } = knownRows(project.graph, rows);
    const { graph, kept } = await withGoneRevisions(project, database, rows);
    const ways = unknown.map((id) => wayDown(id, graph, project.graph, rows));
    const hint = ways.includes(null)
      ? null
      : `Check out the branch that has its file, or take it down with what the journal kept: ${ways.join('; ')}`;
    throw withGone(error, goneReports(unknown, kept), hint);
  }
}

/**
 * The command that takes down a gone revision, and nothing that a file has. Null when the journal did not keep enough, and when
 * nothing of the database has a file: then it is rather the directory that is wrong, and the command would take all down.
 */
function wayDown(
  id: string,
  extended: RevisionGraph,
  { positionOf }: RevisionGraph,
  rows: readonly string[],
): string | null {
  if (!extended.positionOf.has(id)) return null;
  for (let at = id; ;) {
    const parents = extended.revisions[extended.positionOf.get(at) ?? -1]?.downRevisions ?? [];
    // Any parent of a merge point leads down; one that has a file is where the gone revisions end.
    const parent = parents.find((one) => positionOf.has(one)) ?? parents[0];
    if (parent === undefined) return rows.some((row) => positionOf.has(row)) ? `aludel downgrade ${id}@base` : null;
    if (positionOf.has(parent)) return `aludel downgrade ${rows.length === 1 ? '' : `${id}@`}${parent}`;
    at = parent;
  }
}
