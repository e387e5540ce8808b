import { isAludelError } from '../../src/support/aludel-error.ts';
import type { ErrorCode } from '../../src/support/error-catalog.ts';
import type {
  CreatedFile,
  GraphFacts,
  VectorCase,
  VectorRecord,
  VectorRequest,
  VectorRevision,
  VectorStep,
} from './vector-file.ts';

/** A tool under test: the pure planner, or the whole tool on a live database. */
export interface ConformanceAdapter {
  readonly name: string;
  /** Why a record cannot be asked of this tool (a column that ignores case, an id too long), or null when it can. */
  skips?(vectorCase: VectorCase, record: VectorRecord): string | null;
  /** Makes the history of one case. A broken history is no reason to throw: every command on it has to say so. */
  open(revisions: readonly VectorRevision[]): Promise<ConformanceSession>;
}

export interface ConformanceSession {
  /** The shape of the history, where the tool can tell. */
  facts?(): Promise<GraphFacts>;
  /** Writes `before` into the version table, runs the command, reports. Never throws. */
  run(request: VectorRequest): Promise<Outcome>;
  close(): Promise<void>;
}

/** What a command did. */
export interface Outcome {
  readonly ok: boolean;
  /** The group of the error, by the table in the conformance README; "internal" for what is no typed error. */
  readonly errorGroup?: string;
  readonly errorText?: string;
  /** Bodies that ran to their end, in order. */
  readonly steps?: readonly VectorStep[];
  /** Rows after each of the steps, where the tool can tell. */
  readonly trace?: readonly (readonly string[])[];
  readonly ids?: readonly string[];
  readonly branchPoints?: Readonly<Record<string, readonly string[]>>;
  readonly planStart?: readonly string[];
  readonly planRows?: readonly string[];
  readonly created?: CreatedFile;
  /** Rows of the version table afterwards. */
  readonly rows: readonly string[];
}

const groups: Partial<Record<ErrorCode, string>> = {
  'usage.syntax': 'syntax',
  'history.broken': 'bad-graph',
  'target.unknown': 'not-found',
  'target.ambiguous-name': 'ambiguous-name',
  'target.multiple-heads': 'ambiguous-target',
  'target.ambiguous-walk': 'ambiguous-target',
  'target.ambiguous-current': 'ambiguous-target',
  'target.out-of-range': 'out-of-range',
  'target.not-related': 'not-related',
  'target.overlapping': 'overlapping',
  'revision.not-a-head': 'not-a-head',
  'revision.invalid': 'bad-graph',
  'database.unknown-revision': 'not-found',
  'database.not-at-head': 'not-up-to-date',
  'database.version-mismatch': 'version-table',
  'migration.failed': 'migration-failed',
};

/** The error group of the README for a code of ours and the facts that came with it. */
function groupOfCode(code: ErrorCode, facts: Readonly<Record<string, unknown>>): string {
  if (code === 'revision.invalid' && facts['reason'] === 'duplicate-parents') return 'not-a-head';
  return groups[code] ?? code;
}

/** The failed outcome for whatever was thrown. */
export function failedOutcome(thrown: unknown, rows: readonly string[], rest: Partial<Outcome> = {}): Outcome {
  const errorGroup = isAludelError(thrown) ? groupOfCode(thrown.code, thrown.facts) : 'internal';
  const errorText = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return { ok: false, errorGroup, errorText, rows, ...rest };
}
