import type { StatementLimits } from '../dialects/limits.ts';
import type { Operations } from '../operations/operations.ts';

/** What one direction of a revision runs, and what identifies the file it came from. */
export type RevisionBody = (CodeBody | SqlBody) & {
  readonly path: string;
  /** What the revision sets for its own statements; null where it sets nothing. */
  readonly limits: StatementLimits;
  /** Checksum of what the file means: comments, white space, line ends and BOM do not count. */
  readonly checksum: string;
  /** Checksum of its bytes. */
  readonly exactChecksum: string;
  /** The whole text of the file, kept in the journal beside what was applied. */
  readonly source: string;
};

/** A function of the revision's module. */
interface CodeBody {
  readonly kind: 'code';
  readonly run: (op: Operations) => unknown;
}

/** The text of a SQL section. */
interface SqlBody {
  readonly kind: 'sql';
  readonly text: string;
  /** 1-based line of the file on which the text begins. */
  readonly firstLine: number;
  /** False for a section that asked to run outside a transaction. */
  readonly transaction: boolean;
}
