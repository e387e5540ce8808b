import { flag, options, text } from '../operations/argument-rules.ts';
import { currentRevisions } from '../planner/current-revisions.ts';
import { historyRange } from '../planner/history-range.ts';
import { requireArguments, watchedKeys } from './call-rules.ts';
import { withGone } from './describe-gone.ts';
import { readState } from './gone-revisions.ts';
import { configSource, sinkOf, type Watched } from './invocation.ts';
import { openProject, type ConfigSource } from './open-project.ts';
import { reporter } from './report-revision.ts';
import type { HistoryReport } from './results.ts';

export interface HistoryOptions extends Watched {
  /** `A:B`, `A:` or `:B`, both ends included; `current` stands for what the database is at. */
  readonly range?: string;
  /** Marks what the database is at. */
  readonly indicateCurrent?: boolean;
}

const signature = {
  config: configSource,
  options: options<HistoryOptions>({ ...watchedKeys, range: text, indicateCurrent: flag }),
};

/** The revisions of a range, newest first. Asks the database only where the range or a mark needs it. */
export async function history(config: ConfigSource, options: HistoryOptions = {}): Promise<HistoryReport> {
  requireArguments('history', signature, [config, options]);
  const project = await openProject(config);
  const { graph } = project;
  const range = options.range ?? null;
  const asksDatabase = options.indicateCurrent === true || (range?.includes('current') ?? false);
  const { rows, gone } = asksDatabase ? await readState(project, sinkOf(options)) : { rows: [], gone: [] };
  const marked =
    options.indicateCurrent === true ? new Set(currentRevisions(graph, rows).revisions.map(({ id }) => id)) : null;
  try {
    return { revisions: historyRange(graph, rows, range).map(reporter(graph, marked)), gone };
  } catch (error) {
    throw withGone(error, gone);
  }
}
