import type { SchemaBuilder } from '../../operations/schema-builder.ts';
import type { Row } from '../connection.ts';

/**
 * Reads from the database while an operation is rendered, in the revision's transaction. The session runs it as it runs
 * every query: when a half-done revision is replayed it answers as it did the first time, so that the same statements
 * come out. Ask for text and numbers only: an answer with dates or bytes in it is not kept.
 *
 * A script has nobody to ask; what is to be done then is said by `unanswered`.
 */
export type Ask = (sql: string, bindings?: readonly unknown[], unanswered?: Unanswered) => Promise<readonly Row[]>;

/** What is done where there is no database to ask. */
export interface Unanswered {
  /** What to write so that nothing need be asked. */
  readonly instead: string;
  /** Taken for the answer, where it is known what it comes to. */
  readonly assume?: readonly Row[];
}

/** Asks what `ifExists` or `ifNotExists` wants to know. `otherwise` is another way out for a script. */
export function whetherItExists(ask: Ask, otherwise = ''): Ask {
  const instead = 'Write { ifExists: !op.offline }, or ifNotExists: a script begins at a revision that is known.';
  return (sql, bindings) => ask(sql, bindings, { instead: instead + otherwise });
}

/** A value of an answer as text; null stays null. */
export function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What a dialect has at hand to render an operation. */
export interface RenderPort {
  readonly builder: SchemaBuilder;
  readonly ask: Ask;
}
