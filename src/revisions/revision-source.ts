/**
 * What the text of a revision file says about itself, or why that cannot be told without running it.
 *
 * `not-static`: a field is an expression (the caller loads the file and asks the module).
 * `invalid`: the text can never be a revision (no `revision` at all, an id that is a number, an unknown SQL marker).
 */
export type HeaderReading =
  | { readonly kind: 'header'; readonly header: RevisionHeader }
  | { readonly kind: 'not-static'; readonly line: number; readonly reason: string }
  | { readonly kind: 'not-a-revision'; readonly line: number; readonly reason: string };

/** The header of a revision file, fields as written; see graph/revision.ts for their meaning. */
export interface RevisionHeader {
  readonly revision: string;
  readonly downRevisions: readonly string[];
  readonly dependsOn: readonly string[];
  readonly branchLabels: readonly string[];
  readonly doc: string;
  /** 1-based lines; a field that is not written has the line of `revision`. */
  readonly lines: {
    readonly revision: number;
    readonly downRevision: number;
    readonly branchLabels: number;
    readonly dependsOn: number;
  };
}
