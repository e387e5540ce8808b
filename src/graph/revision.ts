/** Line numbers (1-based) of the header fields of a revision file; a field that is not written has the line of `revision`. */
export interface HeaderLines {
  readonly revision: number;
  readonly downRevision: number;
  readonly branchLabels: number;
  readonly dependsOn: number;
}

/**
 * One revision as its file declares it. Plain data: nothing here has been checked against the other revisions.
 *
 * Ids and labels are opaque, case-sensitive text, exactly as written in the file: never numbers, never prefixes.
 */
export interface Revision {
  readonly id: string;
  /** Parents in the order written: none for a base, several for a merge point. */
  readonly downRevisions: readonly string[];
  /** Ids, or labels standing for the revision that declares them: they order, but make no lineage. */
  readonly dependsOn: readonly string[];
  /** Labels declared in this very file. */
  readonly branchLabels: readonly string[];
  /** First line of the doc comment; empty when there is none. */
  readonly message: string;
  /** The whole doc comment without its comment marks. */
  readonly doc: string;
  /** Path of the file as it is shown to people: relative to the working directory where that is shorter. */
  readonly path: string;
  readonly lines: HeaderLines;
}
