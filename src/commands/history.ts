import { currentRevisions } from '../planner/current-revisions.ts';
import { historyRange } from '../planner/history-range.ts';
import { readRows } from './open-database.ts';
import { openProject, type ConfigSource } from './open-project.ts';
import { reporter } from './report-revision.ts';
import type { HistoryReport } from './results.ts';

export interface HistoryOptions {
  /** `A:B`, `A:` or `:B`, both ends included; `current` stands for what the database is at. */
  readonly range?: string;
  /** Marks what the database is at. */
  readonly indicateCurrent?: boolean;
}

/** The revisions of a range, newest first. Asks the database only where the range or a mark needs it. */
export async function history(config: ConfigSource, options: HistoryOptions = {}): Promise<HistoryReport> {
  const { configuration, graph } = await openProject(config);
  const range = options.range ?? null;
  const asksDatabase = options.indicateCurrent === true || (range?.includes('current') ?? false);
  const rows = asksDatabase ? await readRows(configuration) : [];
  const marked =
    options.indicateCurrent === true ? new Set(currentRevisions(graph, rows).revisions.map(({ id }) => id)) : null;
  return { revisions: historyRange(graph, rows, range).map(reporter(graph, marked)) };
}
