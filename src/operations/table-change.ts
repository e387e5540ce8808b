import type { Knex } from 'knex';
import {
  callback,
  either,
  fields,
  flag,
  name,
  nullable,
  oneOf,
  optional,
  sql,
  text,
  valueOrSql,
} from './argument-rules.ts';
import type { ConstraintKind, NamedConstraint } from './constraint.ts';
import type { ValueOrSql } from './sql-value.ts';

/** Describes columns with knex's table builder: `(t) => t.string('phone', 20)`. */
export type ColumnBuild = (table: Knex.AlterTableBuilder) => unknown;

/** What is to become of a column. What is left out stays as it is. */
export interface ColumnChanges {
  /** SQL, such as `numeric(10, 2)`, or knex's builder, of which only the type counts: `(t) => t.decimal('price', 10, 2)`. */
  readonly type?: string | ColumnBuild;
  /** How the present values become values of the new type, as SQL. PostgreSQL and, in a rebuilt table, SQLite. */
  readonly using?: string;
  readonly nullable?: boolean;
  /** A value, SQL as `{ sql: 'now()' }`, or null for no default. */
  readonly default?: ValueOrSql | null;
  /** Null for none. SQLite has no comments. */
  readonly comment?: string | null;
  /** Null for none of its own: a text then has that of its type, its table or its database. */
  readonly collation?: string | null;
  /** PostgreSQL's GENERATED … AS IDENTITY; null makes it an ordinary column. */
  readonly identity?: 'always' | 'by default' | null;
  /** The SQL a generated column is computed from; null makes it an ordinary column that keeps its values. */
  readonly generated?: { readonly expression: string; readonly stored?: boolean } | null;
  /** MySQL's AUTO_INCREMENT and SQLite's AUTOINCREMENT. */
  readonly autoincrement?: boolean;
}

/** One of the changes that one ALTER TABLE, or one rebuild, makes. They take effect in their order. */
export type TableChange =
  | { readonly kind: 'addColumn'; readonly build: ColumnBuild; readonly ifNotExists: boolean }
  | { readonly kind: 'dropColumn'; readonly column: string; readonly ifExists: boolean }
  | { readonly kind: 'renameColumn'; readonly from: string; readonly to: string }
  | { readonly kind: 'alterColumn'; readonly column: string; readonly to: ColumnChanges }
  | { readonly kind: 'addConstraint'; readonly constraint: NamedConstraint; readonly ifNotExists: boolean }
  | {
      readonly kind: 'dropConstraint';
      readonly name: string;
      /** Null when the revision does not say. */
      readonly type: ConstraintKind | null;
      readonly ifExists: boolean;
    }
  | { readonly kind: 'renameConstraint'; readonly from: string; readonly to: string };

/** Whether SQLite makes the table anew: where it must (`auto`), in any case, or never, which refuses what needs it. */
export type Recreate = 'auto' | 'always' | 'never';

/** Every change of a table that is not left to knex: `op.batchAlterTable`, and batches of one. */
export interface ChangeTable {
  readonly kind: 'changeTable';
  readonly table: string;
  readonly schema: string | null;
  readonly changes: readonly TableChange[];
  readonly recreate: Recreate;
  /**
   * Takes the way that never holds a lock for long, at the price of several transactions: constraints as NOT VALID and
   * then validated, NOT NULL through a validated check, unique through an index built concurrently. PostgreSQL; the
   * other dialects make the same change plainly.
   */
  readonly safe: boolean;
}

export const columnChangesRule = fields<ColumnChanges>({
  type: optional(either(callback, sql)),
  using: optional(sql),
  nullable: optional(flag),
  default: optional(nullable(valueOrSql)),
  comment: optional(nullable(text)),
  collation: optional(nullable(name)),
  identity: optional(nullable(oneOf('always', 'by default'))),
  generated: optional(
    nullable(fields<NonNullable<ColumnChanges['generated']>>({ expression: sql, stored: optional(flag) })),
  ),
  autoincrement: optional(flag),
});
