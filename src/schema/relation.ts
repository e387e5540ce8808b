/** What programs read from and write to: a table or a view, as knex and its driver give and take the values. */
export interface Relation {
  /** Id of the object in the snapshot. */
  readonly id: string;
  /** Null on SQLite and MySQL. */
  readonly schema: string | null;
  readonly name: string;
  /** False for a view. */
  readonly isWritable: boolean;
  /** In the order of the table. */
  readonly columns: readonly RelationColumn[];
}

/** A column in TypeScript: types are its text, {@link ValueType}'s with `null` where there may be one. */
export interface RelationColumn {
  readonly name: string;
  readonly read: string;
  /** Null for what the database fills by itself and takes no value for. */
  readonly write: string | null;
  /** True when an insert may leave it out. */
  readonly isOptional: boolean;
}

/** Text of the TypeScript types of a value; `JsonInput` and `Interval` may be used. */
export interface ValueType {
  /** What a query gives. */
  readonly read: string;
  /** What an insert or an update takes. */
  readonly write: string;
}

/** A value that is given as it is taken. */
export function both(type: string): ValueType {
  return { read: type, write: type };
}

/** The types of values of which each may be missing. */
export function orNull({ read, write }: ValueType): ValueType {
  return { read: read === 'unknown' ? read : `${read} | null`, write: write === 'unknown' ? write : `${write} | null` };
}

/** A union of texts; a set without any has no value at all. */
export function unionOf(values: readonly string[]): string {
  return values.length === 0 ? 'never' : values.map(textLiteral).join(' | ');
}

/** A text as TypeScript writes it, in the quotes that need fewer escapes. */
export function textLiteral(text: string): string {
  const written = JSON.stringify(text);
  if (text.includes("'") && !text.includes('"')) return written;
  return `'${written
    .slice(1, -1)
    .replaceAll('\\"', '"')
    .replaceAll("'", String.raw`\'`)}'`;
}

/** A column of a view: it may be without a value, and nothing is written to it. */
export function viewColumn(name: string, type: ValueType): RelationColumn {
  return { name, read: orNull(type).read, write: null, isOptional: true };
}
