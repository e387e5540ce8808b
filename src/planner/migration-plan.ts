import type { Revision } from '../graph/revision.ts';

/**
 * How a step changes the rows of the version table: the difference of two sets, nothing else.
 *
 * `update` replaces one row by another in one statement; `remove` and `insert` are what is left over when one side
 * has more rows. Within each list ids are in code point order. A row is named in exactly one place.
 */
export interface VersionChange {
  readonly remove: readonly string[];
  readonly update: readonly { readonly from: string; readonly to: string }[];
  readonly insert: readonly string[];
}

export interface PlanStep {
  readonly direction: 'upgrade' | 'downgrade';
  readonly revision: Revision;
  readonly versionChange: VersionChange;
}

/** What a run will do. No steps is a valid plan: the database is already there. */
export interface MigrationPlan {
  /** Rows of the version table when the run starts, in code point order. */
  readonly headsBefore: readonly string[];
  readonly headsAfter: readonly string[];
  readonly steps: readonly PlanStep[];
  /** Things a person should know that do not stop the run, for instance redundant rows that the first step removes. */
  readonly warnings: readonly string[];
}

/** What `stamp` will do: rows change, no revision runs. */
export interface StampPlan {
  readonly headsBefore: readonly string[];
  readonly headsAfter: readonly string[];
  readonly versionChange: VersionChange;
}
