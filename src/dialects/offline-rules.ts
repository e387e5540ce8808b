import type { DatabaseSettings, Row, TableName } from './connection.ts';
import type { Statement } from './statement.ts';

/** A statement that an idempotent script announces. */
export interface SettlingPlace {
  readonly journal: TableName;
  readonly revision: string;
  readonly direction: 'upgrade' | 'downgrade';
  readonly statement: number;
}

/** What writing a script asks of a dialect beside the framing of script-rules.ts. Nothing here connects. */
export interface OfflineRules {
  /** An empty database on which a history can be replayed, made by connecting; null where that would take a server. */
  readonly scratch: DatabaseSettings | null;
  /** Statements that make the session of a command-line client what a live run's is. */
  sessionOf(settings: DatabaseSettings): readonly string[];
  /** Statements that keep, before a revision sets something for its session, what the session has; and that put it back. */
  readonly keepSession: readonly string[];
  restoringSession(settings: DatabaseSettings): readonly string[];
  /** Statements that clear away what this one leaves when it fails, before it runs again. */
  clearing(sql: string): readonly string[];
  /**
   * SQL that is 1 when what this statement leads to is so, else 0; an idempotent script notes it with the intent. Null where the
   * catalogue cannot tell, and where a script does not look.
   */
  outcomeOf(sql: string): string | null;
  /** Statements that decide whether an announced statement is run again; they leave its outcome in a variable. */
  settling(sql: string, place: SettlingPlace): readonly string[];
  /** SQL of the `detail` of an intent that holds that outcome, as JSON. */
  readonly notedOutcome: string;
  /** What the server would answer to this question about itself, as far as the settings tell; null when they do not. */
  knownAnswer(question: Statement, settings: DatabaseSettings): readonly Row[] | null;
}
