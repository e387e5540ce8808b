import type { Knex } from 'knex';
import type { RowValue } from './sql-value.ts';

/** What knex's builder was told of an index, a key or a foreign key beside its columns and its name. */
export interface KeyOptions {
  readonly kind: 'index' | 'unique' | 'primary' | 'foreign';
  readonly deferrable?: string;
  /** True for a partial index. */
  readonly partial: boolean;
  /** `FULLTEXT`, `unique` … */
  readonly indexType?: string;
  /** `btree`, `gin` … */
  readonly method?: string;
  readonly onDelete?: string;
  readonly onUpdate?: string;
}

/** What knex has to be told, or corrected in, before it compiles a table for a dialect. */
export interface BuildRules {
  readonly literal: (value: RowValue) => string;
  /** The literal of a comment; throws for what the database would not keep. */
  readonly comment: (text: string) => string;
  /** The name of a collation as knex is to write it. */
  readonly collation: (name: string) => string;
  /** Throws for what knex would leave out of a key or an index without a word. */
  readonly checkKey: (key: KeyOptions) => void;
  /** Throws for a name in a compiled statement that the database would cut, such as one that knex has made up. */
  readonly checkNames: (sql: string) => void;
  /** The literal of a value of an enum; throws for what the database would not keep. */
  readonly enumValue: (text: string) => string;
  /** Throws for what cannot be a name here. */
  readonly quoteIdentifier: (name: string) => string;
  /** A text, blob or JSON column takes a default only as an expression in parentheses; knex leaves it out. */
  readonly defaultsInParentheses: boolean;
  /** Types that knex gives as another one, by its own name for them. */
  readonly types: Readonly<Record<string, (...args: readonly unknown[]) => string>>;
}

/** knex bound to one dialect and one session: it compiles; the session runs. */
export interface SchemaBuilder {
  /** What revisions see as `op.knex`. */
  readonly knex: Knex;
  readonly rules: BuildRules;
  /**
   * Stacks of the places where a query that changes something was built and never awaited, since the last call. knex
   * runs a query only when it is awaited, so a forgotten await loses it without a word.
   */
  takeForgotten(): readonly Error[];
}
