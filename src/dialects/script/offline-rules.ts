import type { DatabaseSettings, Row, TableName } from '../connection.ts';
import type { Statement } from '../statement.ts';

/** A statement that an idempotent script announces. */
export interface SettlingPlace {
  readonly journal: TableName;
  readonly revision: string;
  readonly direction: 'upgrade' | 'downgrade';
  readonly statement: number;
}

/** What stands around a statement that an idempotent script announces. */
export interface Settling {
  /** Before its intent: statements that decide whether it runs, and leave in variables what follows refers to. */
  readonly before: readonly string[];
  /** A statement that fails with the question whether it took effect, where `when`, SQL, says that nothing can tell. */
  readonly question: { readonly sql: string; readonly when: string };
  /** SQL of the intent's `detail`, JSON by which the next run can tell; null where nothing would. */
  readonly noted: string | null;
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
  /** How an idempotent script finds out whether a statement that it announces took effect before; null where it does not look. */
  settling(sql: string, place: SettlingPlace): Settling | null;
  /** What the server would answer to this question about itself, as far as the settings tell; null when they do not. */
  knownAnswer(question: Statement, settings: DatabaseSettings): readonly Row[] | null;
}
