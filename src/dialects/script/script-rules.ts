import type { TableName } from '../connection.ts';

/** The tables of ours that a script reads and writes. */
export interface ScriptTables {
  readonly versions: TableName;
  readonly journal: TableName;
  readonly lock: TableName;
}

/** A piece of a revision's section, in the order in which it runs. */
export type ScriptPart =
  | { readonly kind: 'comment'; readonly text: string }
  | {
      readonly kind: 'statement';
      /** Without a terminator; its values are literals. */
      readonly sql: string;
      /**
       * Number of the revision's statement this belongs to when its effect stays though the revision fails: an
       * idempotent script skips it when the journal has a `done` row of that number. Null inside the transaction.
       */
      readonly unlessDone: number | null;
      /** SQL that an idempotent script asks beside it; see {@link Settling}. */
      readonly when?: string;
    };

/** A step of the plan. */
export interface ScriptStep {
  readonly revision: string;
  readonly direction: 'upgrade' | 'downgrade';
  /** Version rows before and after it, in code point order. */
  readonly rowsBefore: readonly string[];
  readonly rowsAfter: readonly string[];
}

/** What a step runs. */
export interface ScriptSection extends ScriptStep {
  readonly parts: readonly ScriptPart[];
}

/** What frames a whole script. */
export interface ScriptFrame {
  readonly tables: ScriptTables;
  /** Statements that make the session what a live run's is, such as SET search_path; they come before anything of ours is read. */
  readonly session: readonly string[];
  /** Version rows the script starts from and ends with, in code point order; null when it is only to `prepare`, whatever they are. */
  readonly from: readonly string[] | null;
  readonly to: readonly string[];
  /** Sections are skipped unless the rows are those they start from, so that the script goes on wherever the database is on its way. */
  readonly idempotent: boolean;
  /** One for each section, in their order: where an idempotent script may begin. */
  readonly steps: readonly ScriptStep[];
  /**
   * The only step of an idempotent script, which is passed over where the journal says that it is done, however far the database
   * is by now; null for any other script.
   */
  readonly passedOver: Pick<ScriptStep, 'revision' | 'direction'> | null;
}

/**
 * How a script for the database's own client is written: psql, mariadb or mysql, the sqlite3 shell. Pure text, the same
 * bytes for the same input; nothing here connects. Every answer ends with a line feed.
 */
export interface ScriptRules {
  /** SQL expressions for a row of the journal: the time as ISO 8601 in UTC, and who runs the script with what. */
  readonly now: string;
  readonly actor: string;
  /** The command lines that run a script in this file, for its header, without comment marks. */
  howToRun(file: string): readonly string[];
  /**
   * Switches that make the client stop at the first error; then takes the migration lock that a live run takes, and stops
   * unless the version rows are those of the frame. Nothing has been changed when it stops, and the error says why: the
   * script ran already, the database is elsewhere, a revision is half done, another migration holds it. `prepare` creates
   * the version table and the journal unless they are there.
   */
  opening(frame: ScriptFrame, prepare: readonly string[]): string;
  /**
   * The statements of a section with their terminators, and DELIMITER where one is needed. Throws sql.unsupported for what
   * the client would take for a command of its own, and sql.unterminated.
   */
  section(section: ScriptSection, frame: ScriptFrame): string;
  /** Stops when an idempotent script did not come to its end; gives the lock back. */
  closing(frame: ScriptFrame): string;
}
