import { options, text } from '../operations/argument-rules.ts';
import type { JournalRow } from '../runtime/records/journal.ts';
import { count, requireArguments, watchedKeys } from './call-rules.ts';
import { configSource, sinkOf, type Watched } from './invocation.ts';
import { isMissing, withDatabase } from './open-database.ts';
import { openConfiguration, type ConfigSource } from './open-project.ts';
import type { LogEntryReport, LogReport } from './results.ts';

export interface LogOptions extends Watched {
  /** Only rows about this revision, by its full id. */
  readonly revision?: string;
  /** At most so many rows, the newest. Default: 50. */
  readonly limit?: number;
}

const signature = {
  config: configSource,
  options: options<LogOptions>({ ...watchedKeys, revision: text, limit: count }),
};

/** What was done to the database, newest first: the journal. Reads only. */
export async function log(config: ConfigSource, options: LogOptions = {}): Promise<LogReport> {
  requireArguments('log', signature, [config, options]);
  const configuration = await openConfiguration(config);
  const { limit = 50, revision } = options;
  // A backfill may have thousands of batches, of which its `done` row is the sum.
  const filter = { limit, without: 'progress', ...(revision === undefined ? {} : { revisions: [revision] }) } as const;
  const rows = (await isMissing(configuration))
    ? []
    : await withDatabase(configuration, { access: 'read', onEvent: sinkOf(options) }, ({ journal }) =>
        journal.read(filter),
      );
  return { database: configuration.database.display, entries: rows.map(entryOf) };
}

function entryOf(row: JournalRow): LogEntryReport {
  return {
    id: row.id,
    run_id: row.runId,
    at: row.at,
    event: row.event,
    revision: row.revision,
    direction: row.direction,
    message: row.message ?? null,
    statement: row.statement ?? null,
    sql: row.sql ?? null,
    checksum: row.checksum ?? null,
    duration_ms: row.durationMs ?? null,
    actor: row.actor,
    tool: row.tool,
  };
}
