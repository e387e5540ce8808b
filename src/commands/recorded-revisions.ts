import type { Journal, JournalRow } from '../runtime/records/journal.ts';

/** What the journal recorded when a revision was applied. */
export interface RecordedRevision {
  readonly revision: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly actor: string;
  readonly checksum: string | null;
  readonly exactChecksum: string | null;
  /** Somebody set the version table by hand since. */
  readonly isBeforeStamp: boolean;
}

/** {@link RecordedRevision} with the file as it was. */
export interface KeptRevision extends RecordedRevision {
  /** Path of the file as it was shown to whoever applied it; null when nothing was kept. */
  readonly path: string | null;
  readonly source: string | null;
}

/** The revisions that the journal saw applied and not reverted since, oldest first. */
export async function readRecorded(journal: Journal): Promise<readonly RecordedRevision[]> {
  const newestFirst = await journal.read({ events: ['applied', 'reverted', 'stamped'], brief: true });
  const seen = new Set<string>();
  const recorded: RecordedRevision[] = [];
  let isBeforeStamp = false;
  for (const row of newestFirst) {
    if (row.revision === null) {
      isBeforeStamp ||= row.event === 'stamped';
      continue;
    }
    if (seen.has(row.revision)) continue;
    seen.add(row.revision);
    if (row.event === 'applied') recorded.push(recordedOf(row, row.revision, isBeforeStamp));
  }
  return recorded.reverse();
}

/** What was kept of these revisions when they were applied last. Those that the journal does not know are left out. */
export async function readKept(
  journal: Journal,
  revisions: readonly string[],
): Promise<ReadonlyMap<string, KeptRevision>> {
  const kept = new Map<string, KeptRevision>();
  if (revisions.length === 0) return kept;
  for (const row of await journal.read({ events: ['applied'], revisions })) {
    if (row.revision === null || kept.has(row.revision)) continue;
    kept.set(row.revision, {
      ...recordedOf(row, row.revision, false),
      path: textIn(row.detail?.['file']),
      source: textIn(row.detail?.['source']),
    });
  }
  return kept;
}

function recordedOf(row: JournalRow, revision: string, isBeforeStamp: boolean): RecordedRevision {
  const { at, actor, checksum = null, exactChecksum = null } = row;
  return { revision, at, actor, checksum, exactChecksum, isBeforeStamp };
}

function textIn(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
