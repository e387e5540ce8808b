import type { Knex } from 'knex';
import type { RowValue } from './sql-value.ts';

/** What knex has to be told, or corrected in, before it compiles a table for a dialect. */
export interface BuildRules {
  readonly literal: (value: RowValue) => string;
  /** The literal of a comment; throws for what the database would not keep. */
  readonly comment: (text: string) => string;
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
   * Stacks of the places where an insert, update or delete was built and never awaited, since the last call. knex
   * runs a query only when it is awaited, so a forgotten await loses it without a word.
   */
  takeForgotten(): readonly Error[];
}
