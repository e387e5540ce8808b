import type { QueryResult } from '../../dialects/connection.ts';
import type { Dialect } from '../../dialects/dialect.ts';
import type { ScriptPart } from '../../dialects/script/script-rules.ts';
import type { Statement } from '../../dialects/statement.ts';
import type { JournalEntry } from '../records/journal-entry.ts';

/** What stands for the database while a script is written. */
export interface Scratch {
  /** Answers what an operation asks of the schema; null where nothing can tell. */
  ask(statement: Statement): Promise<QueryResult | null>;
  /** Told of every statement of the revisions, and of what begins and ends their transactions, in order. */
  wrote(sql: string): Promise<void>;
}

export interface PartsPorts {
  readonly dialect: Dialect;
  readonly scratch: Scratch;
  /** The statements that append rows to the journal. */
  readonly insertion: (entries: readonly JournalEntry[]) => readonly string[];
}

/** The pieces of a section as they are written, in order. See {@link ScriptPart} for `unlessDone`. */
export interface ScriptParts {
  /** Writes a statement of ours. */
  readonly add: (sql: string, unlessDone?: number | null, when?: string) => void;
  /** Writes a statement of the revision, or one that begins or ends its transaction. */
  readonly write: (sql: string, unlessDone?: number | null) => Promise<void>;
  /** Writes a row of the journal about this statement. */
  readonly addRow: (row: JournalEntry, number: number) => void;
  readonly comment: (text: string) => void;
  readonly count: () => number;
  /** Makes the piece at an index one that is skipped when this statement is done. */
  readonly countAsDone: (at: number, number: number) => void;
  /** The pieces since the last call. */
  readonly take: () => readonly ScriptPart[];
}

export function createScriptParts({ dialect, scratch, insertion }: PartsPorts): ScriptParts {
  let parts: ScriptPart[] = [];
  const add = (sql: string, unlessDone: number | null = null, when?: string): void => {
    parts.push({ kind: 'statement', sql, unlessDone, ...(when === undefined ? {} : { when }) });
  };
  return {
    add,
    async write(sql, unlessDone) {
      add(sql, unlessDone);
      await scratch.wrote(sql);
    },
    addRow(row, number) {
      const inserting = insertion([row]);
      for (const sql of dialect.aside(inserting)) add(sql, inserting.includes(sql) ? number : null);
    },
    comment: (text) => void parts.push({ kind: 'comment', text }),
    count: () => parts.length,
    countAsDone(at, number) {
      const part = parts[at];
      if (part?.kind === 'statement') parts[at] = { ...part, unlessDone: number };
    },
    take() {
      const taken = parts;
      parts = [];
      return taken;
    },
  };
}
