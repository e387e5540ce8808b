import { idsAt } from '../../graph/shape.ts';
import { readVersionRows } from '../../planner/version-rows.ts';
import { halfDoneOf, type HalfDone } from '../../runtime/records/half-done.ts';
import type { Configuration } from '../../environment/config/configuration.ts';
import { objectId, type Snapshot } from '../../schema/snapshot.ts';
import { byCodePoint } from '../../support/text.ts';
import { namingGone } from '../gone-revisions.ts';
import { isMissing, withDatabase, type Database } from '../open-database.ts';
import type { Project } from '../open-project.ts';
import { readSchema } from './read-schema.ts';
import { schemaAt } from './schema-at.ts';
import type { Watch } from '../invocation.ts';

/** A database and what it says of its revisions. */
export interface PresentSchema {
  /** The applied revisions that nothing applied needs; none at base. */
  readonly rows: readonly string[];
  /** What is there. */
  readonly present: Snapshot;
  /** What a run left half-done, or has under way. */
  readonly halfDone: HalfDone | null;
}

/** A database beside what its applied revisions make. */
export interface AppliedSchema extends PresentSchema {
  /** What those revisions and all they need make of an empty database. */
  readonly replayed: Snapshot;
}

/** Reads the database and replays what is applied there. Throws database.unknown-revision where a file is gone. */
export async function schemaOfApplied(project: Project, watch: Watch): Promise<AppliedSchema> {
  const there = await presentSchema(project, watch);
  const replayed = await schemaAt(project, there.rows, watch);
  return { ...there, replayed: withOwnSchema(replayed, there.present, project.configuration) };
}

/** Reads the database; one that is not there yet is at base and has nothing. Throws database.unknown-revision where a file is gone. */
export async function presentSchema(project: Project, watch: Watch): Promise<PresentSchema> {
  const { configuration } = project;
  const { dialect } = configuration.database;
  if (await isMissing(configuration)) {
    return { rows: [], present: { dialect, objects: [], unread: [] }, halfDone: null };
  }
  return await withDatabase(configuration, { access: 'read', ...watch }, (database) => readPresent(project, database));
}

/** The tool makes the schema of its version table when it first needs it, which is before any revision. */
function withOwnSchema(replayed: Snapshot, present: Snapshot, { versionTable }: Configuration): Snapshot {
  const id = versionTable.schema === null ? null : objectId('schema', versionTable.schema);
  const own = present.objects.filter((object) => object.id === id);
  if (own.length === 0 || replayed.objects.some((object) => object.id === id)) return replayed;
  return { ...replayed, objects: [...replayed.objects, ...own].toSorted((a, b) => byCodePoint(a.id, b.id)) };
}

async function readPresent(project: Project, database: Database): Promise<PresentSchema> {
  const { configuration, graph } = project;
  const rows = await database.versions.read();
  const { positions } = await namingGone(project, database, rows, () => readVersionRows(graph, rows));
  return {
    rows: idsAt(graph, positions),
    present: await readSchema(database.connection, database.dialect, configuration),
    halfDone: halfDoneOf(await database.journal.readUnfinished()),
  };
}
