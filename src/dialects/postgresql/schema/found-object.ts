import type { Need, SchemaObject, Written } from '../../../schema/snapshot.ts';
import { quoteTable } from '../quote.ts';
import type { ColumnRow } from './schema-rows.ts';

/** An object before it is known what it needs. */
export interface Found {
  readonly object: SchemaObject;
  /** What it needs beside its owner and what the catalogue says. */
  readonly needs?: readonly Need[];
}

/** An object of which the definition says everything; what it needs is found later. */
export function written(
  given: Pick<Written, 'id' | 'kind' | 'schema' | 'name'> & Partial<Pick<Written, 'owner' | 'shape'>>,
  definition: readonly string[],
  ...removal: readonly string[]
): Written {
  return { owner: null, shape: [], meaning: null, ...given, needs: [], definition, removal };
}

/** The name with its schema, as SQL. */
export function qualified({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return quoteTable({ schema, name });
}

/** Another object as a whole. */
export function whole(object: string): Need {
  return { object, part: null };
}

/** With its collation, when it is not the type's own. */
export function typeOf({ type, collation }: ColumnRow): string {
  return collation === null ? type : `${type} COLLATE ${collation}`;
}

/** A storage parameter as the catalogue has it, `name=value`, in a list that is parsed. */
export function setting(text: string): string {
  const at = text.indexOf('=');
  const value = text.slice(at + 1);
  return `${text.slice(0, at)}=${/^[\w.]+$/.test(value) ? value : `'${value.replaceAll("'", "''")}'`}`;
}
