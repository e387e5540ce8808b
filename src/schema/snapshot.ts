/**
 * A schema as plain data, read back from a real database: expressions, bodies and definitions are the server's own
 * rendering of them, so that two snapshots of one dialect can be compared text by text. No rows, no owners, no counters.
 */
export interface Snapshot {
  readonly dialect: 'sqlite' | 'postgresql' | 'mysql';
  /** In code point order of their ids. */
  readonly objects: readonly SchemaObject[];
  /** What is in the database and not in the snapshot, such as `operator public.===`, in code point order. */
  readonly unread: readonly string[];
}

export type SchemaObject = Table | Sequence | Enum | Domain | Composite | Written | Grant;
export type ObjectKind = SchemaObject['kind'];

interface ObjectBase {
  /** `table public.users`, unique in a snapshot; see {@link objectId}. */
  readonly id: string;
  /** Null where the connection's database or file is meant: on SQLite and MySQL. */
  readonly schema: string | null;
  readonly name: string;
  /** Id of what it is dropped with: the table of an index, what a comment is on. */
  readonly owner: string | null;
  /** What must be there before it, its owner among it; in code point order, never itself. */
  readonly needs: readonly Need[];
}

/** An object that another one needs, and which part of it. */
export interface Need {
  readonly object: string;
  /** Name of a column or of a {@link TableItem}; null for the object as a whole. */
  readonly part: string | null;
}

export interface Table extends ObjectBase {
  readonly kind: 'table';
  /** In the order of the table. */
  readonly columns: readonly Column[];
  /** In the order of the database's own text of the table, or of their names. */
  readonly items: readonly TableItem[];
  /** Everything else, by the name the dialect has for it: storage, partitioning, row security. */
  readonly options: Readonly<Record<string, string>>;
  /** The whole CREATE TABLE as SQLite keeps it, never compared; null elsewhere, where the parts make it up. */
  readonly text: string | null;
  /**
   * Ids of other tables that it reads better behind, though it does not need them: on SQLite those of its foreign keys, which
   * are objects of their own elsewhere. Never compared.
   */
  readonly refersTo?: readonly string[];
}

export interface Column {
  readonly name: string;
  /** As the database writes it: `character varying(20)`, `varchar(20)`, `INTEGER`; empty for none, on SQLite. */
  readonly type: string;
  readonly nullable: boolean;
  /** SQL; null for none. */
  readonly default: string | null;
  readonly generated: { readonly expression: string; readonly stored: boolean } | null;
  /** How the database numbers it by itself: `GENERATED … AS IDENTITY`, `AUTO_INCREMENT`; null when it does not. */
  readonly identity: string | null;
  /** All that stands behind the name in a CREATE TABLE; on SQLite without what does not count and what is an item. */
  readonly definition: string;
  /** All of it as it was written, with what is an item: on SQLite only, never compared. */
  readonly written?: string;
}

/** What an ALTER TABLE adds and drops beside columns; on MySQL its indexes too, since a key may not come later there. */
export interface TableItem {
  readonly kind: 'primaryKey' | 'unique' | 'check' | 'exclusion' | 'foreignKey' | 'index' | 'period';
  /** Null for a constraint without a name, on SQLite. */
  readonly name: string | null;
  /** Its columns in order; empty for a check. */
  readonly columns: readonly string[];
  /** As it stands between the commas of a CREATE TABLE, with its name; on SQLite without what does not count. */
  readonly definition: string;
  /** On SQLite only, never compared. */
  readonly written?: WrittenItem;
}

/** A constraint as SQLite keeps it. */
export interface WrittenItem {
  /** Without its name. */
  readonly text: string;
  /** The column that it stands behind; null for one of the table. */
  readonly column: string | null;
  /** What `op.dropConstraint` finds it by. */
  readonly findName: string;
}

export interface Sequence extends ObjectBase {
  readonly kind: 'sequence';
  /** `INCREMENT BY` and the like, by the words that set them. */
  readonly options: Readonly<Record<string, string>>;
}

export interface Enum extends ObjectBase {
  readonly kind: 'enum';
  readonly values: readonly string[];
}

export interface Domain extends ObjectBase {
  readonly kind: 'domain';
  readonly type: string;
  readonly nullable: boolean;
  readonly default: string | null;
  readonly checks: readonly { readonly name: string; readonly definition: string }[];
}

/** A composite type. */
export interface Composite extends ObjectBase {
  readonly kind: 'composite';
  readonly attributes: readonly { readonly name: string; readonly type: string }[];
}

/** An object of which the statement that creates it says everything. */
export interface Written extends ObjectBase {
  readonly kind: (typeof writtenKinds)[number];
  /** The statements that create it, without terminators. */
  readonly definition: readonly string[];
  /** The statements that drop it; none for what only ever goes with its owner. */
  readonly removal: readonly string[];
  /** What is compared where it is not the definition: on SQLite, which keeps it as it was written, comments and all. */
  readonly meaning: string | null;
  /**
   * What CREATE OR REPLACE cannot change: the result and the parameters of a function. It can add to the end of the
   * columns of a view, no more. Empty for what is never replaced.
   */
  readonly shape: readonly string[];
}

/** What one role may do with one object, where that is not what it may anyhow. Only in snapshots that were asked for it. */
export interface Grant extends Omit<Written, 'kind'> {
  readonly kind: 'grant';
  /** A role, on MySQL `name@host` too; `PUBLIC` is everybody. */
  readonly grantee: string;
  readonly on: GrantTarget;
  /** In code point order of their names; none where what everybody has by itself was taken away. */
  readonly privileges: readonly GrantedPrivilege[];
  /** What the grantee has when nothing is said, in code point order. */
  readonly usual: readonly string[];
}

/** What a right is on: an object or a column of it; or all objects of a kind that are yet to come. */
export interface GrantTarget {
  readonly kind: 'table' | 'sequence' | 'schema' | 'function' | 'procedure' | 'type' | 'database' | 'newObjects';
  readonly schema: string | null;
  /** Of the object. For new objects what they are, such as `TABLES`. Null for the database of the connection. */
  readonly name: string | null;
  readonly column: string | null;
  /** Types of the parameters of a routine, where they tell it from others. */
  readonly parameters: string | null;
  /** Whose new objects; null for those of the user who is connected. */
  readonly role: string | null;
}

export interface GrantedPrivilege {
  /** `SELECT`, `CREATE TEMPORARY TABLES`. */
  readonly name: string;
  /** True for one that may be passed on. On MySQL all of an object's are, or none. */
  readonly grantable: boolean;
}

export const writtenKinds = [
  'schema',
  'extension',
  'collation',
  'range',
  'function',
  'procedure',
  'aggregate',
  'sequenceOwner',
  'index',
  'view',
  'materializedView',
  'partition',
  'indexPartition',
  'foreignKey',
  'statistics',
  'rule',
  'trigger',
  'policy',
  'event',
  'virtualTable',
  'comment',
] as const;

/** The id of an object: its kind and its name with what it is inside of. Names that are no plain words are quoted. */
export function objectId(kind: string, ...path: readonly (string | null)[]): string {
  const names = path.filter((name) => name !== null);
  return `${kind} ${names.map((name) => (/^\w+$/.test(name) ? name : JSON.stringify(name))).join('.')}`;
}
