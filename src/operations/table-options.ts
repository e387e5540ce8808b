/** Options every operation on a table takes. */
export interface TableOptions {
  /** Schema of the object; without it the connection's default. SQLite takes an attached database. */
  readonly schema?: string;
}

/** The options with the schema settled, for a record. */
export function settled<T extends TableOptions>(
  options: T | undefined,
): Omit<T, 'schema'> & { readonly schema: string | null } {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every member of T but its own is optional too
  const { schema = null, ...rest } = options ?? ({} as T);
  return { ...rest, schema };
}
