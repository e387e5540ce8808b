import { byCodePoint } from '../support/text.ts';
import type { SchemaObject, Snapshot } from './snapshot.ts';

/**
 * A snapshot as text, equal for schemas that are the same: the same bytes on every run and machine. The order of columns
 * does not count, since no ALTER reaches it, nor does what SQLite keeps beside the meaning.
 */
export function comparableText({ dialect, objects }: Snapshot): string {
  return JSON.stringify({ dialect, objects: objects.map(comparable) });
}

/** One object the same way. What it needs follows from what it is. */
export function comparable(object: SchemaObject): unknown {
  const { needs: _needs, ...rest } = object;
  if (rest.kind === 'table') {
    const { text: _text, refersTo: _refersTo, ...table } = rest;
    return {
      ...table,
      columns: table.columns.map(({ name, definition }) => `${name} ${definition}`).toSorted(byCodePoint),
      items: table.items.map(({ definition }) => definition).toSorted(byCodePoint),
      options: Object.entries(table.options).toSorted(([a], [b]) => byCodePoint(a, b)),
    };
  }
  if (rest.kind === 'composite') {
    return { ...rest, attributes: rest.attributes.map(({ name, type }) => `${name} ${type}`).toSorted(byCodePoint) };
  }
  if (rest.kind === 'sequence')
    return { ...rest, options: Object.entries(rest.options).toSorted(([a], [b]) => byCodePoint(a, b)) };
  if ('definition' in rest && rest.meaning !== null) return { ...rest, definition: [] };
  return rest;
}
