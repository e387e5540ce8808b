import {
  condition,
  either,
  fields,
  flag,
  kinds,
  name,
  nullable,
  oneOf,
  optional,
  someOf,
  sql,
} from './argument-rules.ts';

/** What a foreign key does with the rows that refer to a row which is deleted, or whose key changes. */
export type ReferentialAction = 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default';

interface ConstraintOptions {
  /**
   * Without it `<table>_<columns>_<unique|foreign>`, or `<table>_pkey`, as knex names them. Null for none: SQLite then keeps
   * the constraint without a name, and a server gives it one.
   */
  readonly name?: string | null;
}

/** Checked at the end of the transaction, always or on request. PostgreSQL; foreign keys on SQLite too. */
interface Deferral {
  readonly deferrable?: boolean;
  /** Implies `deferrable`. */
  readonly initiallyDeferred?: boolean;
}

export interface PrimaryKey extends ConstraintOptions, Deferral {
  readonly kind: 'primaryKey';
  readonly columns: readonly string[];
}

export interface Unique extends ConstraintOptions, Deferral {
  readonly kind: 'unique';
  readonly columns: readonly string[];
  /** Two NULLs count as equal. PostgreSQL 15. */
  readonly nullsNotDistinct?: boolean;
}

export interface ForeignKey extends ConstraintOptions, Deferral {
  readonly kind: 'foreignKey';
  readonly columns: readonly string[];
  readonly references: {
    readonly table: string;
    readonly schema?: string;
    /** Without them the primary key. PostgreSQL and SQLite. */
    readonly columns?: readonly string[];
  };
  readonly onDelete?: ReferentialAction;
  readonly onUpdate?: ReferentialAction;
  /** Leaves the rows that are there unchecked until `op.validateConstraint`. PostgreSQL. */
  readonly notValid?: boolean;
}

export interface Check {
  readonly kind: 'check';
  /** Null for none, which leaves it to a server to name it. */
  readonly name: string | null;
  /** The condition, as SQL. */
  readonly expression: string;
  /** Leaves the rows that are there unchecked until `op.validateConstraint`. PostgreSQL. */
  readonly notValid?: boolean;
}

/** No two rows for which every comparison is true. PostgreSQL. */
export interface Exclusion extends Deferral {
  readonly kind: 'exclusion';
  readonly name: string;
  /** Index method, such as `gist`. */
  readonly method: string;
  /** `expression` is a column's name where `column` is given, else SQL; `operator` is `=`, `&&` … */
  readonly elements: readonly (
    { readonly column: string; readonly operator: string } | { readonly expression: string; readonly operator: string }
  )[];
  /** Condition, as SQL. */
  readonly where?: string;
}

/** A constraint as a revision writes it. */
export type Constraint = PrimaryKey | Unique | ForeignKey | Check | Exclusion;

/** A constraint whose name is settled: null for one that shall have none. */
export type NamedConstraint = Constraint & { readonly name: string | null };

/** What `dropConstraint` drops. MySQL before 8.0.19 and knex-made tables need to know. */
export type ConstraintKind = Constraint['kind'];

/** The constraint under its own name, or the one knex would give it. */
export function named(table: string, constraint: Constraint): NamedConstraint {
  switch (constraint.kind) {
    case 'primaryKey':
      return { ...constraint, name: nameOr(constraint, `${table}_pkey`) };
    case 'unique':
      return { ...constraint, name: nameOr(constraint, `${table}_${constraint.columns.join('_')}_unique`) };
    case 'foreignKey':
      return { ...constraint, name: nameOr(constraint, `${table}_${constraint.columns.join('_')}_foreign`) };
    default:
      return constraint;
  }
}

function nameOr({ name }: ConstraintOptions, usual: string): string | null {
  return name === undefined ? usual : name;
}

const deferral = { deferrable: optional(flag), initiallyDeferred: optional(flag) };
const optionalName = optional(nullable(name));
const action = optional(oneOf('no action', 'restrict', 'cascade', 'set null', 'set default'));
const references = fields<ForeignKey['references']>({
  table: name,
  schema: optional(name),
  columns: optional(someOf(name)),
});
type Element = Exclusion['elements'][number];
const element = either(
  fields<Extract<Element, { readonly column: string }>>({ column: name, operator: name }),
  fields<Extract<Element, { readonly expression: string }>>({ expression: sql, operator: name }),
);

export const constraintRule = kinds<ConstraintKind>({
  primaryKey: (kind) => fields<PrimaryKey>({ kind, name: optionalName, columns: someOf(name), ...deferral }),
  unique: (kind) =>
    fields<Unique>({
      kind,
      name: optionalName,
      columns: someOf(name),
      nullsNotDistinct: optional(flag),
      ...deferral,
    }),
  foreignKey: (kind) =>
    fields<ForeignKey>({
      kind,
      name: optionalName,
      columns: someOf(name),
      references,
      onDelete: action,
      onUpdate: action,
      notValid: optional(flag),
      ...deferral,
    }),
  check: (kind) => fields<Check>({ kind, name: nullable(name), expression: sql, notValid: optional(flag) }),
  exclusion: (kind) =>
    fields<Exclusion>({ kind, name, method: name, elements: someOf(element), where: optional(condition), ...deferral }),
});

export const constraintKinds: readonly ConstraintKind[] = ['primaryKey', 'unique', 'foreignKey', 'check', 'exclusion'];
