import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { positionsIn } from '../graph/ancestry.ts';
import { revisionAt } from '../graph/shape.ts';
import { knownRows, readVersionRows } from '../planner/version-rows.ts';
import { checksumOf, exactChecksumOf } from './checksums.ts';
import { withGoneRevisions } from './gone-revisions.ts';
import type { Database } from './open-database.ts';
import type { Project } from './open-project.ts';
import { readRecorded, type RecordedRevision } from './recorded-revisions.ts';
import { isAludelError } from '../support/aludel-error.ts';
import type { VerifiedRevision } from './results.ts';

/**
 * Compares every applied revision with its file as it is now: those that the journal recorded, oldest first, then those
 * it did not. The version table decides what is applied; of what no file has, the journal does.
 *
 * Every file is read; what it means is worked out only where its bytes have changed.
 */
export async function compareRevisions(
  project: Project,
  database: Database,
  rows: readonly string[],
): Promise<readonly VerifiedRevision[]> {
  const { configuration, graph } = project;
  // A row that no file has implies revisions that files have.
  const extended = (await withGoneRevisions(project, database, rows)).graph;
  const { known, unknown } = knownRows(extended, rows);
  const { applied } = readVersionRows(extended, known);
  const isApplied = (id: string): boolean => applied[extended.positionOf.get(id) ?? -1] === 1;
  const compared: VerifiedRevision[] = [];
  for (const record of await readRecorded(database.journal)) {
    const position = graph.positionOf.get(record.revision);
    if (position === undefined) {
      if (isApplied(record.revision) || !record.isBeforeStamp) compared.push(verified(record, null, 'missing'));
    } else if (isApplied(record.revision)) {
      const { path } = revisionAt(graph, position);
      compared.push(verified(record, path, stateOf(record, path)));
    }
  }
  const seen = new Set(compared.map(({ revision }) => revision));
  for (const id of unknown) if (!seen.has(id)) compared.push(unrecorded(id, null, 'unknown'));
  for (const position of positionsIn(applied)) {
    const { id, path } = revisionAt(extended, position);
    if (!seen.has(id)) compared.push(unrecorded(id, path, 'unrecorded'));
  }
  return compared;

  function stateOf({ checksum, exactChecksum }: RecordedRevision, path: string): VerifiedRevision['state'] {
    if (checksum === null) return 'unrecorded';
    const source = readFileSync(resolve(configuration.workingDirectory, path), 'utf8');
    if (exactChecksumOf(source) === exactChecksum) return 'unchanged';
    try {
      return checksumOf(source, path, database.dialect) === checksum ? 'reformatted' : 'edited';
    } catch (error) {
      // SQL that cannot be read any more, as with a quote left open, is not what ran.
      if (isAludelError(error)) return 'edited';
      throw error;
    }
  }
}

function verified(record: RecordedRevision, path: string | null, state: VerifiedRevision['state']): VerifiedRevision {
  return { revision: record.revision, state, path, applied_at: record.at, applied_by: record.actor };
}

function unrecorded(revision: string, path: string | null, state: VerifiedRevision['state']): VerifiedRevision {
  return { revision, state, path, applied_at: null, applied_by: null };
}
