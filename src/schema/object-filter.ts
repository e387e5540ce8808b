import { nearest } from '../support/text.ts';
import { writtenKinds, type ObjectKind, type SchemaObject, type Snapshot } from './snapshot.ts';

/** Which objects count. */
export interface ObjectFilter {
  /** Only these, where there are any. */
  readonly include: readonly ObjectPattern[];
  readonly exclude: readonly ObjectPattern[];
}

/** `table:legacy_*`, `*:audit.*`, `legacy_*`. */
export interface ObjectPattern {
  /** As it was written. */
  readonly text: string;
  /** Null for every kind. */
  readonly kind: ObjectKind | null;
  readonly name: RegExp;
}

const kinds: readonly ObjectKind[] = ['table', 'sequence', 'enum', 'domain', 'composite', 'grant', ...writtenKinds];

/**
 * `kind:name`, or a name alone for every kind. In a name `*` is any text and `?` one character; it is that of the object, with
 * its schema or without. A text says what is wrong.
 */
export function parsePattern(text: string): ObjectPattern | string {
  const at = text.indexOf(':');
  const [kind, glob] = at === -1 ? ['*', text] : [text.slice(0, at), text.slice(at + 1)];
  if (glob === '') return 'it is not of the form kind:name';
  const known = kinds.find((one) => one === kind);
  if (kind !== '*' && known === undefined) {
    const near = nearest(kind, kinds);
    return `there is no kind "${kind}" (${near === null ? `known are ${kinds.join(', ')}` : `did you mean ${near}?`})`;
  }
  const source = glob
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return { text, kind: known ?? null, name: new RegExp(`^${source}$`, 's') };
}

/** Ids of what does not count. What hangs on an object goes with it: indexes, triggers, keys, comments, its own sequences. */
export function leftOutOf(snapshot: Snapshot, { include, exclude }: ObjectFilter): ReadonlySet<string> {
  const byId = new Map(snapshot.objects.map((object) => [object.id, object]));
  const holders = new Map<string, string>();
  for (const object of snapshot.objects) {
    if (object.owner === null) continue;
    holders.set(object.id, object.owner);
    if (object.kind !== 'sequenceOwner') continue;
    for (const { object: id } of object.needs) if (id !== object.owner) holders.set(id, object.owner);
  }
  const meets = (object: SchemaObject, patterns: readonly ObjectPattern[]): boolean => {
    if (patterns.some((pattern) => matches(object, pattern))) return true;
    const holder = byId.get(holders.get(object.id) ?? '');
    return holder !== undefined && meets(holder, patterns);
  };
  return new Set(
    snapshot.objects
      .filter((object) => (include.length > 0 && !meets(object, include)) || meets(object, exclude))
      .map(({ id }) => id),
  );
}

/** Patterns that meet nothing in any of the schemas: likely a slip. */
export function unmatched({ include, exclude }: ObjectFilter, snapshots: readonly Snapshot[]): readonly string[] {
  const objects = snapshots.flatMap((snapshot) => snapshot.objects);
  return [...include, ...exclude]
    .filter((pattern) => !objects.some((object) => matches(object, pattern)))
    .map(({ text }) => text);
}

function matches({ kind, schema, name }: SchemaObject, pattern: ObjectPattern): boolean {
  if (pattern.kind !== null && pattern.kind !== kind) return false;
  return pattern.name.test(name) || (schema !== null && pattern.name.test(`${schema}.${name}`));
}
