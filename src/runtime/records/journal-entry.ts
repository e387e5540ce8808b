import type { TableName } from '../../dialects/connection.ts';
import type { Dialect } from '../../dialects/dialect.ts';
import { valueText } from '../../dialects/operations/render-parts.ts';
import type { RawSql } from '../../operations/sql-value.ts';
import { redactDeep } from '../../support/redact-error.ts';

/**
 * What a row of the journal records.
 *
 * About a revision: `applied`, `reverted`, `stamped` (rows set by hand), `failed`, `retried` (rolled back and run again).
 * About a statement of a revision that cannot be rolled back as a whole: `intent` before it runs, `done` after it,
 * `refused` when the database refused it. An `intent` with neither is in doubt. `progress` is a batch of a backfill, which
 * is `done` with its last one.
 */
export type JournalEventName =
  'applied' | 'reverted' | 'stamped' | 'failed' | 'retried' | 'intent' | 'done' | 'refused' | 'progress';

/** A row to append. Secrets in its texts are masked as it is written. */
export interface JournalEntry {
  readonly event: JournalEventName;
  readonly revision: string | null;
  readonly direction: 'upgrade' | 'downgrade' | null;
  readonly message?: string;
  /** Number of the statement within its revision, from 1. */
  readonly statement?: number;
  readonly sql?: string;
  readonly sqlHash?: string;
  readonly checksum?: string;
  readonly exactChecksum?: string;
  readonly durationMs?: number;
  /** More facts, stored as JSON. */
  readonly detail?: Readonly<Record<string, unknown>>;
  /** In a script SQL that finds the detail out. */
  readonly detailSql?: string;
}

/** Who writes, stamped on every row. */
export interface JournalAuthor {
  readonly runId: string;
  /** "ada@host pid 4711"; in a script SQL that finds it out. */
  readonly actor: string | RawSql;
  /** "aludel 0.1.0". */
  readonly tool: string;
  /** The current time, ISO 8601 in UTC; in a script SQL that tells it. */
  readonly timestamp: () => string | RawSql;
  /** Masks secrets: whatever is stored has been through it. */
  readonly redact: (text: string) => string;
}

export const journalColumns = [
  'run_id',
  'at',
  'event',
  'revision',
  'direction',
  'message',
  'statement',
  'sql_text',
  'sql_hash',
  'checksum',
  'exact_checksum',
  'duration_ms',
  'actor',
  'tool',
  'detail',
] as const;

/** A row holds the source of its revision, and a server takes only so much in one statement. */
const rowsPerInsert = 50;

/**
 * Makes the statements that append rows to the journal, to be sent or written with others. Columns without a value in any
 * of the rows are left out.
 */
export function createJournalInsertion(
  dialect: Dialect,
  table: TableName,
  author: JournalAuthor,
): (entries: readonly JournalEntry[]) => readonly string[] {
  const insert = (entries: readonly JournalEntry[]): string => {
    const rows = entries.map((entry) => valuesOf(entry, author));
    const used = [...journalColumns.keys()].filter((column) => rows.some((row) => row[column] !== null));
    const textOf = (value: (typeof rows)[number][number] | undefined): string =>
      value == null ? 'NULL' : valueText(value, dialect);
    const tuples = rows.map((row) => `(${used.map((column) => textOf(row[column])).join(', ')})`);
    const names = used.map((column) => journalColumns[column]);
    return `INSERT INTO ${dialect.quoteTable(table)} (${names.join(', ')}) VALUES ${tuples.join(', ')}`;
  };
  return (entries) =>
    Array.from({ length: Math.ceil(entries.length / rowsPerInsert) }, (_, at) =>
      insert(entries.slice(at * rowsPerInsert, (at + 1) * rowsPerInsert)),
    );
}

function valuesOf(entry: JournalEntry, author: JournalAuthor): readonly (string | number | RawSql | null)[] {
  const { redact } = author;
  const hidden = (text: string | undefined): string | null => (text === undefined ? null : redact(text));
  return [
    author.runId,
    author.timestamp(),
    entry.event,
    entry.revision,
    entry.direction,
    hidden(entry.message),
    entry.statement ?? null,
    hidden(entry.sql),
    entry.sqlHash ?? null,
    entry.checksum ?? null,
    entry.exactChecksum ?? null,
    entry.durationMs === undefined ? null : Math.round(entry.durationMs),
    author.actor,
    author.tool,
    // Before it is JSON: masking must not cut an escape in two.
    entry.detail === undefined ? sqlOf(entry.detailSql) : JSON.stringify(redactDeep(entry.detail, redact)),
  ];
}

function sqlOf(sql: string | undefined): RawSql | null {
  return sql === undefined ? null : { sql };
}
