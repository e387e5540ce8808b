/* What the queries of schema-queries.ts answer with. Numbers of objects (oids) only ever serve as keys. */

export type Oid = number | string;

export interface NamedRow {
  readonly oid: Oid;
  readonly schema: string;
  readonly name: string;
}

export interface TypeRow extends NamedRow {
  readonly array_oid: Oid;
  /** e an enum, d a domain, r a range. */
  readonly kind: string;
  readonly labels: readonly string[];
  readonly base: string;
  readonly required: boolean;
  readonly default: string | null;
  readonly collation: string | null;
  readonly checks: readonly { readonly oid: Oid; readonly name: string; readonly definition: string }[] | null;
  /** What stands between the parentheses of a range type. */
  readonly range: string | null;
}

export interface CollationRow extends NamedRow {
  readonly entry: Readonly<Record<string, string | boolean | null>>;
}

export interface RelationRow extends NamedRow {
  readonly type_oid: Oid;
  readonly array_oid: Oid | null;
  /** r a table, p a partitioned one, v a view, m a materialized one, c a composite type. */
  readonly kind: string;
  readonly persistence: string;
  readonly storage: readonly string[] | null;
  readonly toast_storage: readonly string[] | null;
  readonly row_security: boolean;
  readonly force_row_security: boolean;
  readonly replica_identity: string;
  readonly method: string | null;
  /** The composite type that a table is made of. */
  readonly of_type: string | null;
  readonly partition_by: string | null;
  readonly bound: string | null;
  readonly parents: readonly string[];
  readonly query: string | null;
}

export interface ColumnRow {
  readonly relation: Oid;
  readonly number: number;
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  /** a always, d by default, else empty. */
  readonly identity: string;
  /** s stored, else empty. */
  readonly generated: string;
  /** False for a column that comes from a parent only. */
  readonly own: boolean;
  readonly default: string | null;
  readonly collation: string | null;
  readonly storage: string | null;
  readonly statistics: number | null;
  readonly options: readonly string[];
  readonly compression: string | null;
}

export interface SequenceRow extends NamedRow {
  readonly type: string;
  readonly start: string;
  readonly increment: string;
  readonly max: string;
  readonly min: string;
  readonly cache: string;
  readonly cycle: boolean;
  readonly owner: Oid | null;
  readonly owner_column: number | null;
  /** a goes with a column, i is the identity of one. */
  readonly owner_kind: string | null;
}

export interface ConstraintRow {
  readonly oid: Oid;
  readonly relation: Oid;
  readonly index: Oid;
  readonly name: string;
  readonly kind: string;
  readonly definition: string;
  readonly columns: readonly number[] | null;
  readonly parent: Oid;
  readonly own: boolean;
  readonly target: Oid;
}

export interface IndexRow extends NamedRow {
  readonly relation: Oid;
  readonly definition: string;
  readonly is_identity: boolean;
  readonly is_clustered: boolean;
  readonly is_valid: boolean;
  /** One of a partitioned table, which is valid when all partitions have it. */
  readonly is_partitioned: boolean;
  readonly storage: readonly string[] | null;
  /** `2 SET STATISTICS 100` and the like, by the numbers of its columns. */
  readonly settings: readonly string[];
  readonly parent: Oid | null;
  readonly of_constraint: boolean;
}

export interface RoutineRow extends NamedRow {
  readonly kind: string;
  readonly arguments: string;
  readonly result: string | null;
  readonly definition: string | null;
  readonly aggregate: Readonly<Record<string, string | boolean | number | null>> | null;
}

/** A trigger or a rule. */
export interface TriggerRow {
  readonly oid: Oid;
  readonly relation: Oid;
  readonly name: string;
  readonly definition: string;
  /** O as usual, D disabled, R on a replica, A always. */
  readonly enabled: string;
}

export interface PolicyRow {
  readonly oid: Oid;
  readonly relation: Oid;
  readonly name: string;
  readonly command: string;
  readonly permissive: boolean;
  readonly using: string | null;
  readonly with_check: string | null;
  readonly roles: readonly string[];
}

export interface StatisticsRow extends NamedRow {
  readonly relation: Oid;
  /** Null or negative for the usual. */
  readonly target: number | null;
  readonly definition: string;
}

export interface CommentRow {
  readonly catalogue: Oid;
  readonly oid: Oid;
  readonly number: number;
  readonly text: string;
}

export interface DependencyRow {
  readonly catalogue: Oid;
  readonly oid: Oid;
  readonly needed_catalogue: Oid;
  readonly needed: Oid;
  readonly part: number;
}

/** The whole catalogue, one list for each query. */
export interface RightRow {
  readonly grantee: string;
  readonly name: string;
  readonly grantable: boolean;
  /** Null where it can be revoked by whoever asks, or by the owner. */
  readonly grantor: string | null;
}

/** Lists are null instead of empty, and leave the owner out. */
export interface GrantRow {
  readonly catalogue: string;
  readonly oid: Oid;
  /** Of a column; 0 for the object as a whole. */
  readonly number: number;
  readonly schema: string | null;
  readonly name: string;
  readonly holder: Oid | null;
  readonly held: readonly RightRow[] | null;
  readonly usual: readonly RightRow[] | null;
  /** Of the server, as 150004. */
  readonly version: number;
}

export interface DefaultGrantRow extends Pick<GrantRow, 'held' | 'usual' | 'schema'> {
  /** Null for the user who asks. */
  readonly role: string | null;
  /** As pg_default_acl has it: r, S, f, T, n. */
  readonly kind: string;
}

export interface Catalogue {
  readonly schemas: readonly { readonly oid: Oid; readonly name: string }[];
  readonly extensions: readonly NamedRow[];
  readonly members: readonly { readonly catalogue: Oid; readonly oid: Oid; readonly extension: Oid }[];
  readonly types: readonly TypeRow[];
  readonly collations: readonly CollationRow[];
  readonly relations: readonly RelationRow[];
  readonly columns: readonly ColumnRow[];
  readonly sequences: readonly SequenceRow[];
  readonly constraints: readonly ConstraintRow[];
  readonly indexes: readonly IndexRow[];
  readonly routines: readonly RoutineRow[];
  readonly triggers: readonly TriggerRow[];
  readonly rules: readonly TriggerRow[];
  readonly policies: readonly PolicyRow[];
  readonly statistics: readonly StatisticsRow[];
  readonly comments: readonly CommentRow[];
  readonly dependencies: readonly DependencyRow[];
  readonly catalogues: readonly { readonly oid: Oid; readonly name: string }[];
  readonly defaults: readonly { readonly oid: Oid; readonly relation: Oid }[];
  readonly unread: readonly { readonly name: string }[];
  /** Only when they were asked for. */
  readonly grants?: readonly GrantRow[];
  readonly defaultGrants?: readonly DefaultGrantRow[];
}
