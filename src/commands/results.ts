import type { Snapshot } from '../schema/snapshot.ts';

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
  /** What a plan found half-done, or under way in another run; null after a run, which finishes it or fails. */
  readonly half_done: HalfDoneReport | null;
}

export interface StampReport {
  readonly heads_before: readonly string[];
  readonly heads_after: readonly string[];
}

/** Scripts that were saved into files. */
export interface ScriptReport {
  readonly heads_before: readonly string[];
  readonly heads_after: readonly string[];
  readonly files: readonly { readonly path: string; readonly revisions: readonly string[] }[];
  readonly warnings: readonly string[];
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
  /** What a run left half-done, or has under way. */
  readonly half_done: HalfDoneReport | null;
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
  /** Oldest first; `missing` ones, which are applied and no file has, come last. */
  readonly revisions: readonly {
    readonly revision: RevisionReport | null;
    readonly id: string;
    readonly state: RevisionState;
  }[];
  /** What the journal knows of the `missing` ones that are rows. */
  readonly gone: readonly GoneRevision[];
  /** What a run left half-done, or has under way. */
  readonly half_done: HalfDoneReport | null;
  /** What `upgrade heads` would run, in order; it is refused while a revision is missing. */
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
  /** Who holds the migration lock, so that it may be under way; null when nobody does, and after something was done. */
  readonly held_by: string | null;
  /** What was done about it; `none` when it was only shown, and when the answer did not fit what is there. */
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
  /** What a run left half-done, or has under way. */
  readonly half_done: HalfDoneReport | null;
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

export interface ChangeReport {
  readonly kind: 'rename' | 'create' | 'alter' | 'drop';
  /** Kind and name, as `table public.users`; what was asked for in a rename. */
  readonly object: string;
  readonly statements: readonly string[];
  /** What is lost with the rows of these. */
  readonly loses: readonly string[];
}

/** What differs from the target. */
export interface CheckReport {
  /** What was compared with it. */
  readonly from: 'database' | 'revisions';
  readonly changes: readonly ChangeReport[];
  /** What rows that are there may have against the changes, a clause each: what would fail, and on which of them. */
  readonly cautions: readonly string[];
  /** True when no revision is missing. */
  readonly is_in_step: boolean;
}

/** How a database differs from what its applied revisions make. */
export interface DriftReport {
  readonly database: string;
  /** Rows of the version table, without those that another one implies. */
  readonly current: readonly string[];
  /** True when no revision is pending. */
  readonly is_at_heads: boolean;
  /** What makes the schema of the revisions into that of the database. */
  readonly changes: readonly ChangeReport[];
  /** True when the database is what its revisions make. */
  readonly is_in_step: boolean;
  /** True when the changes are those that the pending revisions make: only the version table is behind. */
  readonly is_only_unrecorded: boolean;
  /** What a run left half-done, or has under way: its statements count as differences. */
  readonly half_done: HalfDoneReport | null;
}

/** Why a revision did not pass its test. */
export interface TestFailure {
  /** The move at which it did not: a function of its test file, or a run of the revision. */
  readonly at: 'before' | 'upgrade' | 'after' | 'downgrade' | 'afterDowngrade' | 'second-upgrade';
  readonly reason: string;
  /** File and line, where the move itself failed. */
  readonly where: string | null;
  /** What differs from the schema that should be there; none when something else is wrong. */
  readonly changes: readonly ChangeReport[];
}

export interface TestedRevision {
  readonly revision: string;
  readonly message: string;
  readonly path: string;
  /** Null for a revision without one. */
  readonly test_file: string | null;
  /** `irreversible`: it has no downgrade, and was applied once. `not-reached`: what it needs cannot be applied. */
  readonly outcome: 'ok' | 'failed' | 'irreversible' | 'not-reached';
  /** Null unless it failed. */
  readonly failure: TestFailure | null;
}

export interface TestReport {
  /** The database beside which the scratch databases were. */
  readonly database: string;
  /** In the order in which they are applied. */
  readonly revisions: readonly TestedRevision[];
  /** False when one failed or was not reached, and for a strict test also when one is irreversible. */
  readonly is_ok: boolean;
}

/** What `revision --autogenerate` found and wrote. */
export interface AutogenerateReport {
  /** Null when there was nothing to do. */
  readonly created: CreatedRevision | null;
  readonly changes: readonly ChangeReport[];
  /** What rows that are there may have against the changes, a clause each: what would fail, and on which of them. */
  readonly cautions: readonly string[];
}

/** What `drift --adopt` found and wrote. */
export interface AdoptReport extends AutogenerateReport {
  readonly database: string;
  /** True when the revision was recorded as applied to this database. */
  readonly stamped: boolean;
}

/** What makes one schema into another. */
export interface DiffReport {
  /** As they were asked for. */
  readonly from: string;
  readonly to: string;
  /** In the order in which they have to be carried out; none when there is no difference. */
  readonly changes: readonly ChangeReport[];
  /** What rows that are there may have against the changes, a clause each: what would fail, and on which of them. */
  readonly cautions: readonly string[];
  /** All of them as a script for psql, mariadb or sqlite3, which ends at the first error. */
  readonly sql: string;
  /** The same as the body of a revision: calls of `op`. It has not been run, as a generated revision has. */
  readonly operations: string;
}

/** The types of rows. */
export interface TypesReport {
  /** The database that was asked, or beside which the scratch database was. */
  readonly database: string;
  /** The target that was asked for; null for the schema of the database itself. */
  readonly revision: string | null;
  /** The file that was written; null for none. */
  readonly path: string | null;
  /** A TypeScript module. */
  readonly types: string;
  /** Tables and views that knex has no name for, as `table public.a.b`. */
  readonly left_out: readonly string[];
}

/** A schema as SQL and as data. */
export interface DumpReport {
  /** The database that was asked, or beside which the scratch database was. */
  readonly database: string;
  /** The target that was asked for; null for the schema of the database itself. */
  readonly revision: string | null;
  /** Equal for schemas that are the same, whatever order their columns have. */
  readonly fingerprint: string;
  /** A script for psql, mariadb or sqlite3. */
  readonly sql: string;
  /** Without what is left out. */
  readonly snapshot: Snapshot;
  /** What is left out, and needed by something that is not: in code point order. */
  readonly missing: readonly string[];
}
