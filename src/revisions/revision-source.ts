/**
 * What the text of a revision file says about itself, or why that cannot be told without running it.
 *
 * `not-static`: a field is an expression, or the text is not understood (the caller loads the file and asks the module).
 * `doc` is the first doc comment outside all brackets, without its marks, or ''.
 * `not-a-revision`: the text can never be a revision (no `revision` at all, an id that is a number, a field twice in SQL).
 */
export type HeaderReading =
  | { readonly kind: 'header'; readonly header: RevisionHeader }
  | { readonly kind: 'not-static'; readonly line: number; readonly reason: string; readonly doc: string }
  | { readonly kind: 'not-a-revision'; readonly line: number; readonly reason: string };

/** What the first part of a revision file says; `incomplete` asks for the whole text. */
export type HeaderStartReading = HeaderReading | { readonly kind: 'incomplete' };

/** The header of a revision file, fields as written; see graph/revision.ts for their meaning. */
export interface RevisionHeader {
  readonly revision: string;
  readonly downRevisions: readonly string[];
  readonly dependsOn: readonly string[];
  readonly branchLabels: readonly string[];
  /** Without comment marks; lines joined with \n; empty when the file has none. Its first non-empty line is the message. */
  readonly doc: string;
  /** 1-based lines; a field that is not written has the line of `revision`. */
  readonly lines: {
    readonly revision: number;
    readonly downRevision: number;
    readonly branchLabels: number;
    readonly dependsOn: number;
  };
}
