import type { Connection, TableName } from '../../dialects/connection.ts';
import type { Dialect } from '../../dialects/dialect.ts';
import { joinStatements } from '../../dialects/waiting-text.ts';
import { AludelError } from '../../support/aludel-error.ts';
import {
  createJournalInsertion,
  journalColumns as columns,
  type JournalAuthor,
  type JournalEntry,
  type JournalEventName,
} from './journal-entry.ts';

/** A row as it was written. */
export interface JournalRow extends JournalEntry {
  readonly id: number;
  readonly runId: string;
  /** ISO 8601, UTC, by the clock of the machine that ran. */
  readonly at: string;
  readonly actor: string;
  readonly tool: string;
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
  /**
   * Keeps a row back, to be written together with the next ones: a row alone costs a commit of its own. `told` is called
   * when it is written.
   */
  later(entry: JournalEntry, told: () => void): void;
  /** Appends rows on the connection, inside whatever transaction is open, after those that were kept back. */
  append(entries: readonly JournalEntry[]): Promise<void>;
  /** The statements that append these rows and those kept back, to be sent with others in one round trip. */
  insertion(entries: readonly JournalEntry[]): readonly string[];
  /** What {@link insertion} gave has been carried out. */
  inserted(): void;
  /** Rows after the last finished revision, oldest first: what a killed run left unfinished. None without the table. */
  readUnfinished(): Promise<readonly JournalRow[]>;
  /** Newest first. None without the table. */
  read(filter: JournalFilter): Promise<readonly JournalRow[]>;
}

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
      // Of a table in a schema that is not there MySQL 8 says only that.
      if (explained.kind === 'missing-table' || explained.kind === 'missing-database') return [];
      throw new AludelError('database.failed', `The journal ${name} cannot be read: ${explained.message}.`, {
        facts: { code: explained.code },
        cause: error,
      });
    }
  };
  const insertionOf = createJournalInsertion(dialect, table, author);
  let keptBack: { readonly entry: JournalEntry; readonly told: () => void }[] = [];
  const insertion = (entries: readonly JournalEntry[]): readonly string[] =>
    insertionOf([...keptBack.map(({ entry }) => entry), ...entries]);
  const inserted = (): void => {
    const written = keptBack;
    keptBack = [];
    for (const { told } of written) told();
  };
  return {
    async ensure() {
      for (const sql of dialect.createJournalTable(table)) await connection.query(sql);
    },
    later(entry, told) {
      keptBack.push({ entry, told });
    },
    async append(entries) {
      const statements = insertion(entries);
      if (statements.length === 0) return;
      await connection.script(joinStatements(dialect.aside(statements)));
      inserted();
    },
    insertion,
    inserted,
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
