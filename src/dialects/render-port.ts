import type { SchemaBuilder } from '../operations/schema-builder.ts';
import type { Row } from './connection.ts';

/**
 * Reads from the database while an operation is rendered, in the revision's transaction. The session runs it as it runs
 * every query: when a half-done revision is replayed it answers as it did the first time, so that the same statements
 * come out. Ask for text and numbers only: an answer with dates or bytes in it is not kept.
 */
export type Ask = (sql: string, bindings?: readonly unknown[]) => Promise<readonly Row[]>;

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
