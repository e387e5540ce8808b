/** A value in a row to insert: what drivers take as a binding, plus plain objects and arrays, which become JSON. */
export type RowValue = string | number | bigint | boolean | null | Date | Uint8Array | readonly unknown[] | object;

/** SQL that goes into a statement as it is written: `{ sql: 'now()' }`. */
export interface RawSql {
  readonly sql: string;
}

/** A value that becomes a literal in the text of a statement, or SQL as it is written. */
export type ValueOrSql = string | number | bigint | boolean | Date | Uint8Array | RawSql;

/** True for `{ sql: … }`. What `op.knex.raw` makes without bindings counts too. */
export function isRawSql(value: ValueOrSql): value is RawSql {
  return typeof value === 'object' && 'sql' in value;
}
