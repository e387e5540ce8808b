import type { Knex } from 'knex';

/** knex bound to one dialect and one session: it compiles; the session runs. */
export interface SchemaBuilder {
  /** What revisions see as `op.knex`. */
  readonly knex: Knex;
  /**
   * Stacks of the places where an insert, update or delete was built and never awaited, since the last call. knex
   * runs a query only when it is awaited, so a forgotten await loses it without a word.
   */
  takeForgotten(): readonly Error[];
}
