import type { Revision } from './revision.ts';

/**
 * The checked history: a directed acyclic graph over positions 0 … n-1.
 *
 * Positions are a topological order, parents before children, which is also the order in which revisions are applied:
 * a whole branch before the next one, ties by id in code point order. It depends on the revisions alone, never on the
 * order in which files were found. All lists of positions are ascending unless said otherwise.
 *
 * *Line* relations follow down_revision only; *needs* follow down_revision and depends_on.
 */
export interface RevisionGraph {
  readonly revisions: readonly Revision[];
  readonly positionOf: ReadonlyMap<string, number>;
  /** Branch label to the position of the revision that declares it. */
  readonly labels: ReadonlyMap<string, number>;
  /** Parents by down_revision, in the order written. */
  readonly parents: readonly (readonly number[])[];
  /** Parents by down_revision and depends_on, without repeats, down_revision first. */
  readonly needs: readonly (readonly number[])[];
  /** Children by down_revision. */
  readonly children: readonly (readonly number[])[];
  /** Children by down_revision and depends_on. */
  readonly dependents: readonly (readonly number[])[];
}
