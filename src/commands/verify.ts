import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { JournalRow } from '../runtime/journal.ts';
import { checksumsOf } from './checksums.ts';
import { isMissing, withDatabase, type Database } from './open-database.ts';
import { openProject, type ConfigSource, type Project } from './open-project.ts';
import type { VerifiedRevision, VerifyReport } from './results.ts';

/** Compares every revision that the journal knows to be applied with its file as it is now. Reads only. */
export async function verify(config: ConfigSource): Promise<VerifyReport> {
  const project = await openProject(config);
  const { configuration } = project;
  const revisions = (await isMissing(configuration))
    ? []
    : await withDatabase(configuration, 'read', async (database) =>
        appliedOf(await database.journal.read({})).map((row) => verified(row, project, database)),
      );
  return {
    database: configuration.database.display,
    revisions,
    is_intact: revisions.every(({ state }) => state === 'unchanged' || state === 'reformatted'),
  };
}

/** The row that applied each revision that was not reverted since, oldest first. */
function appliedOf(newestFirst: readonly JournalRow[]): readonly JournalRow[] {
  const seen = new Set<string>();
  const applied: JournalRow[] = [];
  for (const row of newestFirst) {
    if (row.revision === null || (row.event !== 'applied' && row.event !== 'reverted') || seen.has(row.revision))
      continue;
    seen.add(row.revision);
    if (row.event === 'applied') applied.push(row);
  }
  return applied.reverse();
}

function verified(row: JournalRow, { configuration, graph }: Project, { dialect }: Database): VerifiedRevision {
  const position = graph.positionOf.get(row.revision ?? '');
  const path = position === undefined ? null : (graph.revisions[position]?.path ?? null);
  const known = { revision: row.revision ?? '', path, applied_at: row.at, applied_by: row.actor };
  if (path === null) return { ...known, state: 'missing' };
  const source = readFileSync(resolve(configuration.workingDirectory, path), 'utf8').replace(/^\uFEFF/, '');
  const now = checksumsOf(source, path.endsWith('.sql') ? 'sql' : 'module', dialect);
  if (now.exactChecksum === row.exactChecksum) return { ...known, state: 'unchanged' };
  return { ...known, state: now.checksum === row.checksum ? 'reformatted' : 'edited' };
}
