import type { Connection, TableName } from '../dialects/connection.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { joinStatements } from '../dialects/waiting-text.ts';
import { AludelError } from '../support/aludel-error.ts';
import { redactDeep } from '../support/redact-error.ts';

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
}

/** A row as it was written. */
export interface JournalRow extends JournalEntry {
  readonly id: number;
  readonly runId: string;
  /** ISO 8601, UTC, by the clock of the machine that ran. */
  readonly at: string;
  readonly actor: string;
  readonly tool: string;
}

/** Who writes, stamped on every row. */
export interface JournalAuthor {
  readonly runId: string;
  /** "ada@host pid 4711". */
  readonly actor: string;
  /** "aludel 0.1.0". */
  readonly tool: string;
  /** The current time, ISO 8601 in UTC. */
  readonly timestamp: () => string;
  /** Masks secrets: whatever is stored has been through it. */
  readonly redact: (text: string) => string;
}

/** Which rows to read. */
export interface JournalFilter {
  readonly revisions?: readonly string[];
  readonly events?: readonly JournalEventName[];
  readonly without?: JournalEventName;
  /** At most so many, the newest. */
  readonly limit?: number;
  /** Leaves out `detail`, which holds the source of every revision. */
  readonly brief?: boolean;
}

/** The append-only record of what was done to a database, beside the version table. */
export interface Journal {
  ensure(): Promise<void>;
  /** Appends rows on the connection, inside whatever transaction is open. */
  append(entries: readonly JournalEntry[]): Promise<void>;
  /** The statements that append these rows, to be sent with others in one round trip. */
  insertion(entries: readonly JournalEntry[]): readonly string[];
  /** Rows after the last finished revision, oldest first: what a killed run left unfinished. None without the table. */
  readUnfinished(): Promise<readonly JournalRow[]>;
  /** Newest first. None without the table. */
  read(filter: JournalFilter): Promise<readonly JournalRow[]>;
}

const columns = [
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

/** Events after which nothing of a revision is open. */
const finishing = ['applied', 'reverted', 'stamped'] as const;

export function createJournal(
  dialect: Dialect,
  connection: Connection,
  table: TableName,
  author: JournalAuthor,
): Journal {
  const name = dialect.quoteTable(table);
  const select = `SELECT id, ${columns.join(', ')} FROM ${name}`;
  const selectBrief = `SELECT id, ${columns.filter((column) => column !== 'detail').join(', ')} FROM ${name}`;
  const readRows = async (sql: string): Promise<readonly JournalRow[]> => {
    try {
      const { rows } = await connection.query(sql);
      return rows.map(rowOf);
    } catch (error) {
      const explained = dialect.explainError(error, sql);
      if (explained.kind === 'missing-table') return [];
      throw new AludelError('database.failed', `The journal ${name} cannot be read: ${explained.message}.`, {
        facts: { code: explained.code },
        cause: error,
      });
    }
  };
  const insertion = (entries: readonly JournalEntry[]): readonly string[] => {
    const tuples = entries.map(
      (entry) =>
        `(${valuesOf(entry, author)
          .map((value) => dialect.literal(value))
          .join(', ')})`,
    );
    const into = `INSERT INTO ${name} (${columns.join(', ')}) VALUES `;
    return Array.from(
      { length: Math.ceil(tuples.length / rowsPerInsert) },
      (_, at) => into + tuples.slice(at * rowsPerInsert, (at + 1) * rowsPerInsert).join(', '),
    );
  };
  return {
    async ensure() {
      for (const sql of dialect.createJournalTable(table)) await connection.query(sql);
    },
    async append(entries) {
      if (entries.length > 0) await connection.script(joinStatements(insertion(entries)));
    },
    insertion,
    readUnfinished: () => {
      const ends = finishing.map((event) => `'${event}'`).join(', ');
      return readRows(
        `${select} WHERE id > (SELECT COALESCE(MAX(id), 0) FROM ${name} WHERE event IN (${ends})) ` +
          `AND statement IS NOT NULL ORDER BY id`,
      );
    },
    read: ({ revisions, events, without, limit, brief = false }) => {
      const isIn = (column: string, values: readonly string[] | undefined): readonly string[] =>
        values === undefined ? [] : [`${column} IN (${values.map((value) => dialect.literal(value)).join(', ')})`];
      const isNot = without === undefined ? [] : [`event <> ${dialect.literal(without)}`];
      const conditions = [...isIn('revision', revisions), ...isIn('event', events), ...isNot];
      return readRows(
        (brief ? selectBrief : select) +
          (conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`) +
          ' ORDER BY id DESC' +
          (limit === undefined ? '' : ` LIMIT ${limit}`),
      );
    },
  };
}

function valuesOf(entry: JournalEntry, author: JournalAuthor): readonly (string | number | null)[] {
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
    entry.detail === undefined ? null : JSON.stringify(redactDeep(entry.detail, redact)),
  ];
}

function rowOf(row: Readonly<Record<string, unknown>>): JournalRow {
  const text = (column: string): string | undefined => {
    const value = row[column];
    return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
  };
  const number = (column: string): number | undefined => {
    const value = text(column);
    return value === undefined ? undefined : Number(value);
  };
  const optional = {
    message: text('message'),
    statement: number('statement'),
    sql: text('sql_text'),
    sqlHash: text('sql_hash'),
    checksum: text('checksum'),
    exactChecksum: text('exact_checksum'),
    durationMs: number('duration_ms'),
    detail: parseDetail(text('detail')),
  };
  const present = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined));
  return {
    id: Number(row['id']),
    runId: text('run_id') ?? '',
    at: text('at') ?? '',
    event: (text('event') ?? '') as JournalEventName,
    revision: text('revision') ?? null,
    direction: (text('direction') ?? null) as JournalRow['direction'],
    actor: text('actor') ?? '',
    tool: text('tool') ?? '',
    ...present,
  };
}

/** A row someone edited by hand must not stop a run. */
function parseDetail(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
