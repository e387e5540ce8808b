/**
 * What the commands return: plain data, the very shape `--json` prints. Field names that cross into JSON are
 * snake_case because they are those of the revision files and of Alembic's users' scripts.
 */

/** One revision as reporting commands show it. Lists are in code point order except `down_revision`, which is as written. */
export interface RevisionReport {
  readonly revision: string;
  readonly down_revision: readonly string[];
  readonly depends_on: readonly string[];
  /** Every label that reaches this revision, not only those its own file declares. */
  readonly branch_labels: readonly string[];
  readonly message: string;
  readonly path: string;
  readonly is_head: boolean;
  /** Nothing names it in down_revision, but something depends on it. Implies `is_head`. */
  readonly is_effective_head_only_by_line: boolean;
  readonly is_base: boolean;
  readonly is_branch_point: boolean;
  readonly is_merge_point: boolean;
  /** Null when the database was not asked. */
  readonly is_current: boolean | null;
}

/** {@link RevisionReport} with what only `show` and `-v` print. */
export interface RevisionDetail extends RevisionReport {
  readonly doc: string;
  /** Children by down_revision, in code point order. */
  readonly children: readonly string[];
}

export interface StepReport {
  readonly direction: 'upgrade' | 'downgrade';
  readonly revision: string;
  readonly down_revision: readonly string[];
  readonly message: string;
  /** Wall time in milliseconds; absent in a plan, which runs nothing. */
  readonly duration_ms?: number;
}

/** What `upgrade` and `downgrade` did, or with `plan: true` would do. */
export interface RunReport {
  readonly plan: boolean;
  readonly heads_before: readonly string[];
  readonly heads_after: readonly string[];
  readonly steps: readonly StepReport[];
  readonly warnings: readonly string[];
}

export interface StampReport {
  readonly heads_before: readonly string[];
  readonly heads_after: readonly string[];
}

export interface HistoryReport {
  /** Newest first. */
  readonly revisions: readonly RevisionDetail[];
  /** Rows of the database that no file has, as the journal knows them; none when the database was not asked. */
  readonly gone: readonly GoneRevision[];
}

export interface HeadsReport {
  readonly revisions: readonly RevisionDetail[];
}

/** A revision that is applied here and that no file has, as the journal knows it. */
export interface GoneRevision {
  readonly revision: string;
  /** ISO 8601, UTC. */
  readonly applied_at: string;
  /** "ada@host pid 4711". */
  readonly applied_by: string;
  /** Where its file was; null when the journal did not keep that. */
  readonly path: string | null;
}

export interface CurrentReport {
  /** The database with its password masked. */
  readonly database: string;
  readonly revisions: readonly RevisionDetail[];
  /** Rows of the version table that no file has. */
  readonly unknown: readonly string[];
  /** What the journal knows of those. */
  readonly gone: readonly GoneRevision[];
  readonly is_at_heads: boolean;
}

export interface BranchReport {
  readonly revision: RevisionDetail;
  readonly children: readonly RevisionDetail[];
}

export interface BranchesReport {
  readonly branches: readonly BranchReport[];
}

export type RevisionState = 'applied' | 'pending' | 'missing';

export interface StatusReport {
  readonly database: string;
  /** Rows of the version table. */
  readonly current: readonly string[];
  readonly heads: readonly string[];
  /** Oldest first; `missing` ones, which the database holds and no file has, come last. */
  readonly revisions: readonly {
    readonly revision: RevisionReport | null;
    readonly id: string;
    readonly state: RevisionState;
  }[];
  /** What the journal knows of the `missing` ones. */
  readonly gone: readonly GoneRevision[];
  /** What `upgrade heads` would run, in order. */
  readonly pending: readonly string[];
}

/** One row of the journal. */
export interface LogEntryReport {
  readonly id: number;
  readonly run_id: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly event: string;
  readonly revision: string | null;
  readonly direction: 'upgrade' | 'downgrade' | null;
  readonly message: string | null;
  readonly statement: number | null;
  readonly sql: string | null;
  readonly checksum: string | null;
  readonly duration_ms: number | null;
  readonly actor: string;
  readonly tool: string;
}

export interface LogReport {
  readonly database: string;
  /** Newest first. */
  readonly entries: readonly LogEntryReport[];
}

/** A revision that a run left half-done. */
export interface HalfDoneReport {
  readonly revision: string;
  readonly direction: 'upgrade' | 'downgrade';
  readonly started_at: string;
  readonly actor: string;
  readonly statements: readonly {
    readonly number: number;
    readonly state: 'done' | 'in-doubt' | 'refused' | 'in-progress';
    readonly sql: string;
  }[];
}

export interface RepairReport {
  readonly database: string;
  /** What was found; null when nothing is half-done. */
  readonly half_done: HalfDoneReport | null;
  /** What was done about it; `none` when it was only shown. */
  readonly action: 'none' | 'resumed' | 'assumed-done' | 'marked-applied' | 'marked-reverted';
  readonly heads_after: readonly string[];
}

export interface VerifiedRevision {
  readonly revision: string;
  /**
   * - `unchanged`, `reformatted` (only comments or white space), `edited` (the file means something else now);
   * - `missing`: no file has it; `unknown`: neither a file nor the journal has it;
   * - `unrecorded`: the journal does not say what was applied, as after `stamp`.
   */
  readonly state: 'unchanged' | 'reformatted' | 'edited' | 'missing' | 'unknown' | 'unrecorded';
  readonly path: string | null;
  /** Null when the journal does not know. */
  readonly applied_at: string | null;
  readonly applied_by: string | null;
}

export interface VerifyReport {
  readonly database: string;
  /** Every applied revision: those that the journal knows, oldest first, then the others. */
  readonly revisions: readonly VerifiedRevision[];
  /** False when a revision is edited, missing or unknown. */
  readonly is_intact: boolean;
}

/** A file that was written. */
export interface CreatedRevision {
  readonly revision: string;
  readonly down_revision: readonly string[];
  readonly depends_on: readonly string[];
  readonly branch_labels: readonly string[];
  readonly message: string;
  readonly path: string;
}

export interface InitReport {
  readonly template: string;
  readonly created: readonly string[];
  /** Files that were there already and were left alone. */
  readonly kept: readonly string[];
  /** What is left to do by hand, one sentence each. */
  readonly advice: readonly string[];
}

export interface TemplateReport {
  readonly name: string;
  readonly description: string;
}
