/** The file format "revision-graph-conformance/1", as far as it is checked. */
export interface VectorFile {
  readonly format: 'revision-graph-conformance/1';
  readonly cases: readonly VectorCase[];
}

export interface VectorCase {
  readonly id: string;
  readonly about?: string;
  readonly tags: readonly string[];
  readonly revisions: readonly VectorRevision[];
  readonly facts?: GraphFacts;
  readonly unstable_facts?: readonly string[];
  readonly graph_error?: string;
  readonly commands: readonly VectorRecord[];
}

export interface VectorRevision {
  readonly id: string;
  readonly down?: readonly string[];
  readonly deps?: readonly string[];
  readonly labels?: readonly string[];
}

export interface GraphFacts {
  readonly heads: readonly string[];
  readonly real_heads: readonly string[];
  readonly bases: readonly string[];
  readonly real_bases: readonly string[];
  readonly branch_points: readonly string[];
  readonly merge_points: readonly string[];
  readonly labels: Readonly<Record<string, readonly string[]>>;
}

export type VectorStep = readonly ['up' | 'down', string];

type VectorCommand =
  | 'upgrade'
  | 'downgrade'
  | 'stamp'
  | 'current'
  | 'heads'
  | 'branches'
  | 'history'
  | 'show'
  | 'plan-upgrade'
  | 'plan-downgrade'
  | 'plan-stamp'
  | 'revision'
  | 'merge';

/** What a record asks for: everything a tool needs to run it. */
export interface VectorRequest {
  readonly cmd: VectorCommand;
  readonly target?: string | readonly string[];
  readonly api_only?: true;
  readonly range?: string;
  readonly purge?: true;
  readonly check_heads?: true;
  readonly resolve_dependencies?: true;
  readonly fail_in?: VectorStep;
  readonly tx?: 'single' | 'per-migration' | 'none';
  readonly rev_id?: string;
  readonly head?: string;
  readonly splice?: true;
  readonly depends_on?: string;
  readonly branch_label?: string;
  readonly before: readonly string[];
}

export interface CreatedFile {
  readonly id: string;
  readonly down: readonly string[];
  readonly deps: readonly string[];
  readonly labels: readonly string[];
}

/** A record: the request and what the reference did. */
export interface VectorRecord extends VectorRequest {
  readonly ok: boolean;
  readonly error?: { readonly category: string; readonly group: string; readonly also?: readonly string[] };
  readonly steps?: readonly VectorStep[];
  readonly order_is_forced?: boolean;
  readonly ids?: readonly string[];
  readonly branch_points?: Readonly<Record<string, readonly string[]>>;
  readonly plan_start?: readonly string[];
  readonly plan_rows?: readonly string[];
  readonly created?: CreatedFile;
  readonly rows: readonly string[];
  readonly quirk?: true;
  readonly note?: string;
  readonly about?: string;
}

/** Reads the text of a vector file. Throws when it is not one; the records themselves are trusted. */
export function parseVectorFile(text: string): VectorFile {
  const value: unknown = JSON.parse(text);
  if (!isVectorFile(value)) throw new Error('not a file of format revision-graph-conformance/1');
  return value;
}

function isVectorFile(value: unknown): value is VectorFile {
  if (typeof value !== 'object' || value === null) return false;
  return (
    'format' in value &&
    value.format === 'revision-graph-conformance/1' &&
    'cases' in value &&
    Array.isArray(value.cases)
  );
}
